import { RetryDelivery } from '@unlatch/contract'
import { findStateObstacle, lockCard } from '../../records/cards/cards.ts'
import { requeueIn } from '../../records/outbox/attempts.ts'
import { findDelivery, isTrue, lockDelivery } from '../../records/outbox/outbox.ts'
import { findPukRecord } from '../../records/puk-records/puk-records.ts'
import { Fault, operation } from '../operation.ts'

/**
 * An operator sends a PUC again: one that failed, that still waits, or that its holder says never came. It is the same PUC,
 * so it must still be the card's.
 */
export const retryDelivery = operation({
  name: 'delivery.retry',
  permission: 'puc:deliver',
  input: RetryDelivery,
  subject: ({ deliveryId }) => `delivery:${deliveryId}`,
  async run({ tx, now }, { deliveryId }) {
    const found = await findDelivery(tx, deliveryId)
    if (!found) throw new Fault('not-found')
    const card = await lockCard(tx, found.card_id)
    const delivery = await lockDelivery(tx, deliveryId)
    const obstacle = findStateObstacle(card.state)
    if (obstacle) throw new Fault(obstacle)
    const candidates = (await findPukRecord(tx, card.id))?.record.candidates ?? []
    const isOver = delivery.state === 'void' || !isTrue(delivery, card, candidates)
    if (isOver || delivery.state === 'sending') throw new Fault('delivery-over')
    await requeueIn(tx, 'deliveries', deliveryId, now)
    return { result: {}, event: { deliveryId, cardId: card.id, personId: delivery.person_id, was: delivery.state } }
  },
})
