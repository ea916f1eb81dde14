import { writeHex } from '@unlatch/card'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../records/actors.ts'
import type { PukRecord } from '../../records/puk-records/puk-record.ts'
import { findPukRecord } from '../../records/puk-records/puk-records.ts'
import { perform } from '../operation.ts'
import { type StagedPivCard, type StagedWorld, stageWorld } from '../world.fixture.ts'
import { reportPuc } from './report-puc.ts'

const agent = (id: string, permissions: Actor['permissions']): Actor => {
  return { kind: 'agent', id, name: 'agent', userName: '', permissions, sessionId: '' }
}
const HOLDER = agent('h', new Set(['agent:report', 'card:contact']))
const STATION = agent('s', new Set(['agent:report', 'card:contact', 'card:rotate']))
const AT = '2026-11-22T17:30:00.000Z'
const NOW = '2026-11-23T09:00:00.000Z'

let stage: StagedWorld
let personId: string
let card: StagedPivCard
beforeEach(async () => {
  stage = await stageWorld()
  personId = await stage.person()
  card = await stage.pivCard(personId)
})
afterEach(() => stage.close())

const report = (outcome: string, more: object = {}, actor = HOLDER, of: { cardUuid: Uint8Array } = card) => {
  const line = { cardUuid: writeHex(of.cardUuid), outcome, triesLeft: null, at: AT, ...more }
  return perform(reportPuc, stage.world, line, actor)
}
const record = async (of = card) => (await findPukRecord(stage.world.database.reads, of.id))?.record as PukRecord
const notices = () => stage.world.database.reads.selectFrom('notices').select(['kind', 'person_id']).execute()

describe('a report of an unblock with the PUC', () => {
  it('exposes the PUK, tells the holder, and is on record', async () => {
    const before = await record()
    expect(await report('unblocked')).toEqual({ result: 'recorded' })
    expect(await record()).toEqual({ ...before, exposedSince: NOW, exposedTo: personId })
    expect(await notices()).toEqual([{ kind: 'pin-unblocked', person_id: personId }])
    expect((await stage.audit()).at(-1)).toMatchObject({
      operation: 'unblock.report-puc',
      outcome: 'done',
      subject: `puc-report:${writeHex(card.cardUuid)}/${AT}`,
      event: { cardId: card.id, told: 'unblocked', triesLeft: null, at: AT, result: 'recorded' },
    })
  })

  it('leaves the time since when a PUK was exposed as it was', async () => {
    const exposed = await stage.pivCard(personId, { exposedSince: AT, exposedTo: personId })
    await report('unblocked', {}, HOLDER, exposed)
    expect(await record(exposed)).toMatchObject({ exposedSince: AT })
  })

  it.each(['unblocked', 'refused', 'unknown'])('%s, the same line twice: the second changes nothing', async (told) => {
    expect(await report(told)).toEqual({ result: 'recorded' })
    const after = await record()
    const sent = await notices()
    for (const actor of [HOLDER, STATION]) expect(await report(told, {}, actor)).toEqual({ result: 'known' })
    // Whatever else it says: a line is written once.
    expect(await report('refused', { triesLeft: 1 })).toEqual({ result: 'known' })
    expect(await record()).toEqual(after)
    expect(await notices()).toEqual(sent)
    expect(await report(told, { at: NOW })).toEqual({ result: 'recorded' })
  })

  it('that was refused once may come again', async () => {
    const nobody = agent('n', new Set())
    await expect(report('unknown', {}, nobody)).rejects.toMatchObject({ code: 'station-only' })
    expect(await report('unknown')).toEqual({ result: 'recorded' })
  })

  it('of a card that is not managed here is a clear answer; of one without a PUK too', async () => {
    const stranger = { cardUuid: new Uint8Array(16) }
    await expect(report('unblocked', {}, HOLDER, stranger)).rejects.toMatchObject({ code: 'card-unknown' })
    const gids = await stage.gidsCard(personId)
    expect(await report('unblocked', {}, HOLDER, gids)).toEqual({ result: 'no-puk' })
    expect(await notices()).toEqual([])
  })
})

describe('tries and candidates', () => {
  it.each([
    // told, tries on record before, by a holder's agent, by a station
    ['unblocked', null, 3, 3, 3],
    ['unblocked', null, 1, 1, 1],
    ['refused', 2, 3, 2, 2],
    ['refused', 2, 1, 1, 1],
    ['refused', 255, 3, 3, 3],
    ['refused', 0, 3, 1, 0],
    ['refused', null, 3, 2, 2],
    ['refused', null, 1, 1, 0],
    ['unknown', null, 3, 2, 2],
    ['unknown', null, 1, 1, 0],
    ['unknown', null, 0, 0, 0],
  ])('%s with %s left, %s before: at least %s; %s from a station', async (told, triesLeft, before, holder, station) => {
    const candidates = [
      { epoch: 0, counter: 2 },
      { epoch: 0, counter: 1 },
    ]
    for (const [actor, expected] of [[HOLDER, holder] as const, [STATION, station] as const]) {
      const staged = await stage.pivCard(personId, { candidates, triesAtLeast: before })
      await report(told, { triesLeft }, actor, staged)
      expect(await record(staged)).toMatchObject({ candidates, refused: [], triesAtLeast: expected })
    }
  })
})
