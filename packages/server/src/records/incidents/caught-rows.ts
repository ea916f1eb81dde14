import { type CaughtKind, type CaughtRow, type CaughtView, Problem } from '@unlatch/contract'
import type { Db } from '../../db/open.ts'
import type { Actor } from '../actors.ts'
import { findCaughtObstacle } from './caught.ts'

/** Incidents that the server caught, as pages show them. */

/** Where a page of the list goes on: before this moment, and at it before this id. */
export interface Place {
  readonly at: string
  readonly id: string
}

/** The newest first. */
export async function listCaught(
  db: Db,
  state: CaughtRow['state'],
  { at, id }: Place,
  limit: number,
): Promise<CaughtRow[]> {
  const rows = await select(db)
    .where('caught_incidents.state', '=', state)
    .where((e) => e(e.refTuple('caught_incidents.opened_at', 'caught_incidents.id'), '<', e.tuple(at, id)))
    .orderBy('caught_incidents.opened_at', 'desc')
    .orderBy('caught_incidents.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(rowOf)
}

/** @throws Problem `not-found`. */
export async function readCaught(db: Db, incidentId: string, actor: Actor): Promise<CaughtView> {
  const row = await select(db)
    .leftJoin('cards as others', 'others.id', 'caught_incidents.other_card_id')
    .leftJoin('operators as closers', 'closers.id', 'caught_incidents.closed_by')
    .select(['caught_incidents.first_record', 'caught_incidents.last_record', 'caught_incidents.closed_at'])
    .select(['caught_incidents.note', 'caught_incidents.operator_id', 'caught_incidents.other_operator_id'])
    .select(['cards.state as card_now', 'others.id as other_id', 'others.label as other_label'])
    .select(['others.printed_serial as other_serial', 'closers.name as closer'])
    .where('caught_incidents.id', '=', incidentId)
    .executeTakeFirst()
  if (!row) throw new Problem('not-found', { detail: 'no such incident' })
  const { closed_at: at, other_id: otherId } = row
  return {
    ...rowOf(row),
    cardNow: row.card_now,
    otherCard:
      otherId === null ? null : { id: otherId, label: row.other_label ?? '', printedSerial: row.other_serial ?? '' },
    firstRecord: row.first_record,
    lastRecord: row.last_record,
    closed: at === null ? null : { at, by: row.closer ?? '', note: row.note ?? '' },
    obstacle: findCaughtObstacle(row, actor) ?? null,
  }
}

const select = (db: Db) =>
  db
    .selectFrom('caught_incidents')
    .innerJoin('cards', 'cards.id', 'caught_incidents.card_id')
    .leftJoin('people', 'people.id', 'caught_incidents.person_id')
    .leftJoin('operators', 'operators.id', 'caught_incidents.operator_id')
    .leftJoin('operators as seconds', 'seconds.id', 'caught_incidents.other_operator_id')
    .select(['caught_incidents.id', 'caught_incidents.state', 'caught_incidents.kind', 'caught_incidents.opened_at'])
    .select(['caught_incidents.last_at', 'caught_incidents.occurrences', 'caught_incidents.card_id'])
    .select(['caught_incidents.person_id', 'caught_incidents.agent_id', 'caught_incidents.agent_name'])
    .select(['caught_incidents.other_agent_id', 'caught_incidents.other_agent_name'])
    .select(['cards.label', 'cards.printed_serial', 'people.name as person_name'])
    .select(['operators.name as operator_name', 'seconds.name as other_operator_name'])

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

const rowOf = (row: Row): CaughtRow => ({
  source: 'server',
  id: row.id,
  state: row.state as CaughtRow['state'],
  kind: row.kind as CaughtKind,
  openedAt: row.opened_at,
  lastAt: row.last_at,
  count: Number(row.occurrences),
  cardId: row.card_id,
  cardLabel: row.label,
  printedSerial: row.printed_serial,
  personId: row.person_id,
  personName: row.person_name ?? '',
  operatorName: row.operator_name ?? '',
  otherOperatorName: row.other_operator_name ?? '',
  agentId: row.agent_id,
  agentName: row.agent_name ?? '',
  otherAgentId: row.other_agent_id,
  otherAgentName: row.other_agent_name ?? '',
})
