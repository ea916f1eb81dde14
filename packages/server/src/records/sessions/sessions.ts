import { hash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Database, Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'

/**
 * Sessions of the Operator Console: 256 random bits in the browser's cookie, their SHA-256 and everything else here. The id
 * says nothing and is guessed by nobody, so it needs no signature, and servers that share a database share no secret.
 */

export type SessionRow = Selectable<Tables['sessions']>

/** How long sessions last: unused, and in all. */
export interface SessionLimits {
  readonly sessionIdleMinutes: number
  readonly sessionHours: number
}

/** That somebody was seen is written down once in so long. */
const SEEN_EVERY_MS = 60_000

/** What the browser holds, as the database knows it. */
export const keyOf = (token: string): string => hash('sha256', token)

/** A token that nobody guesses. */
export const drawToken = (): string => randomBytes(32).toString('base64url')

const idleSince = (now: Date, { sessionIdleMinutes }: SessionLimits) =>
  new Date(now.getTime() - sessionIdleMinutes * 60_000).toISOString()

/** Where a session comes from, as it is shown to its operator. */
export interface Origin {
  readonly address: string
  readonly userAgent: string
  /** What the browser is known by: the hash of what it keeps. */
  readonly browser: string
}

/** Begins a session and returns what the browser is to hold. Sessions that are over are cleared away. */
export async function startSession(
  database: Database,
  operatorId: string,
  { address, userAgent, browser }: Origin,
  now: Date,
  { sessionHours }: SessionLimits,
): Promise<string> {
  const token = drawToken()
  const at = now.toISOString()
  const row = {
    id: keyOf(token),
    operator_id: operatorId,
    created_at: at,
    last_seen_at: at,
    expires_at: new Date(now.getTime() + sessionHours * 3_600_000).toISOString(),
    address: address.slice(0, 100),
    user_agent: userAgent.slice(0, 200),
    browser,
  }
  await database.transaction(async (tx) => {
    await tx.deleteFrom('sessions').where('expires_at', '<', at).execute()
    await tx.insertInto('sessions').values(row).execute()
    await tx.updateTable('operators').set({ last_seen_at: at }).where('id', '=', operatorId).execute()
  })
  return token
}

/**
 * The session that a browser holds; none when it ended, by time or by anybody. One that ends later than one begun now would is
 * from a time that never came: the clock was set back.
 */
export const selectSession = (db: Db, asked: ReturnType<typeof askForSession>) =>
  db
    .selectFrom('sessions')
    .where('sessions.id', '=', asked.id)
    .where('sessions.expires_at', '>', asked.now)
    .where('sessions.last_seen_at', '>', asked.idleSince)
    .where('sessions.expires_at', '<=', asked.latestEnd)

/** What `selectSession` compares with. */
export const askForSession = (token: string, now: Date, limits: SessionLimits) => ({
  id: keyOf(token),
  now: now.toISOString(),
  idleSince: idleSince(now, limits),
  latestEnd: new Date(now.getTime() + limits.sessionHours * 3_600_000).toISOString(),
})

/** Writes down that a session is used. */
export async function touchSession(
  database: Database,
  session: Pick<SessionRow, 'id' | 'operator_id' | 'last_seen_at'>,
  now: Date,
): Promise<void> {
  if (now.getTime() - Date.parse(session.last_seen_at) < SEEN_EVERY_MS) return
  const last_seen_at = now.toISOString()
  await database.transaction(async (tx) => {
    await tx.updateTable('sessions').set({ last_seen_at }).where('id', '=', session.id).execute()
    await tx.updateTable('operators').set({ last_seen_at }).where('id', '=', session.operator_id).execute()
  })
}

/** The browser in which somebody is signed in, by what it is known; empty where that is not known. */
export async function findBrowser(tx: Tx, { sessionId }: { readonly sessionId: string }): Promise<string> {
  const own = await tx.selectFrom('sessions').select('browser').where('id', '=', sessionId).executeTakeFirst()
  return own?.browser ?? ''
}

/**
 * True when somebody answers from the browser in which he was asked, or in which whoever asked has a session. One browser holds
 * one session at a time: whoever signs in there with a second account ended that of his first.
 */
export async function sharesBrowser(
  tx: Tx,
  actor: { readonly sessionId: string },
  asked: { readonly by: string; readonly browser: string },
): Promise<boolean> {
  const browser = await findBrowser(tx, actor)
  if (browser === '') return false
  if (browser === asked.browser) return true
  const others = tx.selectFrom('sessions').select('id').where('operator_id', '=', asked.by)
  return (await others.where('browser', '=', browser).limit(1).executeTakeFirst()) !== undefined
}

export async function deleteSession(database: Database, token: string): Promise<void> {
  await database.transaction((tx) => tx.deleteFrom('sessions').where('id', '=', keyOf(token)).execute())
}

/** Ends sessions of an operator: one, all, or all but one. Returns how many there were. */
export async function endSessions(
  tx: Tx,
  operatorId: string,
  which: { readonly only?: string; readonly except?: string } = {},
): Promise<number> {
  let deletion = tx.deleteFrom('sessions').where('operator_id', '=', operatorId)
  if (which.only !== undefined) deletion = deletion.where('id', '=', which.only)
  if (which.except !== undefined) deletion = deletion.where('id', '!=', which.except)
  const { numDeletedRows } = await deletion.executeTakeFirst()
  return Number(numDeletedRows)
}

/** The sessions of operators that are not over, the latest first. */
export async function listSessions(
  db: Db,
  operatorIds: readonly string[],
  now: Date,
  limits: SessionLimits,
): Promise<SessionRow[]> {
  if (operatorIds.length === 0) return []
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('operator_id', 'in', operatorIds)
    .where('expires_at', '>', now.toISOString())
    .where('last_seen_at', '>', idleSince(now, limits))
    .orderBy('last_seen_at', 'desc')
    .orderBy('id')
    .execute()
}
