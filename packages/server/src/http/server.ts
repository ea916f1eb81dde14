import { randomUUID } from 'node:crypto'
import fastifyRateLimit from '@fastify/rate-limit'
import type { ServerStatus, SignedClientConfiguration } from '@unlatch/contract'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import type { World } from '../operations/operation.ts'
import { type Actor, ANYBODY } from '../records/actors.ts'
import { AgentSignatures } from './agent-signature.ts'
import { servePages } from './pages.ts'
import { renderProblems } from './problem.ts'
import { type Route, routes } from './routes.ts'
import { addCookies, expectOwnPage, operatorOf } from './session.ts'

/** Octets of a request's body; the largest honest one is a personalisation's answers. */
const BODY_LIMIT = 128 * 1024

/** Builds the HTTP server; it listens when told to. */
export async function buildServer(options: {
  world: World
  config: Config
  log: FastifyBaseLogger
  status: ServerStatus
  clientConfiguration: () => Promise<SignedClientConfiguration>
}): Promise<FastifyInstance> {
  const { world, config, log, status, clientConfiguration } = options
  const app: FastifyInstance = Fastify({
    loggerInstance: log,
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 100 },
    requestTimeout: 30_000,
  })
  renderProblems(app)
  keepBodyForSignatures(app)
  await app.register(fastifyRateLimit, { max: config.isDemo ? 100_000 : 1200, timeWindow: '1 minute' })
  await addCookies(app)
  const isHttps = config.origin?.startsWith('https:') ?? false
  await servePages(app, config.webFolder, isHttps)

  const signatures = new AgentSignatures(config.agents)
  const actorOf = async (route: Route, request: FastifyRequest): Promise<Actor> => {
    if (route.caller === 'agent') return signatures.actorOf(request, bodies.get(request.raw) ?? '', world.clock.now())
    expectOwnPage(request)
    return route.caller === 'anybody' ? ANYBODY : operatorOf(world, request)
  }
  for (const route of routes(world, status, clientConfiguration)) {
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
