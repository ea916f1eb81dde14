import type { Tx } from '../../db/open.ts'
import type { Actor } from '../../records/actors.ts'
import { lockCard } from '../../records/cards/cards.ts'
import { Fault } from '../operation.ts'

/**
 * A card whose place another one of the same person may take. It is revoked when that one is issued: who orders this must be
 * one who may revoke it.
 *
 * @throws Fault `not-permitted`, `input-invalid` for a card of somebody else; Problem `card-unknown`.
 */
export async function expectReplaceable(tx: Tx, cardId: string, personId: string, actor: Actor): Promise<void> {
  if (!actor.permissions.has('card:move')) throw new Fault('not-permitted')
  const card = await lockCard(tx, cardId)
  if (card.person_id !== personId || card.is_unheld === 1) {
    throw new Fault('input-invalid', { detail: 'replacesCardId: a card of somebody else' })
  }
}
