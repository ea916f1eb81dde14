import { randomUUID } from 'node:crypto'
import { OpenVerification } from '@unlatch/contract'
import { findStateObstacle, lockCard } from '../../records/cards/cards.ts'
import {
  findOpenVerification,
  findUnusedVerification,
  insertVerification,
  turnVerification,
} from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'

/**
 * An operator begins to verify a card's holder; his open verification of the same is found again. One of the same person for
 * another card follows him to this one, while nothing was released with it: the caller meant this card.
 */
export const openVerification = operation({
  name: 'verification.open',
  permission: 'unblock:release',
  input: OpenVerification,
  subject: ({ cardId }) => `card:${cardId}`,
  async run({ tx, now }, { cardId, procedure }, actor) {
    const card = await lockCard(tx, cardId)
    const obstacle = findStateObstacle(card.state)
    if (obstacle) throw new Fault(obstacle)
    const use = { operatorId: actor.id, cardId, personId: card.person_id, procedure }
    const open = (await findOpenVerification(tx, use, now)) ?? (await findUnusedVerification(tx, use, now))
    const id = open?.id ?? randomUUID()
    if (open && open.card_id !== cardId) await turnVerification(tx, id, cardId)
    if (!open) {
      await insertVerification(tx, {
        id,
        operator_id: actor.id,
        card_id: cardId,
        person_id: card.person_id,
        procedure,
        opened_at: now.toISOString(),
      })
    }
    const turnedFrom = open && open.card_id !== cardId ? open.card_id : null
    const event = { verificationId: id, personId: card.person_id, procedure, isNew: open === undefined, turnedFrom }
    return { result: { id }, event }
  },
})
