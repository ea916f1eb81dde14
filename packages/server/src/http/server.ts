import { randomUUID } from 'node:crypto'
import fastifyRateLimit from '@fastify/rate-limit'
import type { ServerStatus, SignedClientConfiguration } from '@unlatch/contract'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import type { World } from '../operations/operation.ts'
import type { AgentChannel } from '../ports/agents.ts'
import { type Actor, ANYBODY } from '../records/actors.ts'
import { findAgentByKey } from '../records/agents/views.ts'
import { serveAgentChannel } from './agent-channel.ts'
import { AgentSignatures, proofOf } from './agent-signature.ts'
import { servePages } from './pages.ts'
import { renderProblems } from './problem.ts'
import { type Route, routes } from './routes.ts'
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
  status: ServerStatus
  clientConfiguration: () => Promise<SignedClientConfiguration>
  testConnection: (wish: object, actor: Actor) => Promise<void>
}): Promise<FastifyInstance> {
  const { world, config, log, tls, channel, status, clientConfiguration, testConnection } = options
  const app: FastifyInstance = Fastify({
    ...(tls && { https: { ...TLS_OPTIONS, ...tls } }),
    loggerInstance: log,
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 100 },
    requestTimeout: 30_000,
  })
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
  for (const route of routes(world, { folder, status, clientConfiguration, testConnection, newcomerOf })) {
    app.route({
      method: route.method,
      url: route.path,
      async handler(request, reply) {
        const actor = await actorOf(route, request)
        const answer = await route.answer(request, reply, actor)
        reply.header('cache-control', 'no-store').code(route.status)
        return answer
      },
    })
  }
  return app
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
