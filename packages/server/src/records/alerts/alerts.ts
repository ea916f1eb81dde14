import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import { readDeskSettings } from '../desk/desk-settings.ts'

/** Alarms: mails to those whom the desk names, written in the transaction of what they tell. */
export type Alert = Selectable<Tables['alerts']>

/** What an alarm is about. */
export type AlertKind = 'glass-broken' | 'threat-raised' | 'threat-lowered'

/** How long after each failed attempt the next one is due. */
const BACK_OFF_MINUTES = [1, 5, 15, 60, 3 * 60, 12 * 60]
/** An attempt of which nothing was heard for so long is made again. */
const LEASE_MS = 2 * 60_000

/** Tells everybody named. Returns how many that are. */
export async function raiseAlert(
  tx: Tx,
  kind: AlertKind,
  facts: Readonly<Record<string, string>>,
  now: Date,
): Promise<number> {
  const { alarmAddresses } = (await readDeskSettings(tx)).settings
  const at = now.toISOString()
  const fresh = { created_at: at, next_at: at, problem: null, delivered_at: null }
  for (const recipient of alarmAddresses) {
    const row = { id: randomUUID(), recipient, kind, facts: JSON.stringify(facts), ...fresh }
    await tx.insertInto('alerts').values(row).execute()
  }
  return alarmAddresses.length
}

/** Takes one that is due, which counts as lost when nothing is heard of it. */
export async function takeDueAlert(tx: Tx, now: Date): Promise<Alert | undefined> {
  const row = await tx
    .selectFrom('alerts')
    .selectAll()
    .where('next_at', '<=', now.toISOString())
    .orderBy('next_at')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return undefined
  const next_at = new Date(now.getTime() + LEASE_MS).toISOString()
  await tx
    .updateTable('alerts')
    .set({ next_at, attempts: row.attempts + 1 })
    .where('id', '=', row.id)
    .execute()
  return { ...row, attempts: row.attempts + 1 }
}

/** How an attempt ended: delivered, tried again later, or no more. */
export async function endAlert(tx: Tx, alert: Alert, problem: string | null, now: Date): Promise<void> {
  const minutes = BACK_OFF_MINUTES[alert.attempts - 1]
  const later = minutes === undefined ? null : new Date(now.getTime() + minutes * 60_000).toISOString()
  const values =
    problem === null ? { next_at: null, problem: null, delivered_at: now.toISOString() } : { next_at: later, problem }
  await tx.updateTable('alerts').set(values).where('id', '=', alert.id).execute()
}
