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
const sha256 = () => z.string().check(z.regex(/^[0-9A-F]{64}$/))

export const OperatorStatement = z.strictObject({
  /** `unblock-connected`: the card is in a reader that this server sees. */
  operation: z.enum(['unblock-connected']),
  attemptId: id(),
  /** 16 bytes in hexadecimal: what is on the card. */
  cardUuid: z.string().check(z.regex(/^[0-9A-F]{32}$/)),
  personId: id(),
  operatorId: id(),
  /** Whose agent gets it: SHA-256 of its public key. */
  agentKeySha256: sha256(),
  reader: text(200),
  /** What the secret is sealed to, beside the agent's key: SHA-256 of the point or block for key 9E, or of the host's challenge. */
  bindingSha256: sha256(),
  /** How the holder was verified. */
  verification: z.array(text(40)).check(z.minLength(1), z.maxLength(4)),
  /** The server's, 16 bytes in hexadecimal. */
  nonce: z.string().check(z.regex(/^[0-9A-F]{32}$/)),
  /** ISO 8601, UTC: two minutes after it was written. */
  notAfter: text(30),
})
export type OperatorStatement = z.infer<typeof OperatorStatement>

/** The text that is hashed: canonical JSON. */
export const writeStatement = (statement: OperatorStatement): string => writeCanonicalJson(statement)

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
