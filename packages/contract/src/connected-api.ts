import * as z from 'zod/mini'
import { CARD_STATES } from './api.ts'
import { CARD_KINDS } from './channel.ts'
import { OperatorSignature } from './operator-statement.ts'
import { ReleaseStatement } from './self-service-statement.ts'

/** What crosses the wire in a connected unblock: between console and server, and between agent and server. */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const time = () => z.string().check(z.maxLength(40))
const hex = (longest: number) => z.string().check(z.maxLength(longest), z.regex(/^([0-9A-F]{2})*$/))

// --- console and server --------------------------------------------------------------------------------------------

/** A reader of an agent that is connected now. */
export const ConnectedReader = z.object({
  agentId: id(),
  agentName: text(200),
  /** A station is where operators work; any other agent is at a cardholder's computer. */
  isStation: z.boolean(),
  reader: text(200),
  kind: z.nullable(z.enum(CARD_KINDS)),
  isBlocked: z.nullable(z.boolean()),
  /** The card on record that says to be this one; proved when it is unblocked. */
  card: z.nullable(
    z.object({
      id: id(),
      personId: id(),
      personName: text(200),
      label: text(100),
      printedSerial: text(60),
      state: z.enum(CARD_STATES),
    }),
  ),
  /** Why it is not unblocked here now, a code of `problems`; null: it can be. */
  obstacle: z.nullable(text(60)),
})
export type ConnectedReader = z.infer<typeof ConnectedReader>
export const ConnectedReaders = z.object({ readers: z.array(ConnectedReader) })
export type ConnectedReaders = z.infer<typeof ConnectedReaders>

export const AskUnblock = z.object({
  cardId: id(),
  agentId: id(),
  reader: text(200),
})
export type AskUnblock = z.infer<typeof AskUnblock>

export const AskedUnblock = z.object({ id: id() })

/**
 * `asked`: the agent shows it; `ready`: the new PIN was typed, and the operator is to prove himself; `authorised`: the card is
 * being unblocked; `unblocked`, `refused`, `unknown`: what became of it; `ended`: nothing happened to the card.
 */
export const CONNECTED_STATES = ['asked', 'ready', 'authorised', 'unblocked', 'refused', 'unknown', 'ended'] as const
export type ConnectedState = (typeof CONNECTED_STATES)[number]

export const ConnectedUnblock = z.object({
  id: id(),
  cardId: id(),
  personId: id(),
  agentName: text(200),
  reader: text(200),
  /** The card is at its holder's computer: he accepts or declines. */
  isRemote: z.boolean(),
  /** Two digits that the operator reads out and the holder's screen shows. */
  code: text(2),
  state: z.enum(CONNECTED_STATES),
  /** Why it ended, a code of `problems`; null otherwise. */
  problem: z.nullable(text(60)),
  /** Tries that the card said are left, after a refusal. */
  triesLeft: z.nullable(z.number()),
  openedAt: time(),
})
export type ConnectedUnblock = z.infer<typeof ConnectedUnblock>

export const AuthoriseUnblock = z.object({ unblockId: id(), nonce: hex(32), signature: OperatorSignature })
export type AuthoriseUnblock = z.infer<typeof AuthoriseUnblock>

// --- agent and server ----------------------------------------------------------------------------------------------

/** The card is held and the new PIN was typed: what the secret is to be sealed for. */
export const ReadyUnblock = z.object({
  unblockId: id(),
  cardUuid: hex(32),
  reader: text(200),
  /** A fresh P-256 point of this job, 65 bytes. */
  jobKey: hex(130),
})
export type ReadyUnblock = z.infer<typeof ReadyUnblock>

/** One round after that; `cardChallenge` and `cardAnswer` are a GIDS card's. */
export const CollectUnblock = z.object({
  unblockId: id(),
  cardChallenge: z.optional(hex(32)),
  cardAnswer: z.optional(hex(80)),
})
export type CollectUnblock = z.infer<typeof CollectUnblock>

/** The PUK under the agent's job key and the card's key 9E. [RFC 9180, 5.1.2] */
export const SealedPuk = z.object({
  variant: z.union([z.literal(1), z.literal(2)]),
  /** E (65 bytes), or y (256 bytes). */
  binding: hex(512),
  encapsulated: hex(130),
  ciphertext: hex(64),
})
export type SealedPuk = z.infer<typeof SealedPuk>

export const UnblockRound = z.discriminatedUnion('kind', [
  /** The operator has not signed yet. */
  z.object({ kind: z.literal('wait') }),
  z.object({ kind: z.literal('puk'), statement: ReleaseStatement, sealed: SealedPuk }),
  /** The PUK under a station's job key alone, for a card that nothing can be sealed for. [RFC 9180, 5.1.1] */
  z.object({
    kind: z.literal('station-puk'),
    statement: ReleaseStatement,
    sealed: z.object({ encapsulated: hex(130), ciphertext: hex(64) }),
  }),
  /** GIDS: what the host's side of the mutual authentication begins with, 16 bytes. */
  z.object({ kind: z.literal('host-challenge'), statement: ReleaseStatement, challenge: hex(32) }),
  /** The host's answer, 40 bytes. */
  z.object({ kind: z.literal('host-answer'), answer: hex(80) }),
  /** The card proved itself: the PIN may be set. */
  z.object({ kind: z.literal('proved') }),
])
export type UnblockRound = z.infer<typeof UnblockRound>

/** How it stands, for the agent that holds the card. */
export const UnblockProgress = z.object({
  state: z.enum(CONNECTED_STATES),
  /** Who asks now: another operator than at first where it was handed over. Absent from servers that do not tell. */
  operatorName: z.optional(text(200)),
})
export type UnblockProgress = z.infer<typeof UnblockProgress>

/** It was not begun at the card: declined, not there, the page was closed… a code of `problems`. */
export const DropUnblock = z.object({ unblockId: id(), problem: text(60) })
export type DropUnblock = z.infer<typeof DropUnblock>

/** What became of the card. */
export const ConnectedReport = z.object({
  unblockId: id(),
  outcome: z.enum(['unblocked', 'refused', 'unknown']),
  /** As the card said it; null where it did not. */
  triesLeft: z.nullable(z.number().check(z.int(), z.minimum(0), z.maximum(15))),
  at: time(),
})
export type ConnectedReport = z.infer<typeof ConnectedReport>
