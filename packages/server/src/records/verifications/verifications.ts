import { readHex } from '@unlatch/card'
import { Problem, type ProblemCode, type Root, type VerificationDemand, type VerificationWay } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Tables } from '../../db/tables.ts'
import type { ReleaseTicket } from '../../ports/key-service.ts'
import type { Actor } from '../actors.ts'
import type { Card } from '../cards/cards.ts'
import { readDeskSettings } from '../desk/desk-settings.ts'
import { TICKET_MS } from '../self-service/demand.ts'
import { findDocumentOf } from '../templates/templates.ts'
import { demandOf, FRESH_MS, findMet, isFresh, type MetWay, raised, TICKET_USES, type TicketUse } from './tickets.ts'

/** That an operator verifies a card's holder. */
export type Verification = Omit<Tables['verifications'], 'uses'> & { uses: number }
/** One way of it. */
export type WayRow = Omit<Tables['verification_ways'], 'tries' | 'asked_browser'> & {
  tries: number
  asked_browser: string
}

/** So long a verification is open, whatever was met. */
const OPEN_MS = 60 * 60_000

const liveOne = prepared(
  (
    db,
    given: { operatorId: string; cardId: string; personId: string; procedure: string; since: string; most: number },
  ) =>
    db
      .selectFrom('verifications')
      .selectAll()
      .where('card_id', '=', given.cardId)
      .where('operator_id', '=', given.operatorId)
      .where('opened_at', '>', given.since)
      .where('person_id', '=', given.personId)
      .where('procedure', '=', given.procedure)
      .where('ended_at', 'is', null)
      .where('uses', '<', given.most)
      .orderBy('opened_at', 'desc')
      .limit(1),
)

/** The open verification of an operator for a card's holder, if there is one. */
export async function findOpenVerification(db: Db | Tx, use: TicketUse, now: Date): Promise<Verification | undefined> {
  const since = new Date(now.getTime() - OPEN_MS).toISOString()
  return (await liveOne(db, { ...use, since, most: TICKET_USES })).rows[0]
}

const unusedOne = prepared((db, given: { operatorId: string; personId: string; procedure: string; since: string }) =>
  db
    .selectFrom('verifications')
    .selectAll()
    .where('person_id', '=', given.personId)
    .where('operator_id', '=', given.operatorId)
    .where('opened_at', '>', given.since)
    .where('procedure', '=', given.procedure)
    .where('ended_at', 'is', null)
    .where('uses', '=', 0)
    .orderBy('opened_at', 'desc')
    .limit(1),
)

/** An operator's verification of the same person for another card, with which nothing was released. */
export async function findUnusedVerification(
  db: Db | Tx,
  use: Omit<TicketUse, 'cardId'>,
  now: Date,
): Promise<Verification | undefined> {
  const { operatorId, personId, procedure } = use
  const since = new Date(now.getTime() - OPEN_MS).toISOString()
  return (await unusedOne(db, { operatorId, personId, procedure, since })).rows[0]
}

/** It is about another card of the same person from now on. */
export async function turnVerification(tx: Tx, id: string, cardId: string): Promise<void> {
  await tx.updateTable('verifications').set({ card_id: cardId }).where('id', '=', id).execute()
}

/**
 * An operator's open verification, held until the transaction ends.
 *
 * @throws Problem `not-found` also for somebody else's; `verification-over`.
 */
export async function lockVerification(tx: Tx, id: string, operatorId: string, now: Date): Promise<Verification> {
  const row = await tx.selectFrom('verifications').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (row?.operator_id !== operatorId) throw new Problem('not-found', { detail: 'no such verification' })
  const isOver =
    row.ended_at !== null || row.uses >= TICKET_USES || Date.parse(row.opened_at) + OPEN_MS <= now.getTime()
  if (isOver) throw new Problem('verification-over')
  return row
}

