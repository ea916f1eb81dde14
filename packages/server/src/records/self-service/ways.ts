import { randomUUID } from 'node:crypto'
import {
  DEFAULT_SELF_SERVICE,
  type ProblemCode,
  type Root,
  type SelfServiceDemand,
  type SelfServiceWay,
} from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import type { Card } from '../cards/cards.ts'
import { findCardByUuid } from '../cards/cards.ts'
import { judgeCard } from '../connected-unblocks/judge-card.ts'
import { readDeskSettings } from '../desk/desk-settings.ts'
import { findDocumentOf } from '../templates/templates.ts'
import { type MetSelfServiceWay, WRONG_TRIES, WRONG_WINDOW_MS } from './demand.ts'

/** One way by which a holder, whose card proved itself, says who he is. */
export type SelfServiceWayRow = Tables['self_service_ways']

/** What the template of a card demands of a holder who unblocks it himself. */
export async function findSelfServiceDemand(db: Db | Tx, card: Card): Promise<SelfServiceDemand> {
  return (await findDocumentOf(db, card))?.selfService ?? DEFAULT_SELF_SERVICE
}

/** Why nobody unblocks this card by self-service now; undefined where its holder may. */
export async function findSelfServiceObstacle(db: Db | Tx, card: Card): Promise<ProblemCode | undefined> {
  if ((await findDocumentOf(db, card))?.allows.selfService !== true) return 'self-service-not-allowed'
  if ((await readDeskSettings(db)).settings.threat.isRaised) return 'self-service-closed'
  const judged = await judgeCard(db, card, { procedure: 'selfService', isSupervisor: false, isStation: false })
  return 'obstacle' in judged ? judged.obstacle : undefined
}

/** The same by what is on the card. */
export async function findObstacleOf(db: Db, cardUuidHex: string): Promise<ProblemCode | undefined> {
  const card = await findCardByUuid(db, cardUuidHex)
  return card ? findSelfServiceObstacle(db, card) : 'card-unknown'
}

/** The ways of an attempt, in their order. */
export async function listWaysOf(db: Db | Tx, unblockId: string): Promise<SelfServiceWayRow[]> {
  return db
    .selectFrom('self_service_ways')
    .selectAll()
    .where('unblock_id', '=', unblockId)
    .orderBy('asked_at')
    .orderBy('id')
    .execute()
}

/** Those that were met. */
export const metWaysOf = (rows: readonly SelfServiceWayRow[]): MetSelfServiceWay[] =>
  rows.flatMap(({ way, root, state, met_at }) =>
    state === 'met' && met_at !== null ? [{ way: way as SelfServiceWay, root: root as Root, metAt: met_at }] : [],
  )

/** Tries of a way that a card has left now. Whoever holds the card can use them up, and nobody else. */
export async function countTriesLeft(
  db: Db | Tx,
  { cardId, way, now }: { cardId: string; way: SelfServiceWay; now: Date },
): Promise<number> {
  const { count } = await db
    .selectFrom('self_service_ways')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('card_id', '=', cardId)
    .where('way', '=', way)
    .where('asked_at', '>', new Date(now.getTime() - WRONG_WINDOW_MS).toISOString())
    .where('state', '!=', 'met')
    .where('state', '!=', 'void')
    .executeTakeFirstOrThrow()
  return Math.max(0, WRONG_TRIES[way] - Number(count))
}

/** What is known of a way when it is written. */
export interface NewWay {
  readonly unblockId: string
  readonly card: Card
  readonly way: SelfServiceWay
  readonly root: Root
  readonly state: 'asked' | 'met' | 'failed'
  readonly codeMac?: string
  readonly evidence: Readonly<Record<string, unknown>>
}

export async function insertSelfServiceWay(tx: Tx, way: NewWay, now: Date): Promise<string> {
  const id = randomUUID()
  const at = now.toISOString()
  await tx
    .insertInto('self_service_ways')
    .values({
      id,
      unblock_id: way.unblockId,
      card_id: way.card.id,
      person_id: way.card.person_id,
      way: way.way,
      root: way.root,
      state: way.state,
      asked_at: at,
      met_at: way.state === 'met' ? at : null,
      code_mac: way.codeMac ?? null,
      evidence: JSON.stringify(way.evidence),
    })
    .execute()
  return id
}

/**
 * A way that was asked is answered: once. `void`: the other side did not answer at all, and nothing was tried.
 *
 * @returns false where it was answered before.
 */
export async function settleWay(
  tx: Tx,
  id: string,
  to: { readonly state: 'met' | 'failed' | 'void'; readonly evidence: Readonly<Record<string, unknown>> },
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('self_service_ways')
    .set({
      state: to.state,
      met_at: to.state === 'met' ? now.toISOString() : null,
      code_mac: null,
      evidence: JSON.stringify(to.evidence),
    })
    .where('id', '=', id)
    .where('state', '=', 'asked')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** What was asked of this attempt, and not answered, is asked no more: its code says nothing. It stays a try. */
export async function voidAskedWays(tx: Tx, unblockId: string): Promise<void> {
  await tx
    .updateTable('self_service_ways')
    .set({ state: 'failed', code_mac: null })
    .where('unblock_id', '=', unblockId)
    .where('state', '=', 'asked')
    .where('way', 'in', ['passkey', 'identity-provider'])
    .execute()
}

/** The way that is asked by this code, on another device. */
export async function findWayOfCode(db: Db | Tx, codeMac: string): Promise<SelfServiceWayRow | undefined> {
  return db.selectFrom('self_service_ways').selectAll().where('code_mac', '=', codeMac).executeTakeFirst()
}

export async function findSelfServiceWay(db: Db | Tx, id: string): Promise<SelfServiceWayRow | undefined> {
  return db.selectFrom('self_service_ways').selectAll().where('id', '=', id).executeTakeFirst()
}
