import { afterEach, beforeEach, expect, it } from 'vitest'
import { SYSTEM } from '../../records/actors.ts'
import { countStarts } from '../../records/server-starts/server-starts.ts'
import { perform } from '../operation.ts'
import { type StagedWorld, stageWorld } from '../world.fixture.ts'
import { recordStart } from './record-start.ts'

let stage: StagedWorld
beforeEach(async () => {
  stage = await stageWorld()
})
afterEach(() => stage.close())

const start = () => perform(recordStart, stage.world, { version: '0.1.0' }, SYSTEM)
const inDatabase = async () => {
  const { node } = await stage.world.keys.journalState()
  return countStarts(stage.world.database.reads, node)
}

it('counts a start in the database and in the journal, with its record', async () => {
  await start()
  await start()
  expect(await inDatabase()).toBe(2)
  expect(await stage.world.keys.journalState()).toMatchObject({ starts: 2, isOld: false })
  expect((await stage.audit()).at(-1)).toMatchObject({ operation: 'server.start', event: { starts: 2 } })
})

it('a server that dies between the two leaves the database ahead, which is no restore', async () => {
  await start()
  const keys = Object.create(stage.world.keys, {
    countStart: { value: async () => Promise.reject(new Error('killed')) },
  })
  await expect(perform(recordStart, { ...stage.world, keys }, { version: '0.1.0' }, SYSTEM)).rejects.toThrow('killed')
  const { starts } = await stage.world.keys.journalState()
  expect([await inDatabase(), starts]).toEqual([2, 1])
  await start()
  expect([await inDatabase(), (await stage.world.keys.journalState()).starts]).toEqual([2, 2])
})
