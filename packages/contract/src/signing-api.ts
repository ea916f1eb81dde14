import * as z from 'zod/mini'

/** An operator card signs at an agent: what crosses the wire between console and server, and between agent and server. */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const hex = (longest: number) => z.string().check(z.maxLength(longest), z.regex(/^([0-9A-F]{2})*$/))

/** Where the card is. */
const place = { agentId: id(), reader: text(200) }

/** The statement that was written last for an unblock, or for the approval of one, is to be signed there. */
export const AskSigning = z.object({
  unblockId: z.optional(id()),
  approvalId: z.optional(id()),
  nonce: hex(32),
  ...place,
})
export type AskSigning = z.infer<typeof AskSigning>

export const SigningAsked = z.object({ signingId: id() })

/** `asked`: the agent shows it; `signed`: here it is; `ended`: nothing was signed. */
export const Signing = z.object({
  signingId: id(),
  state: z.enum(['asked', 'signed', 'ended']),
  /** Why it ended, a code of `problems`. */
  problem: z.nullable(text(60)),
  certificate: z.nullable(hex(16_384)),
  signature: z.nullable(hex(1024)),
})
export type Signing = z.infer<typeof Signing>

/** How it ended at the agent. */
export const AnswerSigning = z.object({
  signingId: id(),
  answer: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('signed'), certificate: hex(16_384), signature: hex(1024) }),
    z.object({ kind: z.literal('ended'), problem: text(60) }),
  ]),
})
export type AnswerSigning = z.infer<typeof AnswerSigning>

/** An operator wants his card added, and types his password for it. */
export const BeginOperatorCard = z.object({ password: text(1000), ...place })
export type BeginOperatorCard = z.infer<typeof BeginOperatorCard>

export const AddOperatorCard = z.object({ signingId: id(), label: text(60).check(z.minLength(1)) })
export type AddOperatorCard = z.infer<typeof AddOperatorCard>

export const RemoveOperatorCard = z.object({ operatorCardId: id() })
