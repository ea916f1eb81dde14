import type { UnblockOutcome } from '@unlatch/card/unblock'
import type { Tx } from '../../db/open.ts'
import type { Card } from '../cards/cards.ts'
import { noteUnblocked } from '../desk-events/desk-events.ts'
import { tellUnblocked } from '../notices/notices.ts'
import { afterOutcome } from '../puk-records/puk-record.ts'
import { findPukRecord, readCandidate, updatePukRecord } from '../puk-records/puk-records.ts'
import type { Release } from './unblocks.ts'

/** How an outcome is known: the receipt read back, the caller's word, the agent's report. */
export type KnownBy = 'receipt' | 'told' | 'report'

/**
 * Writes what became of a release: on it, on its unblock, on the card's PUK record; the holder is told when the PIN was set.
 */
export async function settle(
  tx: Tx,
  on: { card: Card; release: Release; outcome: UnblockOutcome; by: KnownBy; now: Date },
): Promise<void> {
  const { card, release, outcome, by, now } = on
  const at = now.toISOString()
  await tx
    .updateTable('releases')
    .set({ outcome: outcome.code, outcome_by: by, outcome_at: at })
    .where('id', '=', release.id)
    .execute()
  const closed = await tx
    .updateTable('unblocks')
    .set({ closed_at: at })
    .where('id', '=', release.unblock_id)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  const stored = await findPukRecord(tx, card.id)
  // Late: another PUK was meant for the card since. It is recorded and changes nothing.
  if (stored && isAboutPuk(release, by) && release.number > stored.rotatedAfter) {
    const sent = readCandidate(release.generation)
    await updatePukRecord(tx, card.id, stored, afterOutcome(stored.record, sent, outcome, release.tries_at_risk))
  }
  // An outcome that is told twice is told the holder, and counted, once.
  if (outcome.code === 'unblocked' && release.outcome !== 'unblocked') {
    const { operator_id, id: releaseId } = release
    const procedure = operator_id === null ? 'self-service' : isByTelephone(release) ? 'telephone' : 'connected'
    await tellUnblocked(tx, card, { operatorId: operator_id ?? undefined, procedure, releaseId }, now)
    await noteUnblocked(tx, release, now, closed.numUpdatedRows > 0n)
  }
}

/** What is answered on the telephone has a form that people say. */
const isByTelephone = ({ form }: Release) => ['masked', 'native', 'bare'].includes(form)

/** A sealed PUK has no receipt: only its agent says what became of it. */
const isAboutPuk = ({ form }: Release, by: KnownBy) =>
  form === 'masked' || ((form === 'sealed' || form === 'station') && by === 'report')