export async function findVerification(db: Db | Tx, id: string): Promise<Verification | undefined> {
  return db.selectFrom('verifications').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function insertVerification(tx: Tx, row: Omit<Verification, 'uses' | 'ended_at'>): Promise<void> {
  await tx
    .insertInto('verifications')
    .values({ ...row, ended_at: null })
    .execute()
}

const waysOf = prepared((db, { id }: { id: string }) =>
  db.selectFrom('verification_ways').selectAll().where('verification_id', '=', id).orderBy('asked_at').orderBy('id'),
)

/** The ways of a verification, in their order. */
export async function listWays(db: Db | Tx, verificationId: string): Promise<WayRow[]> {
  return (await waysOf(db, { id: verificationId })).rows
}

export async function insertWay(
  tx: Tx,
  row: Omit<WayRow, 'asked_browser'> & { asked_browser?: string },
): Promise<void> {
  await tx.insertInto('verification_ways').values(row).execute()
}

/** The way whose code is kept as this. */
export async function findWayByCode(db: Db | Tx, codeMac: string): Promise<WayRow | undefined> {
  return db.selectFrom('verification_ways').selectAll().where('code_mac', '=', codeMac).executeTakeFirst()
}

/** A way, held until the transaction ends. */
export async function lockWay(tx: Tx, id: string): Promise<WayRow | undefined> {
  return tx.selectFrom('verification_ways').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function updateWay(tx: Tx, id: string, values: Partial<WayRow>): Promise<void> {
  await tx.updateTable('verification_ways').set(values).where('id', '=', id).execute()
}

/** How many ways somebody tried with a person since a time, by whomever. */
export async function countWaysOf(db: Db | Tx, personId: string, since: Date): Promise<number> {
  const { count } = await db
    .selectFrom('verification_ways')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('person_id', '=', personId)
    .where('asked_at', '>', since.toISOString())
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Those that were met. */
export const metOf = (ways: readonly WayRow[]): MetWay[] =>
  ways.flatMap(({ way, root, state, met_at }) =>
    state === 'met' && met_at !== null ? [{ way: way as VerificationWay, root: root as Root, metAt: met_at }] : [],
  )

/** What is demanded of the holder of a card. */
export async function findDemand(db: Db | Tx, card: Card): Promise<VerificationDemand> {
  const demand = demandOf(await findDocumentOf(db, card))
  const { threat } = (await readDeskSettings(db)).settings
  return threat.isRaised ? raised(demand) : demand
}

/** How a card's holder stands: verified as demanded, or why not. */
export async function judgeHolder(
  db: Db | Tx,
  on: { card: Card; actor: Pick<Actor, 'id'>; procedure: TicketUse['procedure']; now: Date },
): Promise<{ ticket: ReleaseTicket } | { obstacle: ProblemCode }> {
  const { card, actor, procedure, now } = on
  const use = { operatorId: actor.id, cardId: card.id, personId: card.person_id, procedure }
  const verification = await findOpenVerification(db, use, now)
  if (!verification) return { obstacle: 'caller-not-verified' }
  const met = metOf(await listWays(db, verification.id))
  const standing = findMet(await findDemand(db, card), met, now)
  if (!standing)
    return { obstacle: met.some((way) => isFresh(way, now)) ? 'verification-insufficient' : 'caller-not-verified' }
  const { ways, notAfter } = standing
  return { ticket: { id: verification.id, cardUuid: readHex(card.card_uuid), ways, notAfter } }
}

/**
 * The ticket for a release; nothing is written.
 *
 * @throws Problem `caller-not-verified`, `verification-insufficient`.
 */
export async function expectTicket(db: Db | Tx, on: Parameters<typeof judgeHolder>[1]): Promise<ReleaseTicket> {
  const judged = await judgeHolder(db, on)
  if ('obstacle' in judged) throw new Problem(judged.obstacle)
  return judged.ticket
}

/** Ends a verification. */
export async function endVerification(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.updateTable('verifications').set({ ended_at: now.toISOString() }).where('id', '=', id).execute()
}

/** Ends what is open about a card: nothing is released by it any more. */
export async function endVerificationsOf(tx: Tx, cardId: string, now: Date): Promise<void> {
  await tx
    .updateTable('verifications')
    .set({ ended_at: now.toISOString() })
    .where('card_id', '=', cardId)
    .where('ended_at', 'is', null)
    .execute()
}

/** Counts one release of a ticket. */
export async function spendTicket(tx: Tx, { id }: Pick<ReleaseTicket, 'id'>): Promise<void> {
  await usage(tx, { id })
}

/** Ways as a release keeps them, and back. */
export const writeWays = (ways: readonly string[]): string => ways.join('+')

/** A release keeps the ticket that it was made with: for the key service, while its answer may be asked for again. */
export const ticketOfRelease = (
  release: { verification: string; verification_id: string | null; released_at: string; operator_id: string | null },
  card: { card_uuid: string },
): ReleaseTicket => ({
  id: release.verification_id ?? '',
  cardUuid: readHex(card.card_uuid),
  ways: release.verification.split('+'),
  notAfter: new Date(
    Date.parse(release.released_at) + (release.operator_id === null ? TICKET_MS : FRESH_MS),
  ).toISOString(),
})

const usage = prepared((db, { id }: { id: string }) =>
  db
    .updateTable('verifications')
    .set((e) => ({ uses: e('uses', '+', 1) }))
    .where('id', '=', id),
)
