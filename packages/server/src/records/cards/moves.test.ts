import { CARD_MOVES, CARD_STATES, MOVE_REASONS } from '@unlatch/contract'
import { describe, expect, it } from 'vitest'
import { findNextState, listMoves, MOVES } from './moves.ts'

/** What follows in each state, in the order of the moves: suspend, resume, revoke, retire, restock. */
const FOLLOWS = {
  stock: [undefined, undefined, 'revoked', 'retired', undefined],
  registered: [undefined, undefined, 'revoked', 'retired', undefined],
  issued: ['suspended', undefined, 'revoked', 'retired', 'stock'],
  active: ['suspended', undefined, 'revoked', 'retired', 'stock'],
  suspended: [undefined, 'issued', 'revoked', 'retired', 'stock'],
  revoked: [undefined, undefined, undefined, undefined, undefined],
  retired: [undefined, undefined, undefined, undefined, 'stock'],
} as const

describe('the table of moves', () => {
  it.each(CARD_STATES.flatMap((state) => CARD_MOVES.map((move, i) => [state, move, FOLLOWS[state][i]] as const)))(
    'a card that is %s: %s leads to %s',
    (state, move, follows) => {
      for (const reason of MOVE_REASONS) {
        const isReason = (MOVES[move].reasons as readonly string[]).includes(reason)
        expect([reason, findNextState(state, move, reason)]).toEqual([reason, isReason ? follows : undefined])
      }
    },
  )

  it('uses every reason', () => {
    const used = new Set<string>(CARD_MOVES.flatMap((move) => MOVES[move].reasons))
    expect(MOVE_REASONS.filter((reason) => !used.has(reason))).toEqual([])
  })

  it('ends in one of them', () => {
    expect(CARD_STATES.filter((state) => listMoves(state).length === 0)).toEqual(['revoked'])
  })

  it('knows no other state', () => expect(findNextState('lost', 'revoke', 'lost')).toBeUndefined())
})
