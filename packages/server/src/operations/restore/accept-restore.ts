import { readHex } from '@unlatch/card'
import * as z from 'zod/mini'
import type { Tx } from '../../db/open.ts'
import type { JournalledGeneration, KeyService } from '../../ports/key-service.ts'
import { type Card, findCardByUuid, lockCard } from '../../records/cards/cards.ts'
import { findGeneration, intendGeneration } from '../../records/generations/generations.ts'
import { findJournalLead } from '../../records/generations/journal-lead.ts'
import { afterLostJournal, afterRestore } from '../../records/puk-records/puk-record.ts'
import { findPukRecord, updatePukRecord, writeCandidate } from '../../records/puk-records/puk-records.ts'
import { voidOneTimePasswords } from '../../records/self-service/one-time-passwords.ts'
import { voidAllCodes } from '../../records/self-service/unblock-codes.ts'
import { writeStarts } from '../../records/server-starts/server-starts.ts'
import { operation } from '../operation.ts'

/** What a restore changed, for the key custodian. */
export interface AcceptedRestore {
  readonly epoch: number
  /** Cards whose record was put right from the journal. */
  readonly corrected: number
  /** Cards that may have a PUK that nobody wrote down: the journal came out of a backup as well. */
  readonly uncertain: number
  /** Cards that the journal knows and the database does not: registered after the backup. */
  readonly unknown: readonly string[]
}

/**
 * The key custodian accepts a database that is behind the key journal: the epoch is raised, the cards' candidates are taken
 * from both, sessions end, the codes of operators and agents are void, so are unblock codes and one-time passwords of a counter.
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
    const journal = await keys.journalState()
    const uncertain = journal.isOld ? await doubtEveryPuk(tx, keys, now) : 0
    await writeStarts(tx, journal)
    for (const table of ['sessions', 'holder_sessions', 'passkey_challenges', 'set_up_codes'] as const)
      await tx.deleteFrom(table).execute()
    await tx.updateTable('agents').set({ code_hash: null }).where('code_hash', 'is not', null).execute()
    // What was used up since the backup must not come again.
    await voidAllCodes(tx, now)
    await voidOneTimePasswords(tx, now)
    // Before the commit: an epoch too many costs nothing, one too few could use a generation twice.
    const epoch = await keys.raiseEpoch()
    const result: AcceptedRestore = { epoch, corrected: lead.length - unknown.length, uncertain, unknown }
    return { result, event: { epoch, corrected: result.corrected, uncertain, unknown } }
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

/** How many cards are read at once. */
const BATCH = 500

/**
 * The journal is as old as the database: a rotation after the backup is in neither, so that each card may have its next
 * generation.
 *
 * @returns how many cards that is.
 */
async function doubtEveryPuk(tx: Tx, keys: KeyService, now: Date): Promise<number> {
  let count = 0
  for (let after = ''; ; ) {
    const batch = await tx
      .selectFrom('puk_records')
      .innerJoin('cards', 'cards.id', 'puk_records.card_id')
      .select(['cards.id', 'cards.card_uuid'])
      .where('cards.id', '>', after)
      .orderBy('cards.id')
      .limit(BATCH)
      .execute()
    for (const card of batch) {
      await lockCard(tx, card.id)
      const stored = await findPukRecord(tx, card.id)
      const highest = await findGeneration(tx, card.card_uuid, 'puk')
      if (!stored || !highest) continue
      const next = await keys.nextPukGeneration(readHex(card.card_uuid), highest)
      await updatePukRecord(tx, card.id, stored, afterLostJournal(stored.record, next, now.toISOString()), null)
      count++
    }
    const last = batch.at(-1)
    if (!last || batch.length < BATCH) return count
    after = last.id
  }
}
