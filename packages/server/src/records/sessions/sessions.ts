import { createHash } from 'node:crypto'
import type { Database } from '../../db/open.ts'

/** Sessions of the Operator Console, on the server and revocable. Stored under the hash of the id that the browser holds. */

const keyOf = (sessionId: string) => createHash('sha256').update(sessionId).digest('hex')

export async function writeSession(database: Database, id: string, payload: string, expiresAt: Date): Promise<void> {
  const row = { id: keyOf(id), payload, expires_at: expiresAt.toISOString() }
  await database.transaction((tx) =>
    tx
      .insertInto('sessions')
      .values(row)
      .onConflict((c) => c.column('id').doUpdateSet({ payload: row.payload, expires_at: row.expires_at }))
      .execute(),
  )
}

/** A session that ends later than one begun now would is from a time that never came: the clock was set back. */
export async function findSession(
  database: Database,
  id: string,
  now: Date,
  lifetimeMs: number,
): Promise<string | undefined> {
  const row = await database.reads
    .selectFrom('sessions')
    .select('payload')
    .where('id', '=', keyOf(id))
    .where('expires_at', '>', now.toISOString())
    .where('expires_at', '<=', new Date(now.getTime() + lifetimeMs).toISOString())
    .executeTakeFirst()
  return row?.payload
}

export async function deleteSession(database: Database, id: string): Promise<void> {
  await database.transaction((tx) => tx.deleteFrom('sessions').where('id', '=', keyOf(id)).execute())
}
