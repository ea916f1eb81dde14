import * as z from 'zod/mini'
import type { Tx } from '../../db/open.ts'
import type { JournalledGeneration } from '../../ports/key-service.ts'
import { type Card, findCardByUuid, lockCard } from '../../records/cards/cards.ts'
import { intendGeneration } from '../../records/generations/generations.ts'
import { findJournalLead } from '../../records/generations/journal-lead.ts'
import { afterRestore } from '../../records/puk-records/puk-record.ts'
import { findPukRecord, updatePukRecord, writeCandidate } from '../../records/puk-records/puk-records.ts'
import { operation } from '../operation.ts'

/** What a restore changed, for the key custodian. */
export interface AcceptedRestore {
  readonly epoch: number
  /** Cards whose record was put right from the journal. */
  readonly corrected: number
  /** Cards that the journal knows and the database does not: registered after the backup. */
  readonly unknown: readonly string[]
}

/**
 * The key custodian accepts a database that is behind the key journal: the epoch is raised, the cards' candidates are taken
 * from both, sessions end, set-up codes are void.
 *
 * @see [piv-unblock/v1, The PUK record] restore accepted
 */
export const acceptRestore = operation({
  name: 'restore.accept',
  permission: 'restore:accept',
  input: z.object({}),
  subject: () => 'server',
  async run({ tx, keys, now }) {
    const lead = await findJournalLead(tx, keys)
    const unknown: string[] = []
    for (const entry of lead) {
      const card = await findCardByUuid(tx, entry.cardUuidHex)
      if (card) await correct(tx, card, entry, now)
      else unknown.push(entry.cardUuidHex)
      await intendGeneration(tx, entry.cardUuidHex, entry.purpose, entry.generation)
    }
    for (const table of ['sessions', 'passkey_challenges', 'set_up_codes'] as const)
      await tx.deleteFrom(table).execute()
    // Before the commit: an epoch too many costs nothing, one too few could use a generation twice.
    const epoch = await keys.raiseEpoch()
    const result: AcceptedRestore = { epoch, corrected: lead.length - unknown.length, unknown }
    return { result, event: { epoch, corrected: result.corrected, unknown } }
  },
})

async function correct(tx: Tx, card: Card, { purpose, generation }: JournalledGeneration, now: Date): Promise<void> {
  await lockCard(tx, card.id)
  if (purpose !== 'puk') {
    const table = purpose === 'gids-admin' ? 'admin_key_records' : 'management_keys'
    await tx
      .updateTable(table)
      .set({ generation: writeCandidate(generation) })
      .where('card_id', '=', card.id)
      .execute()
    return
  }
  const stored = await findPukRecord(tx, card.id)
  if (stored)
    await updatePukRecord(tx, card.id, stored, afterRestore(stored.record, generation, now.toISOString()), null)
}
