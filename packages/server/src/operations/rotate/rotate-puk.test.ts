import { writeHex } from '@unlatch/card'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../records/actors.ts'
import { findPukRecord } from '../../records/puk-records/puk-records.ts'
import { perform } from '../operation.ts'
import { type StagedPivCard, type StagedWorld, stageWorld } from '../world.fixture.ts'
import { rotatePuk, touchCard } from './rotate-puk.ts'

const agent = (permissions: Actor['permissions']): Actor => {
  return { kind: 'agent', id: 'a', name: 'agent', userName: '', permissions, sessionId: '' }
}
const STATION = agent(new Set(['agent:report', 'card:contact', 'card:rotate']))
const HOLDER = { ...agent(new Set(['agent:report', 'card:contact'])), id: 'h' }
const EXPOSED = { exposedSince: '2026-11-22T09:00:00.000Z', exposedTo: 'somebody' }

let stage: StagedWorld
let card: StagedPivCard
beforeEach(async () => {
  stage = await stageWorld()
  card = await stage.pivCard(await stage.person(), EXPOSED)
})
afterEach(() => stage.close())

const touch = (actor = STATION, cardUuid = writeHex(card.cardUuid)) =>
  perform(touchCard, stage.world, { cardUuid }, actor)
const answer = (body: object) => perform(rotatePuk, stage.world, { cardId: card.id, attempt: 'none', ...body }, STATION)
const record = async () => (await findPukRecord(stage.world.database.reads, card.id))?.record

describe('a card at a station', () => {
  it('is rotated there alone, and only if it is managed', async () => {
    await expect(touch(HOLDER)).rejects.toMatchObject({ code: 'station-only' })
    await expect(touch(STATION, '00'.repeat(16))).rejects.toMatchObject({ code: 'card-unknown' })
    await expect(answer({})).rejects.toMatchObject({ code: 'attempt-closed' })
  })

  it('proves itself first: without both proofs nothing leaves, and nothing is changed', async () => {
    const before = await record()
    for (const proofs of [undefined, [], ['00'.repeat(32)], ['00'.repeat(32), '00'.repeat(32)]]) {
      const { attempt, ...round } = await touch()
      expect(round).toMatchObject({
        command: null,
        rehearsal: { nonce: expect.stringMatching(/^[0-9A-F]{10}$/) },
      })
      await expect(answer({ attempt, proofs })).rejects.toMatchObject({ code: 'rehearsal-failed' })
      expect(await record()).toEqual(before)
    }
    expect(await stage.world.keys.journalled()).toEqual([])
  })
})
