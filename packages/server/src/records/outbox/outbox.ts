import { randomUUID } from 'node:crypto'
import { Problem, type ProblemCode } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import type { Card } from '../cards/cards.ts'
import { findConnection } from '../connections/connections.ts'
import { isSameCandidate, type PukCandidate } from '../puk-records/puk-record.ts'
import { readCandidate, writeCandidate } from '../puk-records/puk-records.ts'
import { findDocumentOf } from '../templates/templates.ts'

/**
 * The outbox of PUCs: written in the transaction that completes an issuance or a rotation, carried out by a job. It survives
 * a crash at any point: at least once, always under the same id, and always the same PUC, since a row names a generation.
 */
export type Delivery = Tables['deliveries']

/** An attempt of which nothing was heard for so long is lost, and made again. */
const LEASE_MS = 2 * 60_000
/** How long after each failed attempt the next one is due; after the last one none is. Together some two days. */
const BACK_OFF_MINUTES = [1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60]

/**
 * A PUC is the card's from now on: its holder gets it, where the card's template says so, and nothing that waits is true any
 * more. Called in the transaction that says so.
 */
export async function queuePuc(tx: Tx, card: Card, puk: PukCandidate, now: Date): Promise<void> {
  await voidDeliveries(tx, card.id)
  const document = await findDocumentOf(tx, card)
  if (document?.puc !== 'delivered' || document.connectionId === null) return
  // A PUK that is none of ours is nothing to send: the list of deliveries says so.
  const isOurs = typeof puk !== 'string'
  const row = {
    id: randomUUID(),
    card_id: card.id,
    person_id: card.person_id,
    connection_id: document.connectionId,
    generation: writeCandidate(puk),
    attempts: 0,
    detail: null,
    created_at: now.toISOString(),
    delivered_at: null,
  }
  const state = isOurs
    ? { state: 'queued', next_at: await findDue(tx, document.connectionId, now), problem: null }
    : { state: 'failed', next_at: null, problem: 'puc-not-kept' }
  await tx
    .insertInto('deliveries')
    .values({ ...row, ...state })
    .execute()
}

const HOUR_MS = 60 * 60_000

/** When it leaves at first: at once, or with the hour for letters that are collected. */
async function findDue(tx: Tx, connectionId: string, now: Date): Promise<string> {
  const details = (await findConnection(tx, connectionId))?.details
  if (details?.kind !== 'letter' || !details.letter.isCollected) return now.toISOString()
  return new Date(Math.ceil(now.getTime() / HOUR_MS) * HOUR_MS).toISOString()
}

/** Ends what waits for a card: another PUC is meant for it, or another person. */
export const voidDeliveries = (tx: Tx, cardId: string): Promise<void> => voidDeliveriesOf(tx, [cardId])

/** The same for some cards, at least one. */
export async function voidDeliveriesOf(tx: Tx, cardIds: readonly string[]): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ state: 'void', next_at: null })
    .where('card_id', 'in', cardIds)
    .where('state', 'in', ['queued', 'sending', 'failed'])
    .execute()
}

/** What is due, the longest waiting first: ids and nothing else. */
export async function listDue(db: Db, now: Date, most: number): Promise<string[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select('id')
    .where('next_at', '<=', now.toISOString())
    .orderBy('next_at')
    .limit(most)
    .execute()
  return rows.map(({ id }) => id)
}

export async function findDelivery(db: Db | Tx, id: string): Promise<Delivery | undefined> {
  return db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()
}

/** @throws Problem `not-found`. */
export async function lockDelivery(tx: Tx, id: string): Promise<Delivery> {
  const row = await tx.selectFrom('deliveries').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Problem('not-found', { detail: 'no such delivery' })
  return row
}

/** True while the PUC of a delivery is the card's, for certain, and the card its person's. */
export function isTrue(delivery: Delivery, card: Card, candidates: readonly PukCandidate[]): boolean {
  const [only, ...others] = candidates
  return (
    delivery.person_id === card.person_id &&
    only !== undefined &&
    others.length === 0 &&
    isSameCandidate(only, readCandidate(delivery.generation))
  )
}

/** Begins an attempt; it counts as lost when nothing is heard of it. */
export async function beginAttempt(tx: Tx, delivery: Delivery, now: Date): Promise<number> {
  const attempts = delivery.attempts + 1
  const next_at = new Date(now.getTime() + LEASE_MS).toISOString()
  await tx
    .updateTable('deliveries')
    .set({ state: 'sending', attempts, next_at })
    .where('id', '=', delivery.id)
    .execute()
  return attempts
}

/** How an attempt ended. */
export type AttemptEnd =
  | { readonly problem: null }
  | { readonly problem: ProblemCode; readonly detail: string; readonly isFinal: boolean }

/** Ends an attempt: delivered, tried again later, or tried no more. Returns the state that follows. */
export async function endAttempt(tx: Tx, delivery: Delivery, end: AttemptEnd, now: Date): Promise<string> {
  const values = valuesAfter(delivery, end, now)
  await tx.updateTable('deliveries').set(values).where('id', '=', delivery.id).execute()
  return values.state
}

function valuesAfter(delivery: Delivery, end: AttemptEnd, now: Date) {
  const at = now.toISOString()
  if (end.problem === null) return { state: 'delivered', next_at: null, problem: null, detail: null, delivered_at: at }
  const told = { problem: end.problem, detail: end.detail.slice(0, 500) }
  const minutes = end.isFinal ? undefined : BACK_OFF_MINUTES[delivery.attempts - 1]
  if (minutes === undefined) return { state: 'failed', next_at: null, ...told }
  return { state: 'queued', next_at: new Date(now.getTime() + minutes * 60_000).toISOString(), ...told }
}

/** Due at once, with all its attempts again. */
export async function requeue(tx: Tx, id: string, now: Date): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ state: 'queued', attempts: 0, next_at: now.toISOString() })
    .where('id', '=', id)
    .execute()
}
