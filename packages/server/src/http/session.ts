import fastifyCookie from '@fastify/cookie'
import fastifySession, { type SessionStore } from '@fastify/session'
import { Problem } from '@unlatch/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Database } from '../db/open.ts'
import type { Clock } from '../ports/clock.ts'
import type { Actor } from '../records/actors.ts'
import { actorOf, findOperatorById } from '../records/operators/views.ts'
import { deleteSession, findSession, writeSession } from '../records/sessions/sessions.ts'

declare module 'fastify' {
  interface Session {
    operatorId?: string
  }
}

/** Sessions of the Operator Console: a cookie that holds an id, and everything else on the server. */
export async function addSessions(
  app: FastifyInstance,
  options: { database: Database; clock: Clock; secret: string; hours: number; isHttps: boolean },
): Promise<void> {
  const { database, clock, secret, hours, isHttps } = options
  const lifetimeMs = hours * 3_600_000
  const store: SessionStore = {
    get(id, callback) {
      findSession(database, id, clock.now(), lifetimeMs).then(
        (payload) => callback(null, payload === undefined ? null : JSON.parse(payload)),
        (error) => callback(error),
      )
    },
    set(id, session, callback) {
      const expiresAt = new Date(clock.now().getTime() + lifetimeMs)
      writeSession(database, id, JSON.stringify(session), expiresAt).then(() => callback(), callback)
    },
    destroy(id, callback) {
      deleteSession(database, id).then(() => callback(), callback)
    },
  }
  await app.register(fastifyCookie)
  await app.register(fastifySession, {
    secret,
    store,
    cookieName: 'unlatch-session',
    saveUninitialized: false,
    rolling: false,
    cookie: { httpOnly: true, sameSite: 'strict', secure: isHttps, maxAge: lifetimeMs, path: '/' },
  })
}

/** @throws Problem `sign-in-needed` when nobody is signed in, or no longer an operator. */
export async function operatorOf(request: FastifyRequest, database: Database): Promise<Actor> {
  const { operatorId, sessionId } = request.session
  const operator = operatorId === undefined ? undefined : await findOperatorById(database.reads, operatorId)
  if (!operator || operator.is_disabled === 1) throw new Problem('sign-in-needed')
  return actorOf(operator, sessionId)
}

/**
 * A page of another site must not act in an operator's name: what changes something must come from our own page.
 *
 * @throws Problem `foreign-page`.
 */
export function expectOwnPage(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const site = request.headers['sec-fetch-site']
  const { origin, host } = request.headers
  if (site !== undefined && site !== 'same-origin') throw new Problem('foreign-page')
  if (origin !== undefined && URL.canParse(origin) && new URL(origin).host !== host) throw new Problem('foreign-page')
  if (origin === 'null') throw new Problem('foreign-page')
}
