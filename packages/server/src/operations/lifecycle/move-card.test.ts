import type { CardMove, MoveReason } from '@unlatch/contract'
import { CARD_MOVES, CARD_STATES } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../records/actors.ts'
import { MOVES } from '../../records/cards/moves.ts'
import { perform } from '../operation.ts'
import { type StagedWorld, stageWorld } from '../world.fixture.ts'
import { moveCard } from './move-card.ts'

let stage: StagedWorld
let officer: Actor
let personId: string
beforeEach(async () => {
  stage = await stageWorld()
  officer = await stage.operator(['card:move'])
  personId = await stage.person()
})
afterEach(() => stage.close())

const move = (cardId: string, wish: { move: CardMove; reason: MoveReason; note?: string }) =>
  perform(moveCard, stage.world, { cardId, ...wish }, officer)
const stateOf = async (cardId: string) =>
  (await stage.database.reads.selectFrom('cards').select('state').where('id', '=', cardId).executeTakeFirst())?.state
const noticesOf = (cardId: string) =>
  stage.database.reads.selectFrom('notices').selectAll().where('card_id', '=', cardId).execute()

describe('a card is moved', () => {
  it.each(CARD_STATES.flatMap((state) => CARD_MOVES.map((name) => [state, name] as const)))(
    'when it is %s: %s as the table says, and not otherwise',
    async (state, name) => {
      const { id } = await stage.pivCard(personId, {}, state)
      const { from, to, reasons } = MOVES[name]
      const wish = { move: name, reason: reasons[0] as MoveReason }
      if ((from as readonly string[]).includes(state)) {
        expect(await move(id, wish)).toEqual({ state: to })
        expect(await stateOf(id)).toBe(to)
        expect(await noticesOf(id)).toMatchObject([{ kind: 'card-state-changed', person_id: personId }])
        expect((await stage.audit()).at(-1)).toMatchObject({
          operation: 'card.move',
          outcome: 'done',
          event: { ...wish, from: state, to, personId, note: '' },
        })
      } else {
        const refusal = { code: 'card-move-refused', facts: { state } }
        await expect(move(id, wish)).rejects.toMatchObject(refusal)
        expect(await stateOf(id)).toBe(state)
        expect(await noticesOf(id)).toEqual([])
        expect((await stage.audit()).at(-1)).toMatchObject({ outcome: 'refused', event: { problem: refusal.code } })
      }
    },
  )

  it('for a reason that the table has for it, and with a note where one is given', async () => {
    const { id } = await stage.pivCard(personId)
    await expect(move(id, { move: 'suspend', reason: 'found' })).rejects.toMatchObject({ code: 'card-move-refused' })
    await move(id, { move: 'suspend', reason: 'lost', note: 'in a taxi' })
    expect((await stage.audit()).at(-1)?.event).toMatchObject({ reason: 'lost', note: 'in a taxi' })
    const tooLong = move(id, { move: 'resume', reason: 'found', note: 'x'.repeat(501) })
    await expect(tooLong).rejects.toMatchObject({ code: 'input-invalid' })
    await expect(move('nobody', { move: 'retire', reason: 'damaged' })).rejects.toMatchObject({ code: 'card-unknown' })
  })
})
