import { randomBytes, randomUUID } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyHelmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import {
  ChangePin,
  DeclineSigning,
  EnterCryptogram,
  InsertCard,
  NONCE_PLACEHOLDER,
  PairToken,
  PROBLEMS,
  Problem,
  pagePolicy,
  problemType,
  SetNewPin,
  SetPinWithPuc,
  type SignJob,
  SignWithCard,
  type UnblockJob,
} from '@unlatch/contract'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { CardSignature } from '../tasks/sign-statement.ts'
import type { JobNews } from '../tasks/unblock-connected.ts'
import { Pairing } from './pairing.ts'
import { expectOwnUser } from './peer.ts'
import type { ScreenTools } from './screen-tools.ts'
import { UnblockScreen } from './unblock-screen.ts'

/**
 * The agent's own pages, on 127.0.0.1 alone. Rules, each with an attack behind it: no cookie; a token in the fragment, good
 * once; the bearer value on every request; the exact Host; the page's own Origin; no CORS; another user of this computer is
 * refused; an ephemeral port, or a refusal to start.
 */

/** The pages, served. */
export interface Loopback {
  readonly url: string
  /** The address that opens the unblock screen, with a token that is good once for a minute. */
  pageAddress(): string
  /** A file of mode 0600 that leads a browser there, so that no token stands on a command line. */
  writeOpener(path: string): void
  /** Shows what an operator asks for, and sees it through. Errors as `UnblockScreen.unblock`. */
  unblock(job: UnblockJob, news: JobNews): Promise<void>
  /** The same for what an operator is to sign with a card. Errors as `UnblockScreen.sign`. */
  sign(job: SignJob, news: JobNews): Promise<CardSignature>
  close(): Promise<void>
}

/** How long a question for the state is held open. */
const HOLD_MS = 25_000

export async function openLoopback(
  tools: ScreenTools,
  options: { webFolder: string; port?: number },
): Promise<Loopback> {
  const screen = new UnblockScreen(tools)
  const pairing = new Pairing(tools.now)
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
  const act = (path: string, work: (body: unknown) => Promise<void>) =>
    app.post(path, { onRequest: paired }, async (request, reply) => {
      await work(request.body)
      return reply.code(204).send()
    })

  app.post('/pair', { onRequest: async (request) => guard(request) }, async (request) => {
    const { token } = parse(PairToken, request.body)
    return { bearer: pairing.exchange(token) }
  })
  app.get('/state', { onRequest: paired }, async (request) => {
    const after = Number((request.query as { after?: string }).after ?? 0)
    const signal = AbortSignal.any([AbortSignal.timeout(HOLD_MS), holds.signal])
    return screen.state(Number.isFinite(after) ? after : 0, signal)
  })
  act('/unblock/begin', () => screen.begin())
  act('/unblock/begin-with-puc', () => screen.beginWithPuc())
  act('/unblock/again', () => screen.again())
  act('/unblock/accept', () => screen.accept())
  act('/unblock/decline', () => screen.decline())
  act('/unblock/cryptogram', async (body) => {
    const { attemptId, sealed } = parse(EnterCryptogram, body)
    const typed = screen.seal.open(sealed, attemptId, 'cryptogram')
    try {
      await screen.enterCryptogram(attemptId, typed)
    } finally {
      typed.fill(0)
    }
  })
  act('/unblock/new-pin', async (body) => {
    const { attemptId, sealed, consent } = parse(SetNewPin, body)
    await screen.setNewPin(attemptId, screen.seal.open(sealed, attemptId, 'new-pin'), consent)
  })
  act('/unblock/puc', async (body) => {
    const { attemptId, puc, sealed, consent } = parse(SetPinWithPuc, body)
    const secrets = {
      puc: screen.seal.open(puc, attemptId, 'puc'),
      newPin: screen.seal.open(sealed, attemptId, 'new-pin'),
    }
    await screen.setPinWithPuc(attemptId, secrets, consent)
  })
  act('/pin/change', async (body) => {
    const { changeId, current, sealed, consent } = parse(ChangePin, body)
    const pins = {
      current: screen.seal.open(current, changeId, 'current-pin'),
      replacement: screen.seal.open(sealed, changeId, 'new-pin'),
    }
    await screen.changePin(changeId, pins, consent)
  })
  act('/sign', async (body) => {
    const { signId, pin, consent } = parse(SignWithCard, body)
    await screen.desk.enterPin(signId, screen.seal.open(pin, signId, 'operator-pin'), consent)
  })
  act('/sign/dismissal', async () => screen.desk.dismiss())
  act('/sign/decline', async (body) => screen.desk.decline(parse(DeclineSigning, body).signId))
  if (tools.panel) {
    const { panel } = tools
    act('/reader/insert', async (body) => panel.insert(parse(InsertCard, body).cardId))
    act('/reader/remove', async () => panel.remove())
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
    unblock: (job, news) => screen.unblock(job, news),
    sign: (job, news) => screen.sign(job, news),
    async close() {
      holds.abort()
      await screen.close()
      await app.close()
    },
  }
}

function parse<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  body: unknown,
): T {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw new Problem('input-invalid')
  return parsed.data
}

/** What the framework refuses, by its status. */
function problemOfStatus(status: number): Problem | undefined {
  if (status === 413) return new Problem('too-large')
  return status < 500 ? new Problem('input-invalid') : undefined
}

function renderProblems(app: FastifyInstance): void {
  app.setNotFoundHandler(() => {
    throw new Problem('not-found')
  })
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    reply.type('application/problem+json')
    const problem = error instanceof Problem ? error : problemOfStatus(error.statusCode ?? 500)
    if (!problem) {
      return reply.code(500).send({ type: 'about:blank', title: 'Internal error', status: 500, instance: request.id })
    }
    const { status, title } = PROBLEMS[problem.code]
    return reply
      .code(status)
      .send({ ...problem.facts, type: problemType(problem.code), title, status, instance: request.id })
  })
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
