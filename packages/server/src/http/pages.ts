import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyHelmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import { Problem } from '@unlatch/contract'
import type { FastifyInstance } from 'fastify'

const nonces = new WeakMap<object, string>()

/** Serves the Operator Console with a content security policy that lets nothing in but its own files. */
export async function servePages(app: FastifyInstance, webFolder: string, isHttps: boolean): Promise<void> {
  const nonceSource = (_: unknown, reply: object) => {
    const nonce = nonces.get(reply) ?? randomBytes(16).toString('base64')
    nonces.set(reply, nonce)
    return `'nonce-${nonce}'`
  }
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", nonceSource],
        styleSrc: ["'self'", nonceSource],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isHttps,
  })
  await app.register(fastifyStatic, {
    root: join(webFolder, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    index: false,
  })
  let page: string | undefined
  const console = async (
    _: unknown,
    reply: { type(type: string): { header(name: string, value: string): { send(body: string): unknown } } },
  ) => {
    page ??= await readFile(join(webFolder, 'console.html'), 'utf8').catch((cause) => {
      throw new Problem('not-found', { detail: 'the pages are not built: npm run build', cause })
    })
    const nonce = nonces.get(reply) ?? ''
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(page.replaceAll('__NONCE__', nonce))
  }
  for (const path of ['/', '/sign-in', '/actions/*', '/problems/*']) app.get(path, console)
}
