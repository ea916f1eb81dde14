import {
  type CeremonyAnswer,
  type OperatorSignature,
  OperatorStatement,
  Problem,
  type ProblemCode,
  type StatementToSign,
} from '@unlatch/contract'
import type { Database, Db, Tx } from '../../db/open.ts'
import type { CardAuthority } from '../../ports/card-authority.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Passwords } from '../../ports/passwords.ts'
import type { Actor } from '../actors.ts'
import { demandAuthority } from '../operator-cards/demand-authority.ts'
import {
  findOperatorCard,
  isInTime,
  isSignedBy,
  listOperatorCards,
  type OperatorCard,
  readCertificate,
  useOperatorCard,
} from '../operator-cards/operator-cards.ts'
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
    | { readonly kind: 'card'; readonly card: OperatorCard; readonly certificate: string; readonly signature: string }
    | { readonly kind: 'password' }
    | 'regressed'
    | 'expired'
    | undefined
}

/** What verifying needs of the world. */
interface Verifying {
  readonly database: Database
  readonly passwords: Passwords
  readonly clock: Clock
  readonly cardAuthority: CardAuthority | undefined
  readonly settings: RelyingParty & { readonly isDemo: boolean }
}

/** A statement is good for so long. */
const LIFETIME_MS = 2 * 60_000

/** When a statement that is written now is too old. */
export const lastMomentOf = (now: Date): string => new Date(now.getTime() + LIFETIME_MS).toISOString()

/** @throws as the schema does when it is none. */
export const parseStatement = (statement: string): OperatorStatement => OperatorStatement.parse(JSON.parse(statement))

/** What the operator may sign a statement with. */
export async function writeToSign(
  reads: Db,
  settings: RelyingParty & { readonly isDemo: boolean },
  operatorId: string,
  statement: OperatorStatement,
): Promise<StatementToSign> {
  const passkeys = await listPasskeys(reads, operatorId)
  const passkey =
    passkeys.length === 0 ? null : { ...(await writeAssertion(settings, challengeOf(statement), passkeys)) }
  const hasCard = (await listOperatorCards(reads, operatorId)).length > 0
  return { statement, passkey, hasCard, allowsPassword: settings.isDemo && !hasCard }
}

/**
 * Verifies a signature over a statement; changes nothing.
 *
 * @param statement - canonical JSON, as it was written for this operator.
 * @throws Problem `not-permitted` for a password outside the demo, or of an operator who has an operator card;
 *   `operator-card-untrusted`, `-revoked` and `-revocation-unknown` for a right signature by a card that does not count.
 */
export async function judgeSignature(
  world: Verifying,
  statement: string,
  signature: OperatorSignature,
  actor: Actor,
): Promise<Proof> {
  const { database, settings, passwords } = world
  if (signature.kind === 'password') {
    if (!settings.isDemo) throw new Problem('not-permitted', { detail: 'a password signs nothing outside the demo' })
    if ((await listOperatorCards(database.reads, actor.id)).length > 0)
      throw new Problem('not-permitted', { detail: 'an operator with an operator card signs with it, in the demo too' })
    const hash = passwordHashOf(await findOperatorById(database.reads, actor.id))
    return { statement, by: (await passwords.verify(hash, signature.password)) ? { kind: 'password' } : undefined }
  }
  if (signature.kind === 'card') return { statement, by: await judgeCardSignature(world, statement, signature, actor) }
  const answer = signature.answer as unknown as CeremonyAnswer
  const passkey = await findPasskey(database.reads, answer.id)
  if (!passkey || passkey.operator_id !== actor.id) return { statement, by: undefined }
  const assertion = await verifyAssertion(settings, challengeOf(parseStatement(statement)), answer, passkey)
  if (assertion === undefined || assertion === 'regressed') return { statement, by: assertion }
  return { statement, by: { kind: 'passkey', passkey, counter: assertion.counter, answer } }
}

/** By an operator card: the certificate is known as his, is valid now, counts with its authority, and signed this statement. */
async function judgeCardSignature(
  { database, clock, cardAuthority }: Verifying,
  statement: string,
  { certificate, signature }: Extract<OperatorSignature, { kind: 'card' }>,
  actor: Actor,
): Promise<Proof['by']> {
  const read = readCertificate(certificate)
  const card = read && (await findOperatorCard(database.reads, read.sha256))
  if (!card || card.operator_id !== actor.id) return undefined
  if (!isSignedBy(read.x509, parseStatement(statement), signature)) return undefined
  if (!isInTime(read.x509, clock.now())) return 'expired'
  demandAuthority(cardAuthority, read.x509, clock.now())
  return { kind: 'card', card, certificate: card.certificate, signature }
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
  if (survives && signature.kind === 'card')
    return { code: proof.by === 'expired' ? 'operator-card-expired' : 'operator-card-refused', survives }
  if (survives) return { code: proof.by === 'regressed' ? 'passkey-copied' : 'passkey-refused', survives }
  if (typeof proof.by === 'object' && proof.by.kind === 'passkey') {
    const isFirst = await usePasskey(tx, proof.by.passkey, proof.by.counter, now)
    if (!isFirst) return { code: 'passkey-refused' }
  }
  if (typeof proof.by === 'object' && proof.by.kind === 'card' && !(await useOperatorCard(tx, proof.by.card.id, now)))
    return { code: 'operator-card-refused' }
  return undefined
}

/** What is kept with the record: the whole answer of the authenticator, by which anybody can check it again. */
export function writeProof({ by }: Proof): string {
  if (typeof by !== 'object') throw new Error('nothing was proved')
  if (by.kind === 'password') return JSON.stringify({ kind: 'password', note: 'demo: no signature' })
  if (by.kind === 'card') return JSON.stringify({ kind: 'card', certificate: by.certificate, signature: by.signature })
  const { id, response } = by.answer
  return JSON.stringify({ kind: 'passkey', id, publicKey: by.passkey.public_key, response })
}
