import { readHex } from '@unlatch/card'
import type { Generation } from '@unlatch/card/unblock'
import { type RevealedPuc, RevealPuc } from '@unlatch/contract'
import type { ReleaseTicket } from '../../ports/key-service.ts'
import { countDone } from '../../records/audit/done.ts'
import { findStateObstacle, lockCard } from '../../records/cards/cards.ts'
import { expectFourEyes } from '../../records/four-eyes/approvals.ts'
import { tellHolder } from '../../records/notices/notices.ts'
import { findOperatorById, passwordHashOf } from '../../records/operators/operators.ts'
import { afterRelease } from '../../records/puk-records/puk-record.ts'
import { findPukRecord, updatePukRecord, writeCandidate } from '../../records/puk-records/puk-records.ts'
import { findDocumentOf } from '../../records/templates/templates.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { expectTicket, spendTicket, writeWays } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'

/** How long a page shows a PUC. */
const SHOW_SECONDS = 60
const DAY_MS = 24 * 3_600_000

interface Claim {
  readonly cardUuid: Uint8Array
  readonly generation: Generation
  readonly operatorId: string
  readonly ticket: ReleaseTicket
}

/**
 * An operator reads a card's PUC, with a reason and his password once more. From then on the PUC counts as exposed: the
 * card's next contact with a station replaces it. Its holder is told. A card's is read as often in a day as cryptograms are
 * released for it, and no more.
 */
export const revealPuc = operation({
  name: 'puc.reveal',
  permission: 'puc:read',
  input: RevealPuc,
  subject: ({ cardId }) => `card:${cardId}`,
  async prepare({ database, passwords }, { password }, actor) {
    const hash = passwordHashOf(await findOperatorById(database.reads, actor.id))
    return { isRight: await passwords.verify(hash, password) }
  },
  async run({ tx, now, settings }, { cardId, reason }, actor, { isRight }) {
    const survives = await countAttempt(tx, { kind: 'password', by: actor.userName, isRight }, now)
    if (survives) throw new Fault('password-wrong', { survives })
    const card = await lockCard(tx, cardId)
    const obstacle = findStateObstacle(card.state)
    if (obstacle) throw new Fault(obstacle)
    const today = await countDone(tx, 'puc.reveal', `card:${cardId}`, new Date(now.getTime() - DAY_MS))
    const limit = settings.releasesPerCardAndDay
    if (today >= limit) throw new Fault('puc-limit-card', { facts: { limit } })
    const document = await findDocumentOf(tx, card)
    const stored = await findPukRecord(tx, cardId)
    const [only, ...others] = stored?.record.candidates ?? []
    const isKept = document !== undefined && document.puc !== 'none'
    if (!stored || !isKept || only === undefined || others.length > 0 || typeof only === 'string') {
      throw new Fault('puc-not-kept')
    }
    const ticket = await expectTicket(tx, { card, actor, procedure: 'telephone', now })
    const approval = await expectFourEyes(tx, { card, verificationId: ticket.id, action: 'read-puc', now })
    await spendTicket(tx, ticket)
    const at = now.toISOString()
    await updatePukRecord(tx, cardId, stored, afterRelease(stored.record, { at, to: actor.id }))
    await tellHolder(tx, card, { kind: 'puc-read', operatorId: actor.id, procedure: 'telephone' }, now)
    const claim: Claim = { cardUuid: readHex(card.card_uuid), generation: only, operatorId: actor.id, ticket }
    const verified = { verification: writeWays(ticket.ways), verificationId: ticket.id, approval }
    return { claim, event: { ...verified, cardId, personId: card.person_id, reason, generation: writeCandidate(only) } }
  },
  async release({ keys }, { cardUuid, generation, operatorId, ticket }: Claim, recordId): Promise<RevealedPuc> {
    const puc = await keys.revealPuc({ recordId, cardUuid, to: `operator:${operatorId}`, ticket }, generation)
    return { puc, showSeconds: SHOW_SECONDS }
  },
})
