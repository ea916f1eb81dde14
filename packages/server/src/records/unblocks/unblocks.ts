import { Problem } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import { type Card, lockCard } from '../cards/cards.ts'

/** An unblock by telephone: from the operator's choice of a card to its outcome. */
export type UnblockRow = Tables['unblocks']
/** One challenge that was answered. The answer itself is stored nowhere. */
export type Release = Tables['releases']

/** @throws Problem `not-found`, also for another operator's: whose it is is nobody's affair. */
async function getUnblock(db: Db | Tx, id: string, operatorId: string): Promise<UnblockRow> {
  const row = await db.selectFrom('unblocks').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.operator_id !== operatorId) throw new Problem('not-found', { detail: 'no such unblock' })
  return row
}

/**
 * An unblock and its card, held until the transaction ends.
 *
 * @throws Problem `not-found`, `card-unknown`.
 */
export async function lockUnblock(
  tx: Tx,
  id: string,
  operatorId: string,
): Promise<{ unblock: UnblockRow; card: Card }> {
  const { card_id } = await getUnblock(tx, id, operatorId)
  const card = await lockCard(tx, card_id)
  // Read again: whoever held the card before may have closed it.
  return { unblock: await getUnblock(tx, id, operatorId), card }
}

export async function findRelease(db: Db | Tx, cardId: string, challengeKey: string): Promise<Release | undefined> {
  return db
    .selectFrom('releases')
    .selectAll()
    .where('card_id', '=', cardId)
    .where('challenge_key', '=', challengeKey)
    .executeTakeFirst()
}

/** The last release of an unblock. */
export async function findLastRelease(db: Db | Tx, unblockId: string): Promise<Release | undefined> {
  return db
    .selectFrom('releases')
    .selectAll()
    .where('unblock_id', '=', unblockId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The last release of a card. Its number tells the order: a clock may be set back. */
export async function findLastReleaseOf(db: Db | Tx, cardId: string): Promise<Release | undefined> {
  return db
    .selectFrom('releases')
    .selectAll()
    .where('card_id', '=', cardId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The last release of a card, while nobody knows what became of it; undefined when that is known, or matters no more. */
export async function findOpenRelease(db: Db | Tx, cardId: string, after = 0): Promise<Release | undefined> {
  const last = await findLastReleaseOf(db, cardId)
  const isOpen = last?.outcome === 'released' || last?.outcome === 'unknown'
  return last && isOpen && last.number > after ? last : undefined
}

/** Closes what is open about a card. */
export async function closeUnblocks(tx: Tx, cardId: string, now: Date): Promise<void> {
  await tx
    .updateTable('unblocks')
    .set({ closed_at: now.toISOString() })
    .where('card_id', '=', cardId)
    .where('closed_at', 'is', null)
    .execute()
}

/**
 * True when a cryptogram for this card is out and nobody knows what became of it.
 *
 * @param after - number of the last release that no longer matters: another PUK was meant for the card since.
 */
export async function hasOutstandingRelease(db: Db | Tx, cardId: string, after = 0): Promise<boolean> {
  const row = await db
    .selectFrom('releases')
    .select('id')
    .where('card_id', '=', cardId)
    .where('number', '>', after)
    .where('outcome', '=', 'released')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** How many cryptograms left for a card, or through an operator, since a time. */
export async function countReleases(
  db: Db | Tx,
  of: { cardId: string } | { operatorId: string },
  since: Date,
): Promise<number> {
  const query = db
    .selectFrom('releases')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('released_at', '>', since.toISOString())
  const { count } = await ('cardId' in of
    ? query.where('card_id', '=', of.cardId)
    : query.where('operator_id', '=', of.operatorId)
  ).executeTakeFirstOrThrow()
  return Number(count)
}

/** How many challenges missed: in this unblock, and for this card since a time. */
export async function countMisses(
  db: Db | Tx,
  unblock: { id: string; card_id: string },
  since: Date,
): Promise<{ inUnblock: number; ofCard: number }> {
  const misses = db.selectFrom('challenge_misses').select((e) => e.fn.countAll<number>().as('count'))
  const inUnblock = await misses.where('unblock_id', '=', unblock.id).executeTakeFirstOrThrow()
  const ofCard = await misses
    .where('card_id', '=', unblock.card_id)
    .where('at', '>', since.toISOString())
    .executeTakeFirstOrThrow()
  return { inUnblock: Number(inUnblock.count), ofCard: Number(ofCard.count) }
}

export async function insertMiss(tx: Tx, unblock: { id: string; card_id: string }, at: Date): Promise<void> {
  const row = { card_id: unblock.card_id, unblock_id: unblock.id, at: at.toISOString() }
  await tx.insertInto('challenge_misses').values(row).execute()
}
