import {
  type AddressKind,
  type CaughtView,
  type Deeds,
  INCIDENT_STATES,
  type IncidentRow,
  type Incidents,
  type IncidentView,
  type NoticeKind,
  type NoticeProcedure,
  Problem,
} from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import { reportStateOf } from '../notices/told.ts'
import { view } from '../view.ts'
import { listCaught, type Place, readCaught } from './caught-rows.ts'
import { findClosingObstacle } from './closing.ts'
import { readDeeds } from './deeds.ts'
import { findReportOf } from './incidents.ts'

const id = () => z.string().check(z.maxLength(64))
const place = () => z.optional(z.string().check(z.maxLength(200)))

/** What holders said and what the server caught, open or closed, the newest first. */
export const incidentList = view({
  name: 'incidents.list',
  permission: 'incident:read',
  query: z.object({
    state: z.prefault(z.enum(INCIDENT_STATES), 'open'),
    after: place(),
    limit: z.prefault(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(100)), 50),
  }),
  async read({ db }, { state, after, limit }): Promise<Incidents> {
    const [at = '', last = ''] = after === undefined ? ['~'] : after.split(' ')
    const from = { at, id: last }
    const said = await listSaid(db, state, from, limit + 1)
    const caught = await listCaught(db, state, from, limit + 1)
    const rows = [...said, ...caught].sort(byNewest)
    const page = rows.slice(0, limit)
    const end = page.at(-1)
    return { incidents: page, next: end && rows.length > limit ? `${end.openedAt} ${end.id}` : null }
  },
})

async function listSaid(db: Db, state: IncidentRow['state'], { at, id }: Place, limit: number): Promise<IncidentRow[]> {
  const rows = await select(db)
    .where('incidents.state', '=', state)
    .where((e) => e(e.refTuple('incidents.opened_at', 'incidents.id'), '<', e.tuple(at, id)))
    .orderBy('incidents.opened_at', 'desc')
    .orderBy('incidents.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(rowOf)
}

type Dated = Pick<IncidentRow, 'openedAt' | 'id'>

/** As the database orders them: by characters, whatever language the server speaks. */
function byNewest(a: Dated, b: Dated): number {
  const [one, other] = [`${a.openedAt} ${a.id}`, `${b.openedAt} ${b.id}`]
  return one < other ? 1 : -1
}

/** One that the server caught. */
export const oneCaughtIncident = view({
  name: 'incidents.one-caught',
  permission: 'incident:read',
  query: z.object({ incidentId: id() }),
  read: ({ db }, { incidentId }, actor): Promise<CaughtView> => readCaught(db, incidentId, actor),
})

/** One that a holder reported. */
export const oneIncident = view({
  name: 'incidents.one',
  permission: 'incident:read',
  query: z.object({ incidentId: id() }),
  async read({ db }, { incidentId }, actor): Promise<IncidentView> {
    const row = await select(db)
      .innerJoin('notice_deliveries', 'notice_deliveries.id', 'incidents.delivery_id')
      .leftJoin('operators as closers', 'closers.id', 'incidents.closed_by')
      .selectAll('incidents')
      .select(['notice_deliveries.address_kind', 'closers.name as closer'])
      .where('incidents.id', '=', incidentId)
      .executeTakeFirst()
    if (!row) throw new Problem('not-found', { detail: 'no such incident' })
    const report = await findReportOf(db, incidentId)
    return {
      ...rowOf(row),
      words: row.words ?? '',
      operatorId: row.operator_id,
      cardNow: row.card_now,
      toldAt: row.address_kind as AddressKind,
      report: {
        state: reportStateOf(report?.state),
        to: report?.connectionName ?? '',
        attempts: report?.attempts ?? 0,
        nextAt: report?.state === 'queued' ? report.next_at : null,
        reportedAt: report?.delivered_at ?? null,
        problem: report?.problem ? { code: report.problem, detail: report.detail ?? '' } : null,
      },
      closed:
        row.closed_at === null
          ? null
          : {
              at: row.closed_at,
              by: row.closer ?? '',
              note: row.note ?? '',
              isLifted: row.is_lifted === 1,
              document: await documentOf(db, row.verification_id),
            },
      obstacle: findClosingObstacle(row, actor) ?? null,
    }
  },
})

/** What the operator of an incident did in the day around it. */
export const incidentDeeds = view({
  name: 'incidents.deeds',
  permission: 'incident:read',
  query: z.object({ incidentId: id(), after: place() }),
  async read({ db }, { incidentId, after }): Promise<Deeds> {
    const row = await db
      .selectFrom('incidents')
      .innerJoin('notices', 'notices.id', 'incidents.notice_id')
      .select(['incidents.operator_id', 'notices.at'])
      .where('incidents.id', '=', incidentId)
      .executeTakeFirst()
    if (!row) throw new Problem('not-found', { detail: 'no such incident' })
    return readDeeds(db, { operatorId: row.operator_id ?? '-', at: row.at }, after)
  },
})

const select = (db: Db) =>
  db
    .selectFrom('incidents')
    .innerJoin('notices', 'notices.id', 'incidents.notice_id')
    .innerJoin('cards', 'cards.id', 'incidents.card_id')
    .innerJoin('people', 'people.id', 'incidents.person_id')
    .leftJoin('operators', 'operators.id', 'incidents.operator_id')
    .select(['incidents.id', 'incidents.state', 'incidents.opened_at', 'incidents.card_id', 'incidents.person_id'])
    .select(['notices.kind', 'notices.procedure', 'notices.card_state', 'notices.at', 'notices.words'])
    .select(['cards.label', 'cards.printed_serial', 'cards.state as card_now', 'people.name as person_name'])
    .select('operators.name as operator_name')

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

const rowOf = (row: Row): IncidentRow => ({
  source: 'holder',
  id: row.id,
  state: row.state as IncidentRow['state'],
  openedAt: row.opened_at,
  cardId: row.card_id,
  cardLabel: row.label,
  printedSerial: row.printed_serial,
  personId: row.person_id,
  personName: row.person_name,
  kind: row.kind as NoticeKind,
  procedure: row.procedure as NoticeProcedure | null,
  cardState: row.card_state,
  at: row.at,
  operatorName: row.operator_name ?? '',
})

/** By which document whoever closed an incident knew the holder. */
async function documentOf(db: Db, verificationId: string | null): Promise<string | null> {
  if (verificationId === null) return null
  const way = await db
    .selectFrom('verification_ways')
    .select('evidence')
    .where('verification_id', '=', verificationId)
    .executeTakeFirst()
  return way ? ((JSON.parse(way.evidence) as { document?: string }).document ?? null) : null
}
