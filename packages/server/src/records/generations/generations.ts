import type { Generation } from '@unlatch/card/unblock'
import type { Db, Tx } from '../../db/open.ts'
import type { JournalledGeneration } from '../../ports/key-service.ts'

/** What a generation counts: one row for each card and purpose, which only grows. */
export type Purpose = JournalledGeneration['purpose']

/** The highest generation that was ever meant for a card; undefined before the first. */
export async function findGeneration(
  db: Db | Tx,
  cardUuidHex: string,
  purpose: Purpose,
): Promise<Generation | undefined> {
  return db
    .selectFrom('generations')
    .select(['epoch', 'counter'])
    .where('card_uuid', '=', cardUuidHex)
    .where('purpose', '=', purpose)
    .executeTakeFirst()
}

/** Writes down a generation before anything uses it. A row ahead of the key journal is normal; the reverse is a restored database. */
export async function intendGeneration(tx: Tx, cardUuidHex: string, purpose: Purpose, to: Generation): Promise<void> {
  await tx
    .insertInto('generations')
    .values({ card_uuid: cardUuidHex, purpose, ...to })
    .onConflict((c) => c.columns(['card_uuid', 'purpose']).doUpdateSet({ ...to }))
    .execute()
}
