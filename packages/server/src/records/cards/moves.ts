import { CARD_MOVES, type CARD_STATES, type CardMove, type MoveReason } from '@unlatch/contract'

/**
 * The table of moves: from which states an operator moves a card, to which, and for what reasons. What it does not have is
 * refused. Register, Issue and Reissue are not moves: the first two lead from nothing to `registered` and `issued`, and a card
 * that is given to another person, from stock too, is `registered` again. Nothing leads out of `revoked`. Pure.
 */

/** A state of the life cycle. */
export type CardState = (typeof CARD_STATES)[number]

interface Move {
  readonly from: readonly CardState[]
  readonly to: CardState
  readonly reasons: readonly MoveReason[]
}

/**
 * The table. A card that is revoked is not to be trusted wherever it is; one that is retired is in hand, and put away; one in
 * stock is in hand, nobody holds it, and somebody else is to have it.
 */
export const MOVES = {
  suspend: { from: ['issued', 'active'], to: 'suspended', reasons: ['lost', 'stolen', 'compromised', 'absent'] },
  resume: { from: ['suspended'], to: 'issued', reasons: ['found', 'returned', 'cleared', 'mistake'] },
  revoke: {
    from: ['stock', 'registered', 'issued', 'active', 'suspended'],
    to: 'revoked',
    reasons: ['lost', 'stolen', 'compromised', 'damaged', 'left', 'superseded', 'mistake'],
  },
  retire: {
    from: ['stock', 'registered', 'issued', 'active', 'suspended'],
    to: 'retired',
    reasons: ['damaged', 'left', 'superseded', 'returned', 'mistake'],
  },
  restock: {
    from: ['issued', 'active', 'suspended', 'retired'],
    to: 'stock',
    reasons: ['returned', 'left', 'superseded', 'found', 'mistake'],
  },
} as const satisfies Record<CardMove, Move>

/** The state that follows; undefined where the table has no such move, or not for this reason. */
export function findNextState(state: string, move: CardMove, reason: MoveReason): CardState | undefined {
  const { from, to, reasons }: Move = MOVES[move]
  return from.some((one) => one === state) && reasons.includes(reason) ? to : undefined
}

/** The moves that the table has for a card in this state, with their reasons. */
export function listMoves(state: string): { move: CardMove; reasons: MoveReason[] }[] {
  return CARD_MOVES.filter((move) => (MOVES[move].from as readonly string[]).includes(state)).map((move) => ({
    move,
    reasons: [...MOVES[move].reasons],
  }))
}
