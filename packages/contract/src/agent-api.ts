import * as z from 'zod/mini'
import { CARD_KINDS } from './channel.ts'

/** What crosses the wire about agents: how one is added, enrolled, changed and revoked, and how all of them stand. */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const name = () => z.string().check(z.trim(), z.minLength(1), z.maxLength(100))
const time = () => z.string().check(z.maxLength(40))

// --- what an administrator does --------------------------------------------------------------------------------------

export const AddAgent = z.object({ name: name(), isStation: z.boolean() })
export type AddAgent = z.infer<typeof AddAgent>

/** The one-time code of a new agent. Exists in this answer only; the server keeps a hash. */
export const AgentCode = z.object({ agentId: id(), code: text(40), expiresAt: time() })
export type AgentCode = z.infer<typeof AgentCode>

export const ChangeAgent = z.object({ agentId: id(), name: name(), isStation: z.boolean() })
export type ChangeAgent = z.infer<typeof ChangeAgent>

export const RevokeAgent = z.object({ agentId: id() })

// --- how they stand --------------------------------------------------------------------------------------------------

/**
 * `waiting`: its code was not used yet; `expired`: it no longer can be; `configured`: it stands in the server's
 * configuration file, and is changed there.
 */
export const AGENT_STATES = ['waiting', 'expired', 'enrolled', 'configured', 'revoked'] as const

export const AgentView = z.object({
  id: id(),
  name: text(200),
  isStation: z.boolean(),
  state: z.enum(AGENT_STATES),
  isOnline: z.boolean(),
  /** SHA-256 of its public key, in upper-case hexadecimal: what records call it by. */
  keySha256: z.nullable(text(64)),
  /** Who added it; null for one of the configuration, and where that operator is gone. */
  addedBy: z.nullable(text(200)),
  addedAt: z.nullable(time()),
  codeExpiresAt: z.nullable(time()),
  enrolledAt: z.nullable(time()),
  revokedAt: z.nullable(time()),
  /** When it last connected or went away; null: never, or not on record. */
  lastSeenAt: z.nullable(time()),
  version: z.nullable(text(40)),
  platform: z.nullable(text(60)),
  /** What it speaks, compared with the server: `older` is still understood, `too-old` is not. */
  age: z.nullable(z.enum(['current', 'older', 'too-old'])),
  /** What it sees now. */
  readers: z.array(
    z.object({
      name: text(200),
      card: z.nullable(z.object({ kind: z.nullable(z.enum(CARD_KINDS)), isBlocked: z.nullable(z.boolean()) })),
    }),
  ),
})
export type AgentView = z.infer<typeof AgentView>

/** A page of agents: those that are there by name, or those that were revoked, the latest first. */
export const AgentsQuery = z.object({
  show: z.prefault(z.enum(['present', 'revoked']), 'present'),
  search: z.prefault(text(100), ''),
  after: z.prefault(text(200), ''),
})
export const AgentsFound = z.object({
  agents: z.array(AgentView),
  /** Where the next page begins; null at the end. */
  next: z.nullable(text(200)),
})
export type AgentsFound = z.infer<typeof AgentsFound>

// --- at the agent ----------------------------------------------------------------------------------------------------

/** The path at which an agent enrols itself: signed by the key that it brings, like every request of an agent. */
export const ENROLMENT_PATH = '/api/enrolments'

export const EnrolAgent = z.object({
  code: text(100),
  protocol: z.number().check(z.int(), z.minimum(1), z.maximum(1000)),
  version: text(40),
  platform: text(60),
})
export type EnrolAgent = z.infer<typeof EnrolAgent>

/** Who the agent is from now on, and the key that it pins. */
export const Enrolled = z.object({
  agentId: id(),
  name: text(200),
  isStation: z.boolean(),
  /** Ed25519, 32 bytes in hexadecimal: signs the client configuration. */
  configurationKeyHex: z.string().check(z.regex(/^[0-9A-F]{64}$/i)),
})
export type Enrolled = z.infer<typeof Enrolled>
