import { writeHex } from '@unlatch/card'
import { CodeError, readNativeChallenge, readNonce, type UnblockOutcome } from '@unlatch/card/unblock'
import { findForm, Report, type ReportTaken } from '@unlatch/contract'
import type { KeyService } from '../../ports/key-service.ts'
import { type Card, findCardByUuid, lockCard, sealedCardOf } from '../../records/cards/cards.ts'
import { readCandidate } from '../../records/puk-records/puk-records.ts'
import { settle } from '../../records/unblocks/settle.ts'
import { findRelease, type Release } from '../../records/unblocks/unblocks.ts'
import { Fault, operation } from '../operation.ts'

/** An agent tells what became of an unblock, when it can reach the server again. Counts as the receipt; late ones change nothing. */
export const reportUnblock = operation({
  name: 'unblock.report',
  permission: 'agent:report',
  input: Report,
  subject: ({ cardUuid }) => `card-uuid:${cardUuid}`,
  async run({ tx, keys, now }, report, actor) {
    const found = await findCardByUuid(tx, report.cardUuid)
    if (!found) throw new Fault('card-unknown')
    const card = await lockCard(tx, found.id)
    const event = { cardId: card.id, challenge: report.challenge, told: report.outcome, at: report.at }
    const release = await findRelease(tx, card.id, challengeKeyOf(report.challenge))
    if (!release) {
      const result: ReportTaken = { result: 'no-release' }
      return { result, event: { ...event, result: 'no-release' } }
    }
    const proved = release.form === 'masked' ? await readProof(keys, card, release, report.receipt ?? '') : undefined
    // Whoever proves by the receipt that it did the unblock knows the PUK: it may exchange it.
    if (proved?.code === 'unblocked' && release.reported_by === null) {
      await tx.updateTable('releases').set({ reported_by: actor.id }).where('id', '=', release.id).execute()
    }
    if (isKnown(release)) {
      const result: ReportTaken = { result: 'known' }
      return { result, event: { ...event, result: 'known' } }
    }
    if (release.form === 'masked' && !proved) throw new Fault('receipt-mismatch')
    const told: UnblockOutcome =
      report.outcome === 'refused' ? { code: 'refused', triesLeft: 7 } : { code: report.outcome }
    const outcome = proved ?? told
    await settle(tx, { card, release, outcome, by: 'report', now })
    const result: ReportTaken = { result: 'recorded' }
    return { result, event: { ...event, result: 'recorded', outcome: outcome.code } }
  },
})

/** What the receipt in a report says; undefined where it is not of this release. */
async function readProof(
  keys: KeyService,
  card: Card,
  release: Release,
  receipt: string,
): Promise<UnblockOutcome | undefined> {
  const sealed = sealedCardOf(card)
  const puk = readCandidate(release.generation)
  if (puk === 'imported') throw new Error(`release ${release.id} without a key`)
  // Issued again since: its key is another one, and nothing can be proved about what was before.
  if (!sealed) return undefined
  const { challenge, unblock_key_id: unblockKeyId } = release
  return keys.checkReceipt(sealed, { puk, challenge, unblockKeyId }, receipt)
}

/** A caller's word and an unknown outcome are overtaken by the agent's report; a receipt or an earlier report is not. */
const isKnown = (release: Release) =>
  (release.outcome === 'unblocked' || release.outcome === 'refused') && release.outcome_by !== 'told'

function challengeKeyOf(challenge: string): string {
  try {
    return writeHex(findForm(challenge) === 'masked' ? readNonce(challenge) : readNativeChallenge(challenge))
  } catch (error) {
    if (error instanceof CodeError) throw new Fault('challenge-malformed', { cause: error })
    throw error
  }
}
