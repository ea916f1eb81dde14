import fastifyCookie from '@fastify/cookie'
import { Problem } from '@unlatch/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { World } from '../operations/operation.ts'
import type { Actor } from '../records/actors.ts'
import { findSignedIn } from '../records/operators/views.ts'
import { deleteSession, drawToken, keyOf, startSession, touchSession } from '../records/sessions/sessions.ts'

/**
 * Sessions of the Operator Console: a cookie that holds 256 random bits, and everything else on the server. The cookie is
 * not signed: an id that nobody guesses needs no secret, so restarts and servers that share a database agree without one.
 */
const COOKIE = 'unlatch-session'
/** Between asking for a passkey and answering: binds the challenge to this browser. */
const PRE_SESSION = 'unlatch-pre-session'
const PRE_SESSION_SECONDS = 300
/**
 * Which browser it is, across sessions and accounts: it keeps a random value, we its hash. Whoever approves what another one
 * asked for does not do it from the same one.
 */
const BROWSER = 'unlatch-browser'
const BROWSER_SECONDS = 365 * 24 * 3600

type Room = Pick<World, 'database' | 'clock' | 'settings'>

export async function addCookies(app: FastifyInstance): Promise<void> {
  await app.register(fastifyCookie)
}

/** Secure wherever the console is reached over TLS; a browser may send it to http://localhost too. */
const cookieOptions = ({ settings }: Room) =>
  ({ httpOnly: true, sameSite: 'strict', secure: settings.origin.startsWith('https:'), path: '/' }) as const

/** Begins a session for an operator who has proved himself, and gives the browser its id. One that it had ends. */
export async function enter(
  world: Room,
  request: FastifyRequest,
  reply: FastifyReply,
  operatorId: string,
): Promise<Actor> {
  const { database, clock, settings } = world
  const held = request.cookies[COOKIE]
  if (held !== undefined) await deleteSession(database, held)
  const known = request.cookies[BROWSER] ?? drawToken()
  const browser = keyOf(known)
  const from = { address: request.ip, userAgent: String(request.headers['user-agent'] ?? ''), browser }
  const now = clock.now()
  const token = await startSession(database, operatorId, from, now, settings)
  reply.setCookie(COOKIE, token, { ...cookieOptions(world), maxAge: settings.sessionHours * 3600 })
  reply.setCookie(BROWSER, known, { ...cookieOptions(world), maxAge: BROWSER_SECONDS })
  if (request.cookies[PRE_SESSION] !== undefined) reply.clearCookie(PRE_SESSION, cookieOptions(world))
  const found = await findSignedIn(database.reads, token, now, settings)
  if (!found) throw new Problem('sign-in-needed')
  return found.actor
}

/** Ends the session that the browser holds. */
export async function leave(world: Room, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const held = request.cookies[COOKIE]
  if (held !== undefined) await deleteSession(world.database, held)
  reply.clearCookie(COOKIE, cookieOptions(world))
}

/** Begins a pre-session, and returns the hash of what the browser got. */
export function beginPreSession(world: Room, reply: FastifyReply): string {
  const token = drawToken()
  reply.setCookie(PRE_SESSION, token, { ...cookieOptions(world), maxAge: PRE_SESSION_SECONDS })
  return keyOf(token)
}

/** The pre-session that the browser holds; empty when it has none. */
export function findPreSession(request: FastifyRequest): string {
  const token = request.cookies[PRE_SESSION]
  return token === undefined ? '' : keyOf(token)
}

/** @throws Problem `sign-in-needed` when nobody is signed in, or no longer an operator. */
export async function operatorOf(world: Room, request: FastifyRequest): Promise<Actor> {
  const { database, clock, settings } = world
  const token = request.cookies[COOKIE]
  const now = clock.now()
  const found = token === undefined ? undefined : await findSignedIn(database.reads, token, now, settings)
  if (!found) throw new Problem('sign-in-needed')
  await touchSession(database, found.session, now).catch((error: unknown) => {
    // On a full disk an operator can still read, and see what is the matter.
    if (!(error instanceof Problem && error.code === 'database-full')) throw error
  })
  return found.actor
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
