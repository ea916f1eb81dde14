import * as z from 'zod/mini'
import { CARD_STATES } from './api.ts'

/** What crosses the wire about a card's life cycle: its moves, the list of cards, and what is wrong with some of them. */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))

// --- moves ---------------------------------------------------------------------------------------------------------

/** From one state of the life cycle to another, by an operator's word. */
export const CARD_MOVES = ['suspend', 'resume', 'revoke', 'retire'] as const
export type CardMove = (typeof CARD_MOVES)[number]

/** Why a card is moved, by name: `absent`: its holder is away; `left`: he is gone for good; `cleared`: a suspicion was none. */
export const MOVE_REASONS = [
  'lost',
  'stolen',
  'compromised',
  'damaged',
  'absent',
  'left',
  'superseded',
  'returned',
  'found',
  'cleared',
  'mistake',
] as const
export type MoveReason = (typeof MOVE_REASONS)[number]

export const MoveCard = z.object({
  cardId: id(),
  move: z.enum(CARD_MOVES),
  reason: z.enum(MOVE_REASONS),
  note: z.optional(text(500)),
})
export const CardMoved = z.object({ state: z.enum(CARD_STATES) })
export type CardMoved = z.infer<typeof CardMoved>

// --- findings ------------------------------------------------------------------------------------------------------

/**
 * What is wrong with a card that is in use: somebody outside may know its PUC; its PUC waits for over an hour, or was given
 * up; its PUC is the factory's; no PUC that is known was right; its key 9B is the factory's; it refused its admin key; nothing
 * but the PUC unblocks it, since its key 9E does not answer.
 */
export const CARD_FINDINGS = [
  'puc-exposed',
  'puc-undelivered',
  'puc-default',
  'puk-unknown',
  'key-factory',
  'key-unknown',
  'puc-only',
] as const
export type CardFinding = (typeof CARD_FINDINGS)[number]

export const FindingCount = z.object({
  finding: z.enum(CARD_FINDINGS),
  count: z.number(),
  /** Counting stopped: there may be more. */
  isAtLeast: z.boolean(),
  /** Key of the message that says what to do. */
  remedy: text(100),
})
export const FindingCounts = z.object({ findings: z.array(FindingCount) })
export type FindingCounts = z.infer<typeof FindingCounts>

// --- the list of cards ---------------------------------------------------------------------------------------------

/** By when they were registered, or by printed serial. */
export const CARD_SORTS = ['newest', 'oldest', 'serial'] as const
export type CardSort = (typeof CARD_SORTS)[number]

export const CardRow = z.object({
  id: id(),
  label: text(100),
  printedSerial: text(60),
  family: z.enum(['piv', 'gids']),
  state: z.enum(CARD_STATES),
  personId: id(),
  personName: text(200),
  /** Null on a card without a template. */
  templateName: z.nullable(text(100)),
  templateVersion: z.nullable(z.number()),
  /** Its template has a newer version. */
  isOlderVersion: z.boolean(),
  createdAt: text(40),
  findings: z.array(z.enum(CARD_FINDINGS)),
})
export type CardRow = z.infer<typeof CardRow>

export const CardsFound = z.object({
  cards: z.array(CardRow),
  /** What the next page is asked with (`after`); null: this is the last one. A page may be short, and have a next one. */
  next: z.nullable(text(800)),
  /** A search found more people than are looked at: a longer one finds the rest. */
  isCut: z.boolean(),
})
export type CardsFound = z.infer<typeof CardsFound>
