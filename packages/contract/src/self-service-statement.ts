import * as z from 'zod/mini'
import { ConnectedStatement } from './operator-statement.ts'

/**
 * What the server releases by when a holder unblocks his card himself: nobody signs it, the agent that the secret is sealed for
 * checks that it is meant, and it stands on record.
 */
export const SelfServiceStatement = z.strictObject({
  operation: z.literal('unblock-self-service'),
  attemptId: z.string().check(z.minLength(1), z.maxLength(64)),
  /** 16 bytes in hexadecimal: what is on the card. */
  cardUuid: z.string().check(z.regex(/^[0-9A-F]{32}$/)),
  personId: z.string().check(z.minLength(1), z.maxLength(64)),
  /** How the holder showed that it is he. */
  ways: z.array(z.string().check(z.maxLength(40))).check(z.minLength(1), z.maxLength(4)),
  /** Whose agent gets it: SHA-256 of its public key. */
  agentKeySha256: z.string().check(z.regex(/^[0-9A-F]{64}$/)),
  reader: z.string().check(z.maxLength(200)),
  /** What the secret is sealed to, beside the agent's key: SHA-256 of the point or block for key 9E, or of the host's challenge. */
  bindingSha256: z.string().check(z.regex(/^[0-9A-F]{64}$/)),
  /** The server's, 16 bytes in hexadecimal. */
  nonce: z.string().check(z.regex(/^[0-9A-F]{32}$/)),
  /** ISO 8601, UTC: two minutes after the last way was met. */
  notAfter: z.string().check(z.maxLength(30)),
})
export type SelfServiceStatement = z.infer<typeof SelfServiceStatement>

/** By what the secret of a card in a reader is released: an operator's statement, or its holder's own wish. */
export const ReleaseStatement = z.discriminatedUnion('operation', [ConnectedStatement, SelfServiceStatement])
export type ReleaseStatement = z.infer<typeof ReleaseStatement>
