import { lockName } from '../../db/dialect.ts'
import type { Db, Tx } from '../../db/open.ts'

/** Wrong attempts, counted by what was tried: state without meaning, kept for a quarter of an hour. */
const WINDOW_MS = 15 * 60_000

/** Holds a key until the transaction ends: a burst is counted one by one. */
export async function lockAttempts(tx: Tx, key: string): Promise<void> {
  await lockName(tx, key)
}

export async function countAttempts(db: Db | Tx, key: string, now: Date): Promise<number> {
  const { count } = await db
    .selectFrom('throttles')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('key', '=', key)
    .where('at', '>', new Date(now.getTime() - WINDOW_MS).toISOString())
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function insertAttempt(tx: Tx, key: string, now: Date): Promise<void> {
  await tx
    .deleteFrom('throttles')
    .where('at', '<', new Date(now.getTime() - WINDOW_MS).toISOString())
    .execute()
  await tx.insertInto('throttles').values({ key, at: now.toISOString() }).execute()
}

export async function forgetAttempts(tx: Tx, key: string): Promise<void> {
  await tx.deleteFrom('throttles').where('key', '=', key).execute()
}
