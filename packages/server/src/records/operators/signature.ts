import {
  type CeremonyAnswer,
  type OperatorSignature,
  OperatorStatement,
  Problem,
  type ProblemCode,
} from '@unlatch/contract'
import type { Database, Db, Tx } from '../../db/open.ts'
import type { Passwords } from '../../ports/passwords.ts'
import type { Actor } from '../actors.ts'
import { type RelyingParty, verifyAssertion, writeAssertion } from '../passkeys/ceremonies.ts'
import { findPasskey, listPasskeys, type Passkey, usePasskey } from '../passkeys/passkeys.ts'
import { countAttempt } from '../throttles/attempts.ts'
import { findOperatorById, passwordHashOf } from './operators.ts'
import { challengeOf } from './statement.ts'

/**
 * The Operator PIN: an operator's signature over a statement. It is verified before the transaction opens (`judgeSignature`),
 * and counted, and its authenticator's counter moved on, inside it (`findSignatureRefusal`).
 */

/** By what the operator proved himself, and over which statement; `by` is undefined where he did not. */
export interface Proof {
  /** Canonical JSON. */
  readonly statement: string
  readonly by:
    | { readonly kind: 'passkey'; readonly passkey: Passkey; readonly counter: number; readonly answer: CeremonyAnswer }
    | { readonly kind: 'password' }
    | 'regressed'
    | undefined
}

/** What verifying needs of the world. */
interface Verifying {
  readonly database: Database
  readonly passwords: Passwords
  readonly settings: RelyingParty & { readonly isDemo: boolean }
}

/** A statement is good for so long. */
const LIFETIME_MS = 2 * 60_000

/** When a statement that is written now is too old. */
export const lastMomentOf = (now: Date): string => new Date(now.getTime() + LIFETIME_MS).toISOString()

/** @throws as the schema does when it is none. */
export const parseStatement = (statement: string): OperatorStatement => OperatorStatement.parse(JSON.parse(statement))

/** What a browser asks the operator's passkeys with; null where he has none. */
export async function writeQuestion(
  reads: Db,
  party: RelyingParty,
  operatorId: string,
  statement: OperatorStatement,
): Promise<Record<string, unknown> | null> {
  const passkeys = await listPasskeys(reads, operatorId)
  return passkeys.length === 0 ? null : { ...(await writeAssertion(party, challengeOf(statement), passkeys)) }
}

/**
 * Verifies a signature over a statement; changes nothing.
 *
 * @param statement - canonical JSON, as it was written for this operator.
 * @throws Problem `not-permitted` for a password outside the demo.
 */
export async function judgeSignature(
  { database, settings, passwords }: Verifying,
  statement: string,
  signature: OperatorSignature,
  actor: Actor,
): Promise<Proof> {
  if (signature.kind === 'password') {
    if (!settings.isDemo) throw new Problem('not-permitted', { detail: 'a password signs nothing outside the demo' })
    const hash = passwordHashOf(await findOperatorById(database.reads, actor.id))
    return { statement, by: (await passwords.verify(hash, signature.password)) ? { kind: 'password' } : undefined }
  }
  const answer = signature.answer as unknown as CeremonyAnswer
  const passkey = await findPasskey(database.reads, answer.id)
  if (!passkey || passkey.operator_id !== actor.id) return { statement, by: undefined }
  const assertion = await verifyAssertion(settings, challengeOf(parseStatement(statement)), answer, passkey)
  if (assertion === undefined || assertion === 'regressed') return { statement, by: assertion }
  return { statement, by: { kind: 'passkey', passkey, counter: assertion.counter, answer } }
}

/** Why a signature does not count; `survives` is written with the refusal. */
export interface SignatureRefusal {
  readonly code: ProblemCode
  readonly survives?: (tx: Tx) => Promise<void>
}

/**
 * Counts the signature as a try of this operator, right or wrong. Undefined: he proved himself.
 *
 * @throws Problem `sign-in-throttled` after too many wrong ones, whatever this one is.
 */
export async function findSignatureRefusal(
  tx: Tx,
  on: { signature: OperatorSignature; actor: Actor; proof: Proof; now: Date },
): Promise<SignatureRefusal | undefined> {
  const { signature, actor, proof, now } = on
  const isRight = typeof proof.by === 'object'
  const attempt = { kind: signature.kind, by: signature.kind === 'password' ? actor.userName : `operator:${actor.id}` }
  const survives = await countAttempt(tx, { ...attempt, isRight }, now)
  if (survives && signature.kind === 'password') return { code: 'password-wrong', survives }
  if (survives) return { code: proof.by === 'regressed' ? 'passkey-copied' : 'passkey-refused', survives }
  if (typeof proof.by === 'object' && proof.by.kind === 'passkey') {
    const isFirst = await usePasskey(tx, proof.by.passkey, proof.by.counter, now)
    if (!isFirst) return { code: 'passkey-refused' }
  }
  return undefined
}

/** What is kept with the record: the whole answer of the authenticator, by which anybody can check it again. */
export function writeProof({ by }: Proof): string {
  if (typeof by !== 'object') throw new Error('nothing was proved')
  if (by.kind === 'password') return JSON.stringify({ kind: 'password', note: 'demo: no signature' })
  const { id, response } = by.answer
  return JSON.stringify({ kind: 'passkey', id, publicKey: by.passkey.public_key, response })
}
