import type { Db, Tx } from '../../db/open.ts'
import type { JournalledGeneration, KeyService } from '../../ports/key-service.ts'

/** How many cards are looked up at once. */
const BATCH = 500

/**
 * Where the key journal is ahead of the database: what went to cards and the rows do not know. Anything here means that the
 * database was restored from a backup.
 */
export async function findJournalLead(db: Db | Tx, keys: KeyService): Promise<JournalledGeneration[]> {
  const journalled = await keys.journalled()
  const lead: JournalledGeneration[] = []
  for (let offset = 0; offset < journalled.length; offset += BATCH) {
    const batch = journalled.slice(offset, offset + BATCH)
    const rows = await db
      .selectFrom('generations')
      .selectAll()
      .where('card_uuid', 'in', [...new Set(batch.map(({ cardUuidHex }) => cardUuidHex))])
      .execute()
    const known = new Map(rows.map((row) => [`${row.card_uuid}/${row.purpose}`, row]))
    for (const entry of batch) {
      const row = known.get(`${entry.cardUuidHex}/${entry.purpose}`)
      const { epoch, counter } = entry.generation
      if (!row || epoch > row.epoch || (epoch === row.epoch && counter > row.counter)) lead.push(entry)
    }
  }
  return lead
}
