import { Problem } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Tables } from '../../db/tables.ts'
import { type Card, lockCardOf } from '../cards/cards.ts'

/** An unblock by telephone: from the operator's choice of a card to its outcome. */
export type UnblockRow = Tables['unblocks']
/** How often a challenge of one unblock may miss. [piv-unblock/v1, Values] */
export const MISSES_PER_UNBLOCK = 10
/** One challenge that was answered. The answer itself is stored nowhere. */
export type Release = Tables['releases']

const unblockById = prepared((db, { id }: { id: string }) => db.selectFrom('unblocks').selectAll().where('id', '=', id))

/** @throws Problem `not-found`, also for another operator's: whose it is is nobody's affair. */
async function getUnblock(db: Db | Tx, id: string, operatorId: string): Promise<UnblockRow> {
  const [row] = (await unblockById(db, { id })).rows
  if (!row || row.operator_id !== operatorId) throw new Problem('not-found', { detail: 'no such unblock' })
  return row
}

/**
 * An unblock and its card, held until the transaction ends.
 *
 * @throws Problem `not-found`.
 */
export async function lockUnblock(
  tx: Tx,
  id: string,
  operatorId: string,
): Promise<{ unblock: UnblockRow; card: Card }> {
  const card = await lockCardOf(tx, id)
  // Read once the card is held: whoever held it before may have closed it.
  const unblock = await getUnblock(tx, id, operatorId)
  if (!card) throw new Error(`unblock ${id} without a card`)
  return { unblock, card }
}

/** What the operator was asked to sign last in a call of his own. */
export async function findStatement(db: Db, id: string, operatorId: string): Promise<string | null> {
  const [row] = (await unblockById(db, { id })).rows
  return row?.operator_id === operatorId ? row.statement : null
}

export async function noteStatement(tx: Tx, id: string, statement: string): Promise<void> {
  await tx.updateTable('unblocks').set({ statement }).where('id', '=', id).execute()
}

export async function findRelease(db: Db | Tx, cardId: string, challengeKey: string): Promise<Release | undefined> {
  return (await releaseOfChallenge(db, { cardId, challengeKey })).rows[0]
}

const releaseOfChallenge = prepared((db, { cardId, challengeKey }: { cardId: string; challengeKey: string }) =>
  db.selectFrom('releases').selectAll().where('card_id', '=', cardId).where('challenge_key', '=', challengeKey),
)

/** @throws as the database does when the card's challenge was claimed before (`isUniqueViolation`). */
export async function insertRelease(tx: Tx, release: Release): Promise<void> {
  await releaseInsertion(tx, release)
}

const releaseInsertion = prepared((db, release: Release) =>
  db.insertInto('releases').values({
    id: release.id,
    unblock_id: release.unblock_id,
    card_id: release.card_id,
    operator_id: release.operator_id,
    session_id: release.session_id,
    idempotency_key: release.idempotency_key,
    challenge_key: release.challenge_key,
    challenge: release.challenge,
    form: release.form,
    generation: release.generation,
    unblock_key_id: release.unblock_key_id,
    verification: release.verification,
    verification_id: release.verification_id,
    released_at: release.released_at,
    outcome: release.outcome,
    outcome_by: release.outcome_by,
    outcome_at: release.outcome_at,
    tries_at_risk: release.tries_at_risk,
    receipt_misses: release.receipt_misses,
    number: release.number,
    reported_by: release.reported_by,
  }),
)

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

const HOUR_MS = 3_600_000

/**
 * How much left: for a card and its holder in a day, through an operator in an hour, for how many other people through him in
 * ten minutes, and how many of his in a day have no outcome; and the number of the card's last release.
 */
export async function countReleases(
  tx: Tx,
  of: { cardId: string; personId: string; operatorId: string },
  now: Date,
): Promise<Record<'ofCard' | 'ofPerson' | 'ofOperator' | 'others' | 'outstanding' | 'last', number>> {
  const ago = (hours: number) => new Date(now.getTime() - hours * HOUR_MS).toISOString()
  const given = { ...of, day: ago(24), hour: ago(1), moment: ago(1 / 6) }
  const [counts] = (await releaseCounts(tx, given)).rows
  return {
    ofCard: Number(counts?.ofCard),
    ofPerson: Number(counts?.ofPerson),
    ofOperator: Number(counts?.ofOperator),
    others: Number(counts?.others),
    outstanding: Number(counts?.outstanding),
    last: Number(counts?.last ?? 0),
  }
}

const releaseCounts = prepared(
  (db, given: Record<'cardId' | 'personId' | 'operatorId' | 'day' | 'hour' | 'moment', string>) =>
    db.selectNoFrom((e) => {
      const ofOperator = e.selectFrom('releases').where('operator_id', '=', given.operatorId)
      return [
        e
          .selectFrom('releases')
          .select((r) => r.fn.countAll<number>().as('count'))
          .where('card_id', '=', given.cardId)
          .where('released_at', '>', given.day)
          .as('ofCard'),
        e
          .selectFrom('cards')
          .innerJoin('releases', 'releases.card_id', 'cards.id')
          .select((r) => r.fn.countAll<number>().as('count'))
          .where('cards.person_id', '=', given.personId)
          .where('released_at', '>', given.day)
          .as('ofPerson'),
        ofOperator
          .select((r) => r.fn.countAll<number>().as('count'))
          .where('released_at', '>', given.hour)
          .as('ofOperator'),
        e
          .selectFrom('releases')
          .innerJoin('unblocks', 'unblocks.id', 'releases.unblock_id')
          .select((r) => r.fn.count<number>('unblocks.person_id').distinct().as('count'))
          .where('releases.operator_id', '=', given.operatorId)
          .where('released_at', '>', given.moment)
          .where('unblocks.person_id', '!=', given.personId)
          .as('others'),
        ofOperator
          .select((r) => r.fn.countAll<number>().as('count'))
          .where('released_at', '>', given.day)
          .where('outcome', '=', 'released')
          .as('outstanding'),
        e
          .selectFrom('releases')
          .select((r) => r.fn.max('number').as('last'))
          .where('card_id', '=', given.cardId)
          .as('last'),
      ]
    }),
)

/** How many challenges missed: in this unblock, and for this card since a time. */
export async function countMisses(
  db: Db | Tx,
  unblock: { id: string; card_id: string },
  since: Date,
): Promise<{ inUnblock: number; ofCard: number }> {
  const given = { unblockId: unblock.id, cardId: unblock.card_id, since: since.toISOString() }
  const [counts] = (await missCounts(db, given)).rows
  return { inUnblock: Number(counts?.inUnblock), ofCard: Number(counts?.ofCard) }
}

const missCounts = prepared((db, given: { unblockId: string; cardId: string; since: string }) =>
  db.selectNoFrom((e) => [
    e
      .selectFrom('challenge_misses')
      .select((m) => m.fn.countAll<number>().as('count'))
      .where('unblock_id', '=', given.unblockId)
      .as('inUnblock'),
    e
      .selectFrom('challenge_misses')
      .select((m) => m.fn.countAll<number>().as('count'))
      .where('card_id', '=', given.cardId)
      .where('at', '>', given.since)
      .as('ofCard'),
  ]),
)

export async function insertMiss(tx: Tx, unblock: { id: string; card_id: string }, at: Date): Promise<void> {
  const row = { card_id: unblock.card_id, unblock_id: unblock.id, at: at.toISOString() }
  await tx.insertInto('challenge_misses').values(row).execute()
}
