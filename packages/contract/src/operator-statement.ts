import * as z from 'zod/mini'
import { writeCanonicalJson } from './canonical-json.ts'

/**
 * What an operator signs before anything is released: one statement for one operation on one card. The server executes from
 * the statement, once; the agent that the secret is sealed for checks that it is meant.
 *
 * @see [security.md, The operator's signature]
 */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const hex = (longest: number) => z.string().check(z.maxLength(longest), z.regex(/^([0-9A-F]{2})*$/))
const sha256 = () => z.string().check(z.regex(/^[0-9A-F]{64}$/))

const common = {
  attemptId: id(),
  /** 16 bytes in hexadecimal: what is on the card. */
  cardUuid: z.string().check(z.regex(/^[0-9A-F]{32}$/)),
  personId: id(),
  operatorId: id(),
  /** How the holder was verified. */
  verification: z.array(text(40)).check(z.minLength(1), z.maxLength(4)),
  /** The server's, 16 bytes in hexadecimal. */
  nonce: z.string().check(z.regex(/^[0-9A-F]{32}$/)),
  /** ISO 8601, UTC: two minutes after it was written. */
  notAfter: text(30),
}

/** The card is in a reader that this server sees. */
export const ConnectedStatement = z.strictObject({
  operation: z.literal('unblock-connected'),
  ...common,
  /** Whose agent gets it: SHA-256 of its public key. */
  agentKeySha256: sha256(),
  reader: text(200),
  /** What the secret is sealed to, beside the agent's key: SHA-256 of the point or block for key 9E, or of the host's challenge. */
  bindingSha256: sha256(),
})
export type ConnectedStatement = z.infer<typeof ConnectedStatement>

/** Its holder is on the telephone. */
export const OfflineStatement = z.strictObject({
  operation: z.literal('unblock-offline'),
  ...common,
  /** What the holder read out, its symbols without separators. */
  challenge: z.string().check(z.regex(/^[0-9A-Z]{1,64}$/)),
})
export type OfflineStatement = z.infer<typeof OfflineStatement>

/** An operator's card becomes his: signed by itself, at this reader. It opens nothing. */
export const CardStatement = z.strictObject({
  operation: z.literal('add-operator-card'),
  operatorId: id(),
  agentKeySha256: sha256(),
  reader: text(200),
  nonce: common.nonce,
  notAfter: common.notAfter,
})
export type CardStatement = z.infer<typeof CardStatement>

export const OperatorStatement = z.discriminatedUnion('operation', [ConnectedStatement, OfflineStatement])
export type OperatorStatement = z.infer<typeof OperatorStatement>

/** A fresh statement, and what the operator may sign it with. */
export const StatementToSign = z.object({
  statement: OperatorStatement,
  /** What a browser asks a passkey with; null where the operator has none. */
  passkey: z.nullable(z.record(z.string(), z.unknown())),
  /** The operator has a card that signs at an agent. */
  hasCard: z.boolean(),
  /** The demo alone takes the password of an operator, where he has no operator card. */
  allowsPassword: z.boolean(),
})
export type StatementToSign = z.infer<typeof StatementToSign>

/** The operator's signature over the statement that was written last. */
export const OperatorSignature = z.discriminatedUnion('kind', [
  /** A card of the operator, at an agent: certificate (DER) and signature over `writeSignedOctets`, in hexadecimal. */
  z.object({ kind: z.literal('card'), certificate: hex(16_384), signature: hex(1024) }),
  z.object({ kind: z.literal('passkey'), answer: z.record(z.string(), z.unknown()) }),
  /** The demo alone. */
  z.object({ kind: z.literal('password'), password: text(1000) }),
])
export type OperatorSignature = z.infer<typeof OperatorSignature>

/** A signature beside the statement that it is over, named by its nonce. */
export const SignedStatement = z.object({ nonce: z.string().check(z.maxLength(32)), signature: OperatorSignature })
export type SignedStatement = z.infer<typeof SignedStatement>

/** All that an operator card ever signs. */
export const SignedByCard = z.discriminatedUnion('operation', [ConnectedStatement, OfflineStatement, CardStatement])
export type SignedByCard = z.infer<typeof SignedByCard>

/** The text that is hashed: canonical JSON. */
export const writeStatement = (statement: SignedByCard): string => writeCanonicalJson(statement)

const CONTEXT = 'unlatch/operator-statement/v1'

/**
 * What is hashed once more and signed, 126 bytes: no TLS handshake, no Kerberos exchange and no document begins like it.
 *
 * @param statementSha256 - 32 bytes: SHA-256 of `writeStatement`.
 */
export function writeSignedOctets(statementSha256: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix = new TextEncoder().encode(`${' '.repeat(64)}${CONTEXT}\0`)
  const octets = new Uint8Array(prefix.length + statementSha256.length)
  octets.set(prefix)
  octets.set(statementSha256, prefix.length)
  return octets
}
