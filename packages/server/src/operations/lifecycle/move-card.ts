import { type CardMoved, MoveCard } from '@unlatch/contract'
import { lockCard } from '../../records/cards/cards.ts'
import { endFindings } from '../../records/cards/found-cards.ts'
import { findNextState, isFinal } from '../../records/cards/moves.ts'
import { insertNotice } from '../../records/notices/notices.ts'
import { voidDeliveries } from '../../records/outbox/outbox.ts'
import { closeUnblocks } from '../../records/unblocks/unblocks.ts'
import { Fault, operation } from '../operation.ts'

/**
 * An operator suspends, resumes, revokes or retires a card, with a reason. What was open about it ends: calls, deliveries, and
 * an issuance that is under way. A card that is resumed has none of that back. Its holder is told.
 */
export const moveCard = operation({
  name: 'card.move',
  permission: 'card:move',
  input: MoveCard,
  subject: ({ cardId }) => `card:${cardId}`,
  async run({ tx, now }, { cardId, move, reason, note = '' }) {
    const card = await lockCard(tx, cardId)
    const state = findNextState(card.state, move, reason)
    if (!state) {
      throw new Fault('card-move-refused', {
        facts: { state: card.state, why: `${move} (${reason}) of a card that is ${card.state}` },
      })
    }
    await tx.updateTable('cards').set({ state, personalisation: null }).where('id', '=', cardId).execute()
    await closeUnblocks(tx, cardId, now)
    await voidDeliveries(tx, cardId)
    if (isFinal(state)) await endFindings(tx, cardId)
    await insertNotice(tx, { personId: card.person_id, cardId, kind: 'card-state-changed', at: now })
    const result: CardMoved = { state }
    return { result, event: { cardId, personId: card.person_id, move, reason, note, from: card.state, to: state } }
  },
})
