import { writeHex } from '@unlatch/card'
import { CodeError, readNativeChallenge, readNonce, type UnblockOutcome } from '@unlatch/card/unblock'
import { findForm, Report, type ReportTaken } from '@unlatch/contract'
import { findCardByUuid, lockCard, sealedCardOf } from '../../records/cards/cards.ts'
import { readCandidate } from '../../records/puk-records/puk-records.ts'
import { findRelease, type Release } from '../../records/unblocks/unblocks.ts'
import { Fault, operation } from '../operation.ts'
import { settle } from './settle.ts'

/** An agent tells what became of an unblock, when it can reach the server again. Counts as the receipt; late ones change nothing. */
export const reportUnblock = operation({
  name: 'unblock.report',
  permission: 'agent:report',
  input: Report,
  subject: ({ cardUuid }) => `card-uuid:${cardUuid}`,
  async run({ tx, keys, now }, report) {
    const found = await findCardByUuid(tx, report.cardUuid)
    if (!found) throw new Fault('card-unknown')
    const card = await lockCard(tx, found.id)
    const event = { cardId: card.id, challenge: report.challenge, told: report.outcome, at: report.at }
    const release = await findRelease(tx, card.id, challengeKeyOf(report.challenge))
    if (!release) {
      const result: ReportTaken = { result: 'no-release' }
      return { result, event: { ...event, result: 'no-release' } }
    }
    if (isKnown(release)) {
      const result: ReportTaken = { result: 'known' }
      return { result, event: { ...event, result: 'known' } }
    }
    let outcome: UnblockOutcome =
      report.outcome === 'refused' ? { code: 'refused', triesLeft: 7 } : { code: report.outcome }
    if (release.form === 'masked') {
      const sealed = sealedCardOf(card)
      const puk = readCandidate(release.generation)
      if (!sealed || puk === 'imported') throw new Error(`release ${release.id} without a key`)
      const { challenge, unblock_key_id: unblockKeyId } = release
      const proved = await keys.checkReceipt(sealed, { puk, challenge, unblockKeyId }, report.receipt ?? '')
      if (!proved) throw new Fault('receipt-mismatch')
      outcome = proved
    }
    await settle(tx, { card, release, outcome, by: 'report', now })
    const result: ReportTaken = { result: 'recorded' }
    return { result, event: { ...event, result: 'recorded', outcome: outcome.code } }
  },
})

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
