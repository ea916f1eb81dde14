import { Problem, ReleaseStatement } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import { type Card, lockCardOf } from '../cards/cards.ts'

/** An unblock of a card that is in a reader, from the operator's wish to what became of the card. */
export type ConnectedRow = Tables['connected_unblocks']

/** States in which nothing was given out, and the card is as it was. */
const WAITING = ['proving', 'proved', 'asked', 'ready']
/** So long an attempt holds its card: then another one may begin. */
export const LEASE_MS = 10 * 60_000

export async function findConnected(db: Db | Tx, unblockId: string): Promise<ConnectedRow | undefined> {
  return db.selectFrom('connected_unblocks').selectAll().where('unblock_id', '=', unblockId).executeTakeFirst()
}

/** What is about a connected unblock, held until the transaction ends. */
export interface HeldConnected {
  readonly connected: ConnectedRow
  readonly card: Card
  /** Whose unblock it is; null: the holder's own. */
  readonly operatorId: string | null
  readonly personId: string
  /** Something else ended it: the card was moved, or another attempt took over. */
  readonly isClosed: boolean
}

/**
 * @param by - who asks: the operator whose unblock it is, or the agent that it was sent to.
 * @throws Problem `not-found`, also for anybody else's.
 */
export async function lockConnected(
  tx: Tx,
  unblockId: string,
  by: { readonly operatorId: string } | { readonly agentId: string },
): Promise<HeldConnected> {
  const card = await lockCardOf(tx, unblockId)
  const connected = await findConnected(tx, unblockId)
  const unblock = await tx.selectFrom('unblocks').selectAll().where('id', '=', unblockId).executeTakeFirst()
  const isTheirs =
    'agentId' in by
      ? connected?.agent_id === by.agentId
      : unblock !== undefined && unblock.operator_id === by.operatorId
  if (!card || !connected || !unblock || !isTheirs) throw new Problem('not-found', { detail: 'no such unblock' })
  const { operator_id: operatorId, person_id: personId, closed_at } = unblock
  return { connected, card, operatorId, personId, isClosed: closed_at !== null }
}

/** The attempt that holds a card now, if there is one. */
export async function findHolder(tx: Tx, cardId: string, now: Date): Promise<ConnectedRow | undefined> {
  return tx
    .selectFrom('connected_unblocks')
    .innerJoin('unblocks', 'unblocks.id', 'connected_unblocks.unblock_id')
    .selectAll('connected_unblocks')
    .where('connected_unblocks.card_id', '=', cardId)
    .where('connected_unblocks.opened_at', '>', new Date(now.getTime() - LEASE_MS).toISOString())
    .where('unblocks.closed_at', 'is', null)
    .orderBy('connected_unblocks.opened_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function insertConnected(tx: Tx, row: ConnectedRow): Promise<void> {
  await tx.insertInto('connected_unblocks').values(row).execute()
}

export async function updateConnected(tx: Tx, unblockId: string, values: Partial<ConnectedRow>): Promise<void> {
  await tx.updateTable('connected_unblocks').set(values).where('unblock_id', '=', unblockId).execute()
}

/** It ends with nothing done to the card. */
export async function endConnected(tx: Tx, unblockId: string, problem: string | null, now: Date): Promise<void> {
  await updateConnected(tx, unblockId, { state: 'ended', problem, statement: null })
  await tx
    .updateTable('unblocks')
    .set({ closed_at: now.toISOString() })
    .where('id', '=', unblockId)
    .where('closed_at', 'is', null)
    .execute()
}

/** True for a holder's own attempt whose card proved itself, and that is not over: what he shows counts for it. */
export const isProved = ({ connected, isClosed }: Pick<HeldConnected, 'connected' | 'isClosed'>, now: Date): boolean =>
  !isClosed && connected.state === 'proved' && !isTooOld(connected, now)

/** True for an attempt that no longer holds its card. */
export const isTooOld = ({ opened_at }: ConnectedRow, now: Date): boolean =>
  Date.parse(opened_at) + LEASE_MS <= now.getTime()

/** True while nothing was given out. */
export const isWaiting = ({ state }: ConnectedRow): boolean => WAITING.includes(state)

/** @throws Error when there is none: it was written before. */
export function readStatement({ statement }: ConnectedRow): ReleaseStatement {
  if (statement === null) throw new Error('an unblock without a statement')
  return ReleaseStatement.parse(JSON.parse(statement))
}
