import type { Tx } from '../../db/open.ts'
import type { Caught } from '../incidents/caught.ts'
import { type Card, findCardByUuid } from './cards.ts'

/** What an agent saw of the card in its reader; absent: it did not look, null: the card has none. */
export interface SeenCard {
  readonly cardUuid?: string | null | undefined
  /** What its maker numbered it with: a YubiKey's serial. */
  readonly hardwareNumber?: string | null | undefined
}

/**
 * Why a card in a reader cannot be the one of this row, as an incident: a known card under another id, or a known id on
 * another card. Undefined where nothing speaks against it; that proves nothing: the rehearsal does.
 */
export async function findIdentityConflict(tx: Tx, card: Card, seen: SeenCard): Promise<Caught | undefined> {
  const { hardwareNumber, cardUuid } = seen
  const caught = (kind: Caught['kind'], other: Card) => ({ kind, cardId: card.id, otherCardId: other.id })
  const sameHardware = hardwareNumber && (await findCardByHardware(tx, hardwareNumber))
  if (sameHardware && sameHardware.id !== card.id) return caught('known-card-under-another-id', sameHardware)
  if (card.hardware_number !== null && hardwareNumber !== undefined && hardwareNumber !== card.hardware_number) {
    return { kind: 'known-id-on-another-card', cardId: card.id, hardwareNumber: hardwareNumber ?? 'none' }
  }
  const sameUuid = cardUuid && cardUuid !== card.card_uuid && (await findCardByUuid(tx, cardUuid))
  return sameUuid ? caught('id-of-another-card', sameUuid) : undefined
}

export async function findCardByHardware(tx: Tx, hardwareNumber: string): Promise<Card | undefined> {
  return tx.selectFrom('cards').selectAll().where('hardware_number', '=', hardwareNumber).executeTakeFirst()
}
