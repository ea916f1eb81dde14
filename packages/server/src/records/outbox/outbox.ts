import { randomUUID } from 'node:crypto'
import { Problem } from '@unlatch/contract'
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
