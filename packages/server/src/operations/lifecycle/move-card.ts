import { type CardMoved, MoveCard } from '@unlatch/contract'
import { findAdminKeyRecord } from '../../records/admin-key-records/admin-key-records.ts'
import { applyMove } from '../../records/cards/apply-move.ts'
import { lockCard } from '../../records/cards/cards.ts'
import { findNextState } from '../../records/cards/moves.ts'
import { hasOpenIncident } from '../../records/incidents/incidents.ts'
import { findPukRecord } from '../../records/puk-records/puk-records.ts'
import { Fault, operation } from '../operation.ts'

/** Moves after which a card may serve somebody again. */
const LEADS_BACK: ReadonlySet<string> = new Set(['resume', 'restock'])

/**
 * An operator suspends, resumes, revokes or retires a card, or returns it to stock, with a reason. What was open about it ends:
 * calls, deliveries, and an issuance that is under way. A card that is resumed has none of that back. Its holder is told.
 */
export const moveCard = operation({
  name: 'card.move',
  permission: 'card:move',
  input: MoveCard,
  subject: ({ cardId }) => `card:${cardId}`,
  async run({ tx, now }, { cardId, move, reason, note = '' }, actor) {
    const card = await lockCard(tx, cardId)
    const state = findNextState(card.state, move, reason)
    // Only somebody who saw the holder leads it back into service, when the incident is closed.
    if (LEADS_BACK.has(move) && (await hasOpenIncident(tx, cardId))) throw new Fault('incident-open')
    const refusal = (why: string) => new Fault('card-move-refused', { facts: { state: card.state, why } })
    if (!state) throw refusal(`${move} (${reason}) of a card that is ${card.state}`)
    // Only by what is on record about its secrets can a station issue it once more.
    const wasIssued = (await findPukRecord(tx, cardId)) ?? (await findAdminKeyRecord(tx, cardId))
    if (state === 'stock' && !wasIssued) throw refusal('a card that was never issued')
    await applyMove(tx, card, state, now, actor.id)
    const result: CardMoved = { state }
    const personId = card.is_unheld === 1 ? null : card.person_id
    return { result, event: { cardId, personId, move, reason, note, from: card.state, to: state } }
  },
})
