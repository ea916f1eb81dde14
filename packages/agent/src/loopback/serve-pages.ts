import { randomBytes, randomUUID } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyHelmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import {
  chooseLanguage,
  LANGUAGES,
  NONCE_PLACEHOLDER,
  PairToken,
  Problem,
  pagePolicy,
  SIGNED_IN_PATH,
} from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { Pairing } from './pairing.ts'
import { expectOwnUser } from './peer.ts'
import { renderProblems } from './render-problems.ts'
import { parse, SCREEN_ACTIONS, type ScreenDoor } from './screen-door.ts'

/**
 * The agent's own pages, on 127.0.0.1 alone. Rules, each with an attack behind it: no cookie; a token in the fragment, good
 * once; the bearer value on every request; the exact Host; the page's own Origin; no CORS; another user of this computer is
 * refused; an ephemeral port, or a refusal to start.
 */

/** The pages, served. */
export interface Pages {
  readonly url: string
  /** The address that opens the unblock screen, with a token that is good once for a minute. */
  pageAddress(): string
  /** A file of mode 0600 that leads a browser there, so that no token stands on a command line. */
  writeOpener(path: string): void
  close(): Promise<void>
}

/** How long a question for the state is held open. */
const HOLD_MS = 25_000

export async function servePages(
  door: ScreenDoor,
  options: { webFolder: string; port?: number; now: () => Date },
): Promise<Pages> {
  const pairing = new Pairing(options.now)
  const app: FastifyInstance = Fastify({
    bodyLimit: 16 * 1024,
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
  })
  const holds = new AbortController()
  let host = ''

  renderProblems(app)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    if (request.headers.host !== host) throw new Problem('foreign-page')
    expectOwnUser(request.socket.remotePort, request.socket.localPort)
  })
  await servePage(app, options.webFolder)

  const guard = (request: FastifyRequest) => {
    const { origin } = request.headers
    const site = request.headers['sec-fetch-site']
    const isOwnOrigin = origin === `http://${host}` || (origin === undefined && request.method === 'GET')
    if (!isOwnOrigin || (site !== undefined && site !== 'same-origin')) throw new Problem('foreign-page')
  }
  const paired = async (request: FastifyRequest) => {
    guard(request)
    pairing.expectBearer(request.headers.authorization)
  }
  app.post('/pair', { onRequest: async (request) => guard(request) }, async (request) => {
    const { token } = parse(PairToken, request.body)
    return { bearer: pairing.exchange(token) }
  })
  app.get('/state', { onRequest: paired }, async (request) => {
    const after = Number((request.query as { after?: string }).after ?? 0)
    const signal = AbortSignal.any([AbortSignal.timeout(HOLD_MS), holds.signal])
    return door.state(Number.isFinite(after) ? after : 0, signal)
  })
  // Whoever sends a browser here has no bearer: what it brings must bear what was drawn for the question that is open.
  app.get(SIGNED_IN_PATH, async (request, reply) => {
    const query = request.url.slice(request.url.indexOf('?') + 1)
    const wanted = request.headers['accept-language']?.split(/[,;]/) ?? []
    const { signedIn } = MESSAGES[chooseLanguage(wanted) ?? LANGUAGES[0]].selfService
    const words = await door.act('/unblock/signed-in', { query }).then(
      () => signedIn.done,
      () => signedIn.refused,
    )
    const page = `<!doctype html><meta charset="utf-8"><title>Unlatch</title><h1>${words.title}</h1><p>${words.text}</p>`
    return reply.type('text/html; charset=utf-8').header('content-security-policy', "default-src 'none'").send(page)
  })
  for (const action of SCREEN_ACTIONS) {
    app.post(action, { onRequest: paired }, async (request, reply) => {
      await door.act(action, request.body)
      return reply.code(204).send()
    })
  }

  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  const address = app.server.address()
  host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : options.port}`
  const pageAddress = () => `http://${host}/#${pairing.makeToken()}`
  return {
    url: `http://${host}`,
    pageAddress,
    writeOpener(path) {
      // A file that was there keeps its mode: only a new one is ours alone.
      rmSync(path, { force: true })
      writeFileSync(path, `<meta http-equiv="refresh" content="0;url=${pageAddress()}">\n`, { mode: 0o600, flag: 'wx' })
    },
    async close() {
      holds.abort()
      await app.close()
    },
  }
}

async function servePage(app: FastifyInstance, webFolder: string): Promise<void> {
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: false,
  })
  await app.register(fastifyStatic, {
    root: join(webFolder, 'assets'),
    prefix: '/assets/',
    index: false,
    cacheControl: false,
  })
  app.get('/', async (_request, reply) => {
    const page = await readFile(join(webFolder, 'unblock-screen.html'), 'utf8').catch((cause) => {
      throw new Problem('not-found', { detail: 'the pages are not built: npm run build', cause })
    })
    const nonce = randomBytes(16).toString('base64')
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', pagePolicy(nonce))
      .send(page.replaceAll(NONCE_PLACEHOLDER, nonce))
  })
}
