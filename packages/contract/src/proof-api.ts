import * as z from 'zod/mini'
import { CeremonyAnswer, CeremonyOptions } from './operator-api.ts'
import { DOCUMENT_KINDS } from './verification-api.ts'

/**
 * What crosses the wire about a person's own passkeys: a cardholder without an account proves on a device of his own, to an
 * operator who is on the telephone, that he is who he says to be.
 */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const time = () => z.string().check(z.maxLength(40))

/** Digits of a code that an operator reads out. */
export const PROOF_CODE_DIGITS = 8
/** Symbols of an invitation to add a passkey. */
export const INVITATION_SYMBOLS = 16

/** Shows a code: one that an operator read out, or an invitation. */
export const BeginProof = z.object({ code: text(60) })

/** What the code is for, and what the browser is asked for. */
export const ProofWelcome = z.object({
  /** `prove`: by a passkey that the person has; `add`: makes one. */
  kind: z.enum(['prove', 'add']),
  operatorName: text(200),
  /** The card that the call is about; null for an invitation. */
  cardLabel: z.nullable(text(100)),
  organisation: text(200),
  options: CeremonyOptions,
})
export type ProofWelcome = z.infer<typeof ProofWelcome>

export const FinishProof = z.object({
  code: text(60),
  answer: CeremonyAnswer,
  /** What a new passkey is called. */
  label: z._default(text(60), ''),
})
export type FinishProof = z.infer<typeof FinishProof>
export const ProofDone = z.object({ kind: z.enum(['prove', 'add']), usableFrom: z.nullable(time()) })
export type ProofDone = z.infer<typeof ProofDone>

/** Nobody called, or somebody else did. */
export const DeclineProof = z.object({ code: text(60) })

/** An operator has the person before him, and lets him add a passkey. */
export const InvitePasskey = z.object({
  personId: id(),
  document: z.enum(DOCUMENT_KINDS),
  isSameFace: z.literal(true),
})
export type InvitePasskey = z.infer<typeof InvitePasskey>
export const PasskeyInvited = z.object({ code: text(40), expiresAt: time() })
export type PasskeyInvited = z.infer<typeof PasskeyInvited>

export const RemovePersonPasskey = z.object({ personId: id(), passkeyId: text(1400) })

/** A person's passkeys; each counts from `usableFrom` on. */
export const PersonPasskeys = z.object({
  passkeys: z.array(
    z.object({
      id: text(1400),
      label: text(60),
      createdAt: time(),
      usableFrom: time(),
      lastUsedAt: z.nullable(time()),
    }),
  ),
})
export type PersonPasskeys = z.infer<typeof PersonPasskeys>
