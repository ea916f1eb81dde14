import { Problem } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import { countAttempts, forgetAttempts, insertAttempt, lockAttempts } from './throttles.ts'

/** Wrong attempts in a quarter of an hour, by what is tried; after them, nothing is judged for a while. */
const ATTEMPTS = {
  password: 5,
  passkey: 20,
  card: 5,
  'set-up-code': 10,
  'enrolment-code': 10,
  'notice-link': 20,
  'proof-code': 10,
} as const

/** What was tried: a password by its user name, an operator card by its operator; a passkey, a code and a link by the address that it came from. */
export interface Attempt {
  readonly kind: keyof typeof ATTEMPTS
  readonly by: string
  readonly isRight: boolean
}

/**
 * Counts an attempt, one after the other however many come at once. Returns what must survive its refusal; nothing when it
 * is right.
 *
 * @throws Problem `sign-in-throttled`, whatever was tried.
 */
export async function countAttempt(
  tx: Tx,
  { kind, by, isRight }: Attempt,
  now: Date,
): Promise<((after: Tx) => Promise<void>) | undefined> {
  // The prefix is older than its siblings: attempts that were counted before an upgrade go on counting.
  const key = `${kind === 'password' ? 'sign-in' : kind}:${by.trim().toLowerCase().slice(0, 100)}`
  await lockAttempts(tx, key)
  if ((await countAttempts(tx, key, now)) >= ATTEMPTS[kind]) throw new Problem('sign-in-throttled')
  if (!isRight) return (after) => insertAttempt(after, key, now)
  // Whoever has a right password may try again; a right code says nothing about the next one from that address.
  if (kind === 'password') await forgetAttempts(tx, key)
  return undefined
}
