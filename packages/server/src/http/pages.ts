import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyHelmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import { NONCE_PLACEHOLDER, Problem, pagePolicy } from '@unlatch/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Addresses that are pages of the console: it finds its own way from there. */
const PAGE_PATHS = [
  '/',
  '/set-up',
  '/account',
  '/actions/*',
  '/approvals',
  '/lifecycle/*',
  '/health',
  '/options/*',
  '/people',
  '/people/*',
  '/problems/*',
  '/help-desk',
  '/prove',
  '/templates/*',
]

/** Serves the Operator Console. */
export async function servePages(app: FastifyInstance, webFolder: string, isHttps: boolean): Promise<void> {
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: false,
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
  const answer = async (_request: FastifyRequest, reply: FastifyReply) => {
    page ??= await readFile(join(webFolder, 'console.html'), 'utf8').catch((cause) => {
      throw new Problem('not-found', { detail: 'the pages are not built: npm run build', cause })
    })
    const nonce = randomBytes(16).toString('base64')
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', pagePolicy(nonce))
      .send(page.replaceAll(NONCE_PLACEHOLDER, nonce))
  }
  for (const path of PAGE_PATHS) app.get(path, answer)
}
