import type { ProblemCode } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'

/**
 * What is to leave and is tried until it did: PUCs, notices, reports of suspended cards. Each is a row of a table of its own,
 * and all of them are tried alike. State without meaning: a job claims an attempt, acts, and says how it ended.
 */

/** The tables of what is to leave. */
export type Outbox = 'deliveries' | 'notice_deliveries' | 'incident_reports'

/** A row of one of them, as far as its attempts go. */
export interface Tried {
  readonly id: string
  readonly state: string
  readonly attempts: number
  readonly next_at: string | null
}

/** An attempt of which nothing was heard for so long is lost, and made again. */
const LEASE_MS = 2 * 60_000
/** How long after each failed attempt the next one is due; after the last one none is. Together some two days. */
const BACK_OFF_MINUTES = [1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60]

/** The columns are the same in all of them. */
const named = (outbox: Outbox) => outbox as 'deliveries'

/** What is due, the longest waiting first: ids and nothing else. */
export async function listDueOf(db: Db, outbox: Outbox, now: Date, most: number): Promise<string[]> {
  const rows = await db
    .selectFrom(named(outbox))
    .select('id')
    .where('next_at', '<=', now.toISOString())
    .orderBy('next_at')
    .limit(most)
    .execute()
  return rows.map(({ id }) => id)
}

/** True while an attempt may begin. */
export const isDue = ({ next_at }: Tried, now: Date): boolean => next_at !== null && next_at <= now.toISOString()

/** Begins an attempt; it counts as lost when nothing is heard of it. */
export async function beginAttemptOf(tx: Tx, outbox: Outbox, row: Tried, now: Date): Promise<number> {
  const attempts = row.attempts + 1
  const next_at = new Date(now.getTime() + LEASE_MS).toISOString()
  await tx.updateTable(named(outbox)).set({ state: 'sending', attempts, next_at }).where('id', '=', row.id).execute()
  return attempts
}

/** How an attempt ended. */
export type AttemptEnd =
  | { readonly problem: null }
  | { readonly problem: ProblemCode; readonly detail: string; readonly isFinal: boolean }

/** Ends an attempt: delivered, tried again later, or tried no more. Returns the state that follows. */
export async function endAttemptOf(tx: Tx, outbox: Outbox, row: Tried, end: AttemptEnd, now: Date): Promise<string> {
  const values = valuesAfter(row, end, now)
  await tx.updateTable(named(outbox)).set(values).where('id', '=', row.id).execute()
  return values.state
}

function valuesAfter(row: Tried, end: AttemptEnd, now: Date) {
  const at = now.toISOString()
  if (end.problem === null) return { state: 'delivered', next_at: null, problem: null, detail: null, delivered_at: at }
  const told = { problem: end.problem, detail: end.detail.slice(0, 500) }
  const minutes = end.isFinal ? undefined : BACK_OFF_MINUTES[row.attempts - 1]
  if (minutes === undefined) return { state: 'failed', next_at: null, ...told }
  return { state: 'queued', next_at: new Date(now.getTime() + minutes * 60_000).toISOString(), ...told }
}

/** Due at once, with all its attempts again. */
export async function requeueIn(tx: Tx, outbox: Outbox, id: string, now: Date): Promise<void> {
  await tx
    .updateTable(named(outbox))
    .set({ state: 'queued', attempts: 0, next_at: now.toISOString() })
    .where('id', '=', id)
    .execute()
}
