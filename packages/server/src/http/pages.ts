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
  '/evidence/*',
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

/** Where the link of a notice leads: nobody who follows it is signed in. */
const NOT_ME_PATH = '/not-me'

/** Serves the Operator Console, and the page on which a cardholder says whether something was them. */
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
  const pages = new Map<string, string>()
  const read = async (name: string): Promise<string> => {
    const known = pages.get(name)
    if (known !== undefined) return known
    const page = await readFile(join(webFolder, name), 'utf8').catch((cause) => {
      throw new Problem('not-found', { detail: 'the pages are not built: npm run build', cause })
    })
    pages.set(name, page)
    return page
  }
  const answerWith = (name: string) => async (_request: FastifyRequest, reply: FastifyReply) => {
    const page = await read(name)
    const nonce = randomBytes(16).toString('base64')
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', pagePolicy(nonce))
      .send(page.replaceAll(NONCE_PLACEHOLDER, nonce))
  }
  for (const path of PAGE_PATHS) app.get(path, answerWith('console.html'))
  app.get(NOT_ME_PATH, answerWith('not-me.html'))
}
