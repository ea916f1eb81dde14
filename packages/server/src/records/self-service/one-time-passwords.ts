import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import type { KeyService } from '../../ports/key-service.ts'

/**
 * One-time passwords of cardholders. Each code counts once: nothing at or before the last counter that was used, and nothing far
 * from where a device can be by now.
 *
 * @see [RFC 4226, 7]; [RFC 6238, 5.2]
 */
export type OneTimePassword = Tables['one_time_passwords']

/** Seconds of a time step. [RFC 6238, 4.1] */
const STEP_SECONDS = 30
/** Steps of a clock that goes wrong, to either side. */
const SKEW_STEPS = 1
/** Codes of a counter that were drawn and typed nowhere. */
const LOOK_AHEAD = 10
/** Before the first code. */
export const NEVER_USED = -1

/** The counters at which a code counts now. */
export function countersOf(
  { kind, counter }: Pick<OneTimePassword, 'kind' | 'counter'>,
  now: Date,
): { from: number; to: number } {
  const next = Number(counter) + 1
  if (kind === 'hotp') return { from: next, to: next + LOOK_AHEAD - 1 }
  const step = Math.floor(now.getTime() / 1000 / STEP_SECONDS)
  return { from: Math.max(next, step - SKEW_STEPS), to: step + SKEW_STEPS }
}

/** Those of a person, the oldest first; one that was never confirmed among them. */
async function listOneTimePasswords(db: Db | Tx, personId: string): Promise<OneTimePassword[]> {
  const all = db.selectFrom('one_time_passwords').selectAll().where('person_id', '=', personId)
  return all.orderBy('created_at').orderBy('id').execute()
}

/** Those that count now. */
export async function listUsableOneTimePasswords(db: Db | Tx, personId: string, now: Date): Promise<OneTimePassword[]> {
  const all = await listOneTimePasswords(db, personId)
  return all.filter(({ usable_from }) => usable_from !== null && usable_from <= now.toISOString())
}

/**
 * Uses a code up. One that is typed twice at the same instant counts once.
 *
 * @returns false for a code that is wrong, was used, or is of another time.
 */
export async function spendOneTimeCode(
  tx: Tx,
  keys: KeyService,
  one: OneTimePassword,
  { code, now }: { code: string; now: Date },
): Promise<boolean> {
  const of = { personId: one.person_id, id: one.id, sealed: one.sealed_secret }
  const counter = await keys.checkOneTimePassword(of, code, countersOf(one, now))
  if (counter === undefined) return false
  const { numUpdatedRows } = await tx
    .updateTable('one_time_passwords')
    .set({ counter, last_used_at: now.toISOString() })
    .where('id', '=', one.id)
    .where('counter', '=', one.counter)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
