import { randomUUID } from 'node:crypto'
import { isStationOnly, OpenUnblock, type Unblock } from '@unlatch/contract'
import { getCard } from '../../records/cards/cards.ts'
import { findDocumentOf } from '../../records/templates/templates.ts'
import { Fault, operation } from '../operation.ts'

/** An operator takes a call about a card: everything that follows is counted and recorded under it. */
export const openUnblock = operation({
  name: 'unblock.open',
  permission: 'unblock:release',
  input: OpenUnblock,
  subject: ({ cardId }) => `card:${cardId}`,
  async run({ tx, now }, { cardId }, actor) {
    const card = await getCard(tx, cardId)
    const document = await findDocumentOf(tx, card)
    if (document && isStationOnly(document)) throw new Fault('standard-refuses')
    if (document?.allows.telephone === false) throw new Fault('procedure-not-allowed')
    const id = randomUUID()
    const openedAt = now.toISOString()
    const row = {
      id,
      card_id: cardId,
      person_id: card.person_id,
      operator_id: actor.id,
      opened_at: openedAt,
      closed_at: null,
    }
    await tx.insertInto('unblocks').values(row).execute()
    const result: Unblock = { id, cardId, personId: card.person_id, openedAt }
    return { result, event: { unblockId: id } }
  },
})
