import { HOTP, Secret, TOTP } from 'otpauth'
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

/** A fresh one, whose app has shown no code yet; another such one of the person is void. */
export async function insertOneTimePassword(
  tx: Tx,
  one: Pick<OneTimePassword, 'id' | 'person_id' | 'kind' | 'label' | 'sealed_secret'>,
  now: Date,
): Promise<void> {
  await tx
    .deleteFrom('one_time_passwords')
    .where('person_id', '=', one.person_id)
    .where('confirmed_at', 'is', null)
    .execute()
  const never = { counter: NEVER_USED, confirmed_at: null, usable_from: null, last_used_at: null }
  await tx
    .insertInto('one_time_passwords')
    .values({ ...one, ...never, created_at: now.toISOString() })
    .execute()
}

/** Its app has shown a code: from when on it counts. */
export async function confirmOneTimePassword(tx: Tx, id: string, usableFrom: string, now: Date): Promise<void> {
  const values = { confirmed_at: now.toISOString(), usable_from: usableFrom, last_used_at: null }
  await tx.updateTable('one_time_passwords').set(values).where('id', '=', id).execute()
}

/** False when there was none of this person. */
export async function deleteOneTimePassword(tx: Tx, personId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('one_time_passwords')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** A secret as an app takes it: by a QR code, or typed in base 32. */
export function writeForApp(
  kind: string,
  secret: Uint8Array,
  { issuer, label }: { issuer: string; label: string },
): { uri: string; secret: string } {
  const shared = new Secret({ buffer: new Uint8Array(secret).buffer })
  const one =
    kind === 'hotp'
      ? new HOTP({ issuer, label, secret: shared, counter: 0 })
      : new TOTP({ issuer, label, secret: shared })
  return { uri: one.toString(), secret: shared.base32 }
}

/** The counters at which a code counts now. */
export function countersOf(
  { kind, counter }: Pick<OneTimePassword, 'kind' | 'counter'>,
  now: Date,
): { from: number; to: number } {
  const next = Number(counter) + 1
  if (kind === 'hotp') return { from: next, to: next + LOOK_AHEAD - 1 }
  const step = stepOf(now)
  return { from: Math.max(next, step - SKEW_STEPS), to: step + SKEW_STEPS }
}

const stepOf = (now: Date): number => Math.floor(now.getTime() / 1000 / STEP_SECONDS)

/**
 * After a restore nobody knows which codes were used: of a clock none counts that there has been until now, and one of a counter
 * is gone, since its codes stay what they are.
 */
export async function voidOneTimePasswords(tx: Tx, now: Date): Promise<void> {
  await tx.deleteFrom('one_time_passwords').where('kind', '=', 'hotp').execute()
  await tx
    .updateTable('one_time_passwords')
    .set({ counter: stepOf(now) + SKEW_STEPS })
    .execute()
}

/** Those of a person, the oldest first; one that was never confirmed among them. */
export async function listOneTimePasswords(db: Db | Tx, personId: string): Promise<OneTimePassword[]> {
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
