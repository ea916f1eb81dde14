import { CARD_MOVES, CARD_STATES, MOVE_REASONS } from '@unlatch/contract'
import { describe, expect, it } from 'vitest'
import { findNextState, isFinal, MOVES } from './moves.ts'

/** What follows in each state, in the order of the moves: suspend, resume, revoke, retire. */
const FOLLOWS = {
  registered: [undefined, undefined, 'revoked', 'retired'],
  issued: ['suspended', undefined, 'revoked', 'retired'],
  active: ['suspended', undefined, 'revoked', 'retired'],
  suspended: [undefined, 'issued', 'revoked', 'retired'],
  revoked: [undefined, undefined, undefined, undefined],
  retired: [undefined, undefined, undefined, undefined],
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

  it('ends in two of them', () => expect(CARD_STATES.filter(isFinal)).toEqual(['revoked', 'retired']))

  it('knows no other state', () => expect(findNextState('lost', 'revoke', 'lost')).toBeUndefined())
})
