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
