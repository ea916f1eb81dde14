import { ApproveTry, type TryApproved } from '@unlatch/contract'
import { findStateObstacle, lockCard } from '../../records/cards/cards.ts'
import { approveOneTry } from '../../records/cards/try-approvals.ts'
import { Fault, operation, type Ran } from '../operation.ts'

/**
 * Where it is not sure that a card has the secret on record, a supervisor approves that one try is spent to find out. The
 * holder, who stands at the station with the card, consents there.
 */
export const approveTry = operation({
  name: 'card.approve-try',
  permission: 'unblock:supervise',
  input: ApproveTry,
  subject: ({ cardId }) => `card:${cardId}`,
  async run({ tx, now }, { cardId }): Promise<Ran<never, TryApproved>> {
    const card = await lockCard(tx, cardId)
    const obstacle = findStateObstacle(card.state)
    if (obstacle) throw new Fault(obstacle)
    const validUntil = await approveOneTry(tx, card.id, now)
    return { result: { validUntil }, event: { cardId: card.id, validUntil } }
  },
})
