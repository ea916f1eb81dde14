import { readHex } from '@unlatch/card'
import { Problem, type ProblemCode } from '@unlatch/contract'
import type { Selectable } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Tables } from '../../db/tables.ts'
import type { SealedCard } from '../../ports/key-service.ts'

/** A card that is managed here. Its row is never deleted. */
export type Card = Selectable<Tables['cards']>

/** @throws Problem `card-unknown`. */
export async function getCard(db: Db | Tx, id: string): Promise<Card> {
  const row = await db.selectFrom('cards').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new Problem('card-unknown')
  return row
}

/**
 * A card that nobody else changes until the transaction ends. Whoever counts or writes what is known about a card (releases,
 * misses, its PUK record, its personalisation) holds its row first; an operator's row comes after it, never before.
 *
 * @throws Problem `card-unknown`.
 */
export async function lockCard(tx: Tx, id: string): Promise<Card> {
  const row = await tx.selectFrom('cards').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  if (!row) throw new Problem('card-unknown')
  return row
}

/** The card of an unblock, held in the same way; undefined when there is no such unblock. */
export async function lockCardOf(tx: Tx, unblockId: string): Promise<Card | undefined> {
  return (await cardOfUnblock(tx, { unblockId })).rows[0]
}

const cardOfUnblock = prepared((db, { unblockId }: { unblockId: string }) =>
  db
    .selectFrom('cards')
    .selectAll()
    .where('id', '=', (e) => e.selectFrom('unblocks').select('card_id').where('id', '=', unblockId))
    .forNoKeyUpdate(),
)

export async function findCardByUuid(db: Db | Tx, cardUuidHex: string): Promise<Card | undefined> {
  return db.selectFrom('cards').selectAll().where('card_uuid', '=', cardUuidHex).executeTakeFirst()
}

/** The cards that a person holds, in the order in which they are shown. */
export async function listCardsOf(db: Db | Tx, personId: string): Promise<Card[]> {
  const all = db.selectFrom('cards').selectAll().where('person_id', '=', personId).where('is_unheld', '=', 0)
  return all.orderBy('label').execute()
}

/** The person's other cards, in the order in which they are shown. */
export async function listOtherCards(db: Db | Tx, card: Card): Promise<Card[]> {
  return db
    .selectFrom('cards')
    .selectAll()
    .where('person_id', '=', card.person_id)
    .where('is_unheld', '=', 0)
    .where('id', '!=', card.id)
    .orderBy('label')
    .execute()
}

/** A card whose 9E key is on record, as the key service takes it. */
export function sealedCardOf(card: Card): SealedCard | undefined {
  return card.sealed_key === null ? undefined : { cardUuid: readHex(card.card_uuid), sealedKey: card.sealed_key }
}

/** Why a card in this state is not unblocked at all; undefined when it may be. */
export function findStateObstacle(state: string): ProblemCode | undefined {
  switch (state) {
    case 'issued':
    case 'active':
      return undefined
    case 'stock':
      return 'card-in-stock'
    case 'suspended':
      return 'card-suspended'
    case 'revoked':
    case 'retired':
      return 'card-revoked'
    default:
      return 'card-not-issued'
  }
}
