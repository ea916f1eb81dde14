import * as z from 'zod/mini'
import { SignedStatement } from './operator-statement.ts'
import { APPROVAL_STATES, FOUR_EYES_REASONS, VERIFICATION_WAYS } from './verification-api.ts'

/** What crosses the wire about four eyes: a second operator approves a release, or somebody breaks the glass. */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const time = () => z.string().check(z.maxLength(40))

/** What may be marked for four eyes. */
export const GUARDED_ACTIONS = ['telephone', 'connected', 'read-puc'] as const
export type GuardedAction = (typeof GUARDED_ACTIONS)[number]

/** The first operator asks; the note is for whoever approves. */
export const AskFourEyes = z.object({ verificationId: id(), note: text(500) })
export const FourEyesAsked = z.object({ id: id() })

/** What is to be signed by the second one. */
export const WriteApprovalStatement = z.object({ approvalId: id() })

/** His answer: with a signature, or no. */
export const AnswerFourEyes = z.object({ approvalId: id(), signed: z.nullable(SignedStatement) })
export type AnswerFourEyes = z.infer<typeof AnswerFourEyes>

/** Nobody can be asked, and it cannot wait: on record with the reason, and everybody named is told. */
export const BreakGlass = z.object({
  verificationId: id(),
  reason: z.string().check(z.trim(), z.minLength(10), z.maxLength(500)),
})

/** One request with its evidence, for whoever may approve it. */
export const FourEyesRequest = z.object({
  id: id(),
  cardId: id(),
  cardLabel: text(100),
  printedSerial: text(60),
  personId: id(),
  personName: text(200),
  askedBy: text(200),
  isOwn: z.boolean(),
  note: text(500),
  reasons: z.array(z.enum(FOUR_EYES_REASONS)),
  askedAt: time(),
  until: time(),
  state: z.enum(APPROVAL_STATES),
  answeredBy: z.nullable(text(200)),
  isBreakGlass: z.boolean(),
  /** What was done to verify the caller, with what is on record of it. */
  ways: z.array(
    z.object({ way: z.enum(VERIFICATION_WAYS), metAt: time(), evidence: z.record(z.string(), z.string()) }),
  ),
})
export type FourEyesRequest = z.infer<typeof FourEyesRequest>
export const FourEyesRequests = z.object({ requests: z.array(FourEyesRequest) })
export type FourEyesRequests = z.infer<typeof FourEyesRequests>

/** Raises or lowers the threat level. */
export const SetThreatLevel = z.object({
  isRaised: z.boolean(),
  reason: z.string().check(z.trim(), z.minLength(3), z.maxLength(300)),
})
