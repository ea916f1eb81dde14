import { afterEach, beforeEach, expect, it } from 'vitest'
import { changeDeskSettings } from './desk/change-settings.ts'
import { setThreatLevel } from './desk/set-threat-level.ts'
import { perform } from './operation.ts'
import { type StagedWorld, stageWorld } from './world.fixture.ts'

/** Two supervisors at one switch: the second is told, or both are on record, in the order in which it was set. */

let stage: StagedWorld
beforeEach(async () => {
  stage = await stageWorld()
  const administrator = await stage.operator(['desk:write', 'connection:write'])
  const wish = { revision: 0, settings: { alarmAddresses: ['chief@example.org'] } }
  await perform(changeDeskSettings, stage.world, wish, administrator)
})
afterEach(() => stage.close())

const deeds = async () =>
  (await stage.audit())
    .filter(({ operation, outcome }) => operation === 'desk.set-threat-level' && outcome === 'done')
    .map(({ actor, event }) => `${actor.name} ${event.isRaised}`)
const alerts = () => stage.database.reads.selectFrom('alerts').select('kind').orderBy('created_at').execute()
const level = async () => {
  const { document } = await stage.database.reads.selectFrom('desk_settings').selectAll().executeTakeFirstOrThrow()
  return JSON.parse(document).threat as { isRaised: boolean; by: string }
}
async function both(first: boolean, second: boolean) {
  const supervisors = await Promise.all([stage.operator(['threat:set']), stage.operator(['threat:set'], 'session-2')])
  const wishes = [first, second].map((isRaised, i) =>
    perform(setThreatLevel, stage.world, { isRaised, reason: 'calls from a stranger' }, supervisors[i] as never),
  )
  return Promise.allSettled(wishes)
}

it('both raise it at once: one did, and the other is told that it was changed', async () => {
  const ended = await both(true, true)
  expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const refused = ended.find(({ status }) => status === 'rejected')
  expect(refused).toMatchObject({ reason: { code: 'desk-changed' } })
  const [deed, ...others] = await deeds()
  expect([deed, others]).toEqual([`${(await level()).by} true`, []])
  expect(await alerts()).toEqual([{ kind: 'threat-raised' }])
})

it('one raises what the other lowers: each that was done is on record once, and the last of them is what counts', async () => {
  await both(true, true)
  for (let i = 0; i < 5; i++) {
    const before = await deeds()
    const ended = await both(false, true)
    const done = (await deeds()).slice(before.length)
    expect(done).toHaveLength(ended.filter(({ status }) => status === 'fulfilled').length)
    const { isRaised, by } = await level()
    expect((await deeds()).at(-1)).toBe(`${by} ${isRaised}`)
    expect(await alerts()).toHaveLength((await deeds()).length)
  }
})
