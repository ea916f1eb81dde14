import { DELIVERY_STATES, type Deliveries } from '@unlatch/contract'
import * as z from 'zod/mini'
import { view } from '../view.ts'

/** Deliveries of one card, the latest first. */
const LATEST = 20

/** What was sent, or is to be, for a card. */
export const cardDeliveries = view({
  name: 'deliveries.of-card',
  permission: 'person:read',
  query: z.object({ cardId: z.string().check(z.maxLength(64)) }),
  async read({ db }, { cardId }): Promise<Deliveries> {
    const rows = await db
      .selectFrom('deliveries')
      .innerJoin('connections', 'connections.id', 'deliveries.connection_id')
      .selectAll('deliveries')
      .select('connections.name')
      .where('card_id', '=', cardId)
      .orderBy('deliveries.created_at', 'desc')
      .limit(LATEST)
      .execute()
    return {
      deliveries: rows.map((row) => ({
        id: row.id,
        cardId: row.card_id,
        connectionName: row.name,
        state: DELIVERY_STATES.find((state) => state === row.state) ?? 'failed',
        attempts: row.attempts,
        createdAt: row.created_at,
        nextAt: row.state === 'queued' ? row.next_at : null,
        deliveredAt: row.delivered_at,
        problem: row.problem === null ? null : { code: row.problem, detail: row.detail ?? '' },
      })),
    }
  },
})
