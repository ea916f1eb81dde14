import { Problem } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'

/** A holder said "this was not me": until somebody else than the operator of that day saw the holder, the card serves nobody. */
export type Incident = Tables['incidents']
/** `card.suspended` on its way to whoever stops cards elsewhere. */
export type IncidentReport = Tables['incident_reports']

/** What an operator did is looked at from so long before what a notice tells until so long after it. */
const AROUND_MS = 12 * 3_600_000

/** The day around what a notice tells, whatever the zone of whoever looks. */
export function dayAround(at: string): { from: string; to: string } {
  const time = Date.parse(at)
  return { from: new Date(time - AROUND_MS).toISOString(), to: new Date(time + AROUND_MS).toISOString() }
}

export async function insertIncident(
  tx: Tx,
  row: Omit<Incident, 'state' | 'closed_at' | 'closed_by' | 'note' | 'is_lifted' | 'verification_id'>,
): Promise<void> {
  const closing = { closed_at: null, closed_by: null, note: null, is_lifted: null, verification_id: null }
  await tx
    .insertInto('incidents')
    .values({ ...row, state: 'open', ...closing })
    .execute()
}

export async function findIncident(db: Db | Tx, id: string): Promise<Incident | undefined> {
  return db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst()
}

/** An incident, held until the transaction ends. @throws Problem `not-found`. */
export async function lockIncident(tx: Tx, id: string): Promise<Incident> {
  const row = await tx.selectFrom('incidents').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Problem('not-found', { detail: 'no such incident' })
  return row
}

/** True while an incident of a card is open, but for one. */
export async function hasOpenIncident(db: Db | Tx, cardId: string, but = ''): Promise<boolean> {
  const row = await db
    .selectFrom('incidents')
    .select('id')
    .where('card_id', '=', cardId)
    .where('state', '=', 'open')
    .where('id', '!=', but)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function updateIncident(tx: Tx, id: string, values: Partial<Incident>): Promise<void> {
  await tx.updateTable('incidents').set(values).where('id', '=', id).execute()
}

export async function insertReport(tx: Tx, row: IncidentReport): Promise<void> {
  await tx.insertInto('incident_reports').values(row).execute()
}

export async function findReport(db: Db | Tx, id: string): Promise<IncidentReport | undefined> {
  return db.selectFrom('incident_reports').selectAll().where('id', '=', id).executeTakeFirst()
}

/** A report, held until the transaction ends. @throws Problem `not-found`. */
export async function lockReport(tx: Tx, id: string): Promise<IncidentReport> {
  const row = await tx.selectFrom('incident_reports').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Problem('not-found', { detail: 'no such report' })
  return row
}

/** How far whoever stops the card elsewhere was told; with the name of the connection. */
export async function findReportOf(
  db: Db | Tx,
  incidentId: string,
): Promise<(IncidentReport & { readonly connectionName: string }) | undefined> {
  return db
    .selectFrom('incident_reports')
    .innerJoin('connections', 'connections.id', 'incident_reports.connection_id')
    .selectAll('incident_reports')
    .select('connections.name as connectionName')
    .where('incident_id', '=', incidentId)
    .executeTakeFirst()
}

/** The incident that a delivery's answer opened. */
export async function findIncidentOfDelivery(
  db: Db | Tx,
  cardId: string,
  deliveryId: string,
): Promise<Incident | undefined> {
  return db
    .selectFrom('incidents')
    .selectAll()
    .where('card_id', '=', cardId)
    .where('delivery_id', '=', deliveryId)
    .executeTakeFirst()
}
