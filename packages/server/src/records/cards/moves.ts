import type { CARD_STATES, CardMove, MoveReason } from '@unlatch/contract'

/**
 * The table of moves: from which states an operator moves a card, to which, and for what reasons. What it does not have is
 * refused. Register, Issue and Reissue are not moves: the first two lead from nothing to `registered` and `issued`, and a card
 * that is given to another person is `registered` again. Nothing leads out of `revoked` and `retired`. Pure.
 */

/** A state of the life cycle. */
export type CardState = (typeof CARD_STATES)[number]

interface Move {
  readonly from: readonly CardState[]
  readonly to: CardState
  readonly reasons: readonly MoveReason[]
}

/** The table. A card that is revoked is not to be trusted wherever it is; one that is retired is in hand, and put away. */
export const MOVES = {
  suspend: { from: ['issued', 'active'], to: 'suspended', reasons: ['lost', 'stolen', 'compromised', 'absent'] },
  resume: { from: ['suspended'], to: 'issued', reasons: ['found', 'returned', 'cleared', 'mistake'] },
  revoke: {
    from: ['registered', 'issued', 'active', 'suspended'],
    to: 'revoked',
    reasons: ['lost', 'stolen', 'compromised', 'damaged', 'left', 'superseded', 'mistake'],
  },
  retire: {
    from: ['registered', 'issued', 'active', 'suspended'],
    to: 'retired',
    reasons: ['damaged', 'left', 'superseded', 'returned', 'mistake'],
  },
} as const satisfies Record<CardMove, Move>

/** The state that follows; undefined where the table has no such move, or not for this reason. */
export function findNextState(state: string, move: CardMove, reason: MoveReason): CardState | undefined {
  const { from, to, reasons }: Move = MOVES[move]
  return from.some((one) => one === state) && reasons.includes(reason) ? to : undefined
}

/** True for a state that nothing leads out of: the card is out of use for good. */
export const isFinal = (state: CardState): boolean =>
  Object.values(MOVES).every(({ from }: Move) => !from.includes(state))
