import type { UnblockOutcome } from '@unlatch/card/unblock'
import type { UnblockOutcomeView } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { KeyService } from '../../ports/key-service.ts'
import { type Card, sealedCardOf } from '../../records/cards/cards.ts'
import { readCandidate } from '../../records/puk-records/puk-records.ts'
import { settle } from '../../records/unblocks/settle.ts'
import type { Release } from '../../records/unblocks/unblocks.ts'
import { Fault } from '../operation.ts'
import { RECEIPT_MISSES } from './limits.ts'

/** What an operator was told about a cryptogram: the receipt that the caller read back, or the caller's word. */
export interface Closing {
  readonly receipt?: string | undefined
  readonly told?: 'unblocked' | 'refused' | 'unknown' | undefined
}

/** Writes what became of a release, by the receipt (PIV) or by what the caller says (cards without a receipt). */
export async function closeRelease(
  { tx, keys, now }: { tx: Tx; keys: KeyService; now: Date },
  card: Card,
  release: Release,
  { receipt, told }: Closing,
): Promise<{ result: UnblockOutcomeView; event: Record<string, string> }> {
  const { challenge, card_id: cardId } = release
  if (isSettled(release, receipt !== undefined)) {
    const event = { cardId, outcome: release.outcome, by: 'known already', challenge }
    return { result: viewOf(known(release)), event }
  }
  const outcome = release.form === 'masked' ? await readReceipt(keys, card, release, receipt) : readWord(told)
  const by = release.form === 'masked' && receipt !== undefined ? 'receipt' : 'told'
  await settle(tx, { card, release, outcome, by, now })
  return { result: viewOf(outcome), event: { cardId, outcome: outcome.code, by, challenge } }
}

/** A receipt proves what happened: it overtakes an outcome that is unknown, or a word. Nothing overtakes what is proved. */
function isSettled(release: Release, hasReceipt: boolean): boolean {
  if (release.outcome === 'released') return false
  return !hasReceipt || (release.outcome !== 'unknown' && release.outcome_by !== 'told')
}

async function readReceipt(
  keys: KeyService,
  card: Card,
  release: Release,
  typed: string | undefined,
): Promise<UnblockOutcome> {
  if (typed === undefined) return { code: 'unknown' }
  if (release.receipt_misses >= RECEIPT_MISSES) throw new Fault('too-many-receipts')
  const sealed = sealedCardOf(card)
  const puk = readCandidate(release.generation)
  if (!sealed || puk === 'imported') throw new Error(`release ${release.id} without a key`)
  const { challenge, unblock_key_id: unblockKeyId } = release
  const outcome = await keys.checkReceipt(sealed, { puk, challenge, unblockKeyId }, typed.replace(/\D/g, ''))
  if (outcome) return outcome
  const receipt_misses = release.receipt_misses + 1
  throw new Fault('receipt-mismatch', {
    facts: { entriesLeft: RECEIPT_MISSES - receipt_misses },
    survives: async (tx) => {
      await tx.updateTable('releases').set({ receipt_misses }).where('id', '=', release.id).execute()
    },
  })
}

function readWord(told: 'unblocked' | 'refused' | 'unknown' | undefined): UnblockOutcome {
  if (told === undefined) throw new Fault('input-invalid', { detail: 'say what the caller told' })
  return told === 'refused' ? { code: 'refused', triesLeft: 7 } : { code: told }
}

const known = (release: Release): UnblockOutcome =>
  release.outcome === 'refused'
    ? { code: 'refused', triesLeft: 7 }
    : { code: release.outcome === 'unblocked' ? 'unblocked' : 'unknown' }

const viewOf = (outcome: UnblockOutcome): UnblockOutcomeView => ({
  outcome: outcome.code,
  triesLeft: outcome.code === 'refused' && outcome.triesLeft < 7 ? outcome.triesLeft : null,
})
