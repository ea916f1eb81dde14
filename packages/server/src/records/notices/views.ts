import {
  type AddressKind,
  DELIVERY_STATES,
  type NoticeAnswer,
  type NoticeDelivery,
  type NoticeKind,
  type NoticeProcedure,
  type Notices,
} from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import { view } from '../view.ts'
import { listNoticeDeliveries, type NoticeDeliveryRow } from './notice-deliveries.ts'

/** Notices of one card, the latest first. */
const LATEST = 20

/** What the holder of a card was told. What an address was before it changed is for supervisors. */
export const cardNotices = view({
  name: 'notices.of-card',
  permission: 'person:read',
  query: z.object({ cardId: z.string().check(z.maxLength(64)) }),
  async read({ db }, { cardId }, actor): Promise<Notices> {
    const rows = await db
      .selectFrom('notices')
      .leftJoin('operators', 'operators.id', 'notices.operator_id')
      .selectAll('notices')
      .select('operators.name as operator_name')
      .where('card_id', '=', cardId)
      .orderBy('at', 'desc')
      .limit(LATEST)
      .execute()
    const deliveries = await deliveriesOf(
      db,
      rows.map(({ id }) => id),
    )
    const seesPrevious = actor.permissions.has('unblock:supervise')
    return {
      notices: rows.map((row) => ({
        id: row.id,
        kind: row.kind as NoticeKind,
        procedure: row.procedure as NoticeProcedure | null,
        cardState: row.card_state,
        at: row.at,
        releasedAt: row.released_at,
        operatorName: row.operator_name ?? '',
        words: row.words ?? '',
        isPlanned: row.planned_at !== null,
        problem: row.problem,
        deliveries: (deliveries.get(row.id) ?? []).map((one) => deliveryOf(one, seesPrevious)),
      })),
    }
  },
})

/** Notices that are due and of which nobody has looked yet whom they reach, the oldest first. */
export async function listUnplanned(db: Db, now: Date, most: number): Promise<string[]> {
  const rows = await db
    .selectFrom('notices')
    .select('id')
    .where('planned_at', 'is', null)
    .where('due_at', '<=', now.toISOString())
    .orderBy('due_at')
    .limit(most)
    .execute()
  return rows.map(({ id }) => id)
}

async function deliveriesOf(db: Db, noticeIds: readonly string[]): Promise<Map<string, NoticeDeliveryRow[]>> {
  const found = new Map<string, NoticeDeliveryRow[]>()
  for (const row of await listNoticeDeliveries(db, noticeIds))
    found.set(row.notice_id, [...(found.get(row.notice_id) ?? []), row])
  return found
}

const deliveryOf = (row: NoticeDeliveryRow, seesPrevious: boolean): NoticeDelivery => ({
  id: row.id,
  addressKind: row.address_kind as AddressKind,
  address: row.is_previous === 1 && !seesPrevious ? null : row.address,
  isPrevious: row.is_previous === 1,
  state: DELIVERY_STATES.find((state) => state === row.state) ?? 'failed',
  attempts: row.attempts,
  nextAt: row.state === 'queued' ? row.next_at : null,
  deliveredAt: row.delivered_at,
  problem: row.problem === null ? null : { code: row.problem, detail: row.detail ?? '' },
  answer: row.answer as NoticeAnswer | null,
  answeredAt: row.answered_at,
})
