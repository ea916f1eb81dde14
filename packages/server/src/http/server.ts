import { randomUUID } from 'node:crypto'
import fastifyRateLimit from '@fastify/rate-limit'
import type { ConnectionTested, ServerStatus, SignedClientConfiguration, WayBegun } from '@unlatch/contract'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify'
import type { Config } from '../config.ts'
import type { World } from '../operations/operation.ts'
import type { AgentChannel } from '../ports/agents.ts'
import type { Directory } from '../ports/directory.ts'
import type { WriteEvidenceSheet } from '../ports/evidence-sheet.ts'
import type { IdentityProvider } from '../ports/identity-provider.ts'
import { type Actor, ANYBODY } from '../records/actors.ts'
import { findAgentByKey } from '../records/agents/views.ts'
import { serveAgentChannel } from './agent-channel.ts'
import { AgentSignatures, proofOf } from './agent-signature.ts'
import type { Route } from './doors.ts'
import { servePages } from './pages.ts'
import { renderProblems } from './problem.ts'
import { routes } from './routes.ts'
import { addCookies, expectOwnPage, operatorOf } from './session.ts'
import { TLS_OPTIONS, type TlsFiles } from './tls.ts'

/** Octets of a request's body; the largest honest one is a personalisation's answers. */
const BODY_LIMIT = 128 * 1024

/** Builds the HTTP server; it listens when told to. */
export async function buildServer(options: {
  world: World
  config: Config
  log: FastifyBaseLogger
  tls?: TlsFiles | undefined
  channel: AgentChannel
  status: Omit<ServerStatus, 'isThreatRaised'>
  clientConfiguration: () => Promise<SignedClientConfiguration>
  testConnection: (wish: object, actor: Actor) => Promise<ConnectionTested>
  sendCode: (wish: object, actor: Actor) => Promise<WayBegun>
  directory: Directory
  provider: IdentityProvider
  writeEvidenceSheet: WriteEvidenceSheet
}): Promise<FastifyInstance> {
  const { world, config, log, tls, channel, status, ...rest } = options
  const app: FastifyInstance = Fastify({
    ...(tls && { https: { ...TLS_OPTIONS, ...tls } }),
    loggerInstance: log,
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 100 },
    requestTimeout: 30_000,
  })
  closeWhatBecomesIdle(app)
  renderProblems(app)
  keepBodyForSignatures(app)
  await app.register(fastifyRateLimit, { max: config.isDemo ? 100_000 : 1200, timeWindow: '1 minute' })
  await addCookies(app)
  const isHttps = tls !== undefined || config.origin?.startsWith('https:') === true
  await servePages(app, config.webFolder, isHttps)

  const find = (publicKeyHex: string) => findAgentByKey(world.database.reads, publicKeyHex)
  const signatures = new AgentSignatures({ configured: config.agents, find })
  await serveAgentChannel(app, { world, channel, signatures, version: status.version })
  const proofIn = (request: FastifyRequest) => proofOf(request, bodies.get(request.raw) ?? '')
  const actorOf = async (route: Route, request: FastifyRequest): Promise<Actor> => {
    if (route.caller === 'agent') {
      return signatures.actorOf(proofIn(request), world.clock.now())
    }
    expectOwnPage(request)
    return route.caller === 'anybody' ? ANYBODY : operatorOf(world, request)
  }
  const newcomerOf = (request: FastifyRequest) => signatures.newcomerOf(proofIn(request), world.clock.now())
  const { folder } = config
  for (const route of routes(world, { ...rest, folder, status, newcomerOf })) {
    const options = {
      method: route.method,
      url: route.path,
      async handler(request: FastifyRequest, reply: FastifyReply) {
        const actor = await actorOf(route, request)
        const answer = await route.answer(request, reply, actor)
        reply.header('cache-control', 'no-store').code(route.status)
        return answer
      },
    }
    if (route.largestFile === undefined) app.route(options)
    else {
      // A file is read only from somebody who is signed in.
      const onRequest = async (request: FastifyRequest) => void (await actorOf(route, request))
      await takeFile(app, { ...options, bodyLimit: route.largestFile, onRequest })
    }
  }
  return app
}

/** A route whose body is a file. */
async function takeFile(app: FastifyInstance, route: RouteOptions): Promise<void> {
  await app.register((room, _, done) => {
    room.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, taken) =>
      taken(null, body),
    )
    room.route(route)
    done()
  })
}

const bodies = new WeakMap<object, string>()

/** JSON is the only body there is; its text is kept, since agents sign it. */
function keepBodyForSignatures(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    bodies.set(request.raw, body as string)
    if (body === '') done(null, {})
    else void parse(request, body as string, done)
  })
}

/** How often a server that stops looks for connections on which nothing is under way any more. */
const CLOSING_LOOK_MS = 100

/**
 * A stopping server answers what is under way, and closes what is idle; a connection that becomes idle after that would be kept
 * for its whole time, and the server with it.
 */
function closeWhatBecomesIdle(app: FastifyInstance): void {
  app.addHook('preClose', async () => {
    const looking = setInterval(() => app.server.closeIdleConnections(), CLOSING_LOOK_MS)
    looking.unref()
    app.server.once('close', () => clearInterval(looking))
  })
}
