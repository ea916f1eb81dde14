import type { Tx } from '../../db/open.ts'
import { tellHolder } from '../notices/notices.ts'
import { voidDeliveries } from '../outbox/outbox.ts'
import { noteFormerHolder, removeSearchWord } from '../people/people.ts'
import { closeUnblocks } from '../unblocks/unblocks.ts'
import type { Card } from './cards.ts'
import { isInUse } from './findings.ts'
import { setOutOfUse } from './found-cards.ts'
import type { CardState } from './moves.ts'

/**
 * A card that is held comes to another state of the table. What was open about it ends: calls, deliveries, and an issuance that
 * is under way. Its holder is told, and which operator did it. In stock it has none any more, and nobody is found by what is printed on it.
 */
export async function applyMove(tx: Tx, card: Card, state: CardState, now: Date, operatorId?: string): Promise<void> {
  const isStock = state === 'stock'
  await tx
    .updateTable('cards')
    .set({ state, personalisation: null, ...(isStock && { is_unheld: 1, replaces_card_id: null }) })
    .where('id', '=', card.id)
    .execute()
  await closeUnblocks(tx, card.id, now)
  await voidDeliveries(tx, card.id)
  if (!isInUse(state)) await setOutOfUse(tx, card.id, true)
  if (isStock && card.is_unheld === 0) {
    await removeSearchWord(tx, card.person_id, card.printed_serial)
    await noteFormerHolder(tx, card.person_id)
  }
  await tellHolder(tx, card, { kind: 'card-state-changed', operatorId, cardState: state }, now)
}
