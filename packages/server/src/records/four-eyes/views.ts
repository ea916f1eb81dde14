import type { FourEyesRequest, FourEyesRequests, VerificationWay } from '@unlatch/contract'
import * as z from 'zod/mini'
import { view } from '../view.ts'
import { type Approval, stateOf } from './approvals.ts'

const DAY_MS = 24 * 3_600_000

/** What is asked of a second operator, of the last day, with the evidence; the newest first. */
export const fourEyesRequests = view({
  name: 'four-eyes.requests',
  permission: 'unblock:approve',
  query: z.object({}),
  async read({ db, now }, _, actor): Promise<FourEyesRequests> {
    const rows = await db
      .selectFrom('approvals as a')
      .innerJoin('people as p', 'p.id', 'a.person_id')
      .innerJoin('cards as c', 'c.id', 'a.card_id')
      .innerJoin('operators as o', 'o.id', 'a.asked_by')
      .leftJoin('operators as s', 's.id', 'a.answered_by')
      .selectAll('a')
      .select(['p.name as person', 'c.label', 'c.printed_serial', 'o.name as asker', 's.name as answerer'])
      .where('a.asked_at', '>', new Date(now.getTime() - DAY_MS).toISOString())
      .orderBy('a.asked_at', 'desc')
      .limit(50)
      .execute()
    const ids = [...new Set(rows.map(({ verification_id }) => verification_id))]
    const ways =
      ids.length === 0
        ? []
        : await db
            .selectFrom('verification_ways')
            .selectAll()
            .where('verification_id', 'in', ids)
            .where('state', '=', 'met')
            .orderBy('met_at')
            .execute()
    return {
      requests: rows.map(
        (row): FourEyesRequest => ({
          id: row.id,
          cardId: row.card_id,
          cardLabel: row.label,
          printedSerial: row.printed_serial,
          personId: row.person_id,
          personName: row.person,
          askedBy: row.asker,
          isOwn: row.asked_by === actor.id,
          note: row.note,
          reasons: JSON.parse(row.reasons),
          askedAt: row.asked_at,
          until: row.expires_at,
          state: stateOf(row as Approval, now),
          answeredBy: row.answerer,
          isBreakGlass: row.is_break_glass === 1,
          ways: ways
            .filter(({ verification_id }) => verification_id === row.verification_id)
            .map(({ way, met_at, evidence }) => ({
              way: way as VerificationWay,
              metAt: met_at ?? '',
              evidence: JSON.parse(evidence),
            })),
        }),
      ),
    }
  },
})
