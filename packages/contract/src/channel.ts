import * as z from 'zod/mini'

/**
 * What an agent and the server say to each other beyond single requests: the hello that each connection begins with, and the
 * channel, a WebSocket that the agent opens. JSON, one message each.
 */

/**
 * Versions of this language that are understood here. A server speaks with agents of its own version and of the one before,
 * so that agents may follow within one release.
 */
export const AGENT_PROTOCOL = { oldest: 1, newest: 2 } as const
/** From this version on an agent knows the job of a connected unblock. */
export const UNBLOCK_PROTOCOL = 2

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))

/** An agent says who it is and what it speaks. */
export const Hello = z.object({
  protocol: z.number().check(z.int(), z.minimum(1)),
  version: text(40),
  platform: text(60),
})
export type Hello = z.infer<typeof Hello>

/** The server's answer: what is spoken from now on, and the window that it supports. */
export const Welcome = z.object({
  protocol: z.number(),
  oldest: z.number(),
  newest: z.number(),
  version: text(40),
  agent: z.object({ name: text(200), isStation: z.boolean() }),
})
export type Welcome = z.infer<typeof Welcome>

/** Kinds of card that are told apart; docs/supported-credentials.md says what each can do. */
export const CARD_KINDS = ['yubikey', 'piv-applet', 'piv', 'gids', 'cac', 'idprime'] as const

/** The card in a reader, as far as the agent could read it without touching a counter; nothing here is proved. */
export const ReaderCard = z.object({
  /** What kind of card it is; null: none that is known. */
  kind: z.nullable(z.enum(CARD_KINDS)),
  /** Its maker's version, where the card tells. */
  firmware: z.nullable(text(20)),
  /** By which application it is managed. */
  family: z.enum(['piv', 'gids', 'unknown']),
  /** 16 bytes; null on a card from the factory. */
  cardUuid: z.nullable(z.string().check(z.regex(/^[0-9A-F]{32}$/))),
  /** What its maker calls it, where the card tells. */
  hardwareNumber: z.nullable(text(40)),
  isBlocked: z.nullable(z.boolean()),
})
export type ReaderCard = z.infer<typeof ReaderCard>

export const ReaderSight = z.object({ name: text(200), card: z.nullable(ReaderCard) })
export type ReaderSight = z.infer<typeof ReaderSight>

/** A connected unblock, as it is shown where the card is. */
export const UnblockJob = z.object({
  kind: z.literal('unblock'),
  unblockId: id(),
  cardId: id(),
  cardUuid: z.string().check(z.regex(/^[0-9A-F]{32}$/)),
  reader: text(200),
  /** Who asks, for whose card. */
  operatorName: text(200),
  personName: text(200),
  cardLabel: text(100),
  printedSerial: text(60),
  /** Whoever holds the card is asked first, and compares these two digits with what the operator says. */
  isRemote: z.boolean(),
  code: z.string().check(z.regex(/^\d{2}$/)),
})
export type UnblockJob = z.infer<typeof UnblockJob>

/**
 * An operator card signs here. The agent is given the statement whole, never a digest: what it cannot read as one of ours it
 * does not sign.
 */
export const SignJob = z.object({
  kind: z.literal('sign'),
  signingId: id(),
  reader: text(200),
  /** Who asks; and, for an unblock, for whose card: as the server says it. */
  operatorName: text(200),
  personName: text(200),
  cardLabel: text(100),
  printedSerial: text(60),
  statement: z.unknown(),
})
export type SignJob = z.infer<typeof SignJob>

/** What the server may send an agent to do. */
export const AgentJob = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('issue'), cardId: id(), reader: text(200) }),
  UnblockJob,
  SignJob,
])
export type AgentJob = z.infer<typeof AgentJob>

/** How a job ended: null, or the problem. */
export const JobProblem = z.object({ code: text(60), detail: z.optional(text(1000)), why: z.optional(text(500)) })
export type JobProblem = z.infer<typeof JobProblem>

/** The first message of an agent: its hello as a text, and the signature over it by the agent's key. */
export const SignedHello = z.object({
  type: z.literal('hello'),
  hello: text(1000),
  agent: text(64),
  time: text(40),
  nonce: text(64),
  signature: text(200),
})
export type SignedHello = z.infer<typeof SignedHello>

/** What an agent says after its hello. */
export const AgentMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('readers'), readers: z.array(ReaderSight).check(z.maxLength(32)) }),
  z.object({ type: z.literal('job-ended'), jobId: id(), problem: z.nullable(JobProblem) }),
])
export type AgentMessage = z.infer<typeof AgentMessage>

/** What the server says. `tick` comes every 20 seconds: silence means that the line is dead. */
export const ServerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), welcome: Welcome }),
  z.object({
    type: z.literal('refused'),
    problem: text(60),
    /** With `agent-clock`: seconds by which the agent's clock is ahead; negative where it is behind. */
    secondsAhead: z.optional(z.number()),
  }),
  z.object({ type: z.literal('job'), jobId: id(), job: AgentJob }),
  /** Something changed for a job: the agent asks what. */
  z.object({ type: z.literal('nudge'), jobId: id() }),
  /** Whoever ordered a job wants it no more. */
  z.object({ type: z.literal('cancel'), jobId: id() }),
  z.object({ type: z.literal('tick') }),
])
export type ServerMessage = z.infer<typeof ServerMessage>

/** The path of the channel; the hello's signature names it as a GET. */
export const CHANNEL_PATH = '/api/channel'
export const TICK_SECONDS = 20
