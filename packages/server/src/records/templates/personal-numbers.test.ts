import { createHmac } from 'node:crypto'
import { ascii } from '@unlatch/card'
import { FIPS_201_3, isPersonal } from '@unlatch/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type StagedWorld, stageWorld } from '../../operations/world.fixture.ts'
import { readPersonalNumbers } from './personal-numbers.ts'

/** Numbers about a holder, as the agent of his card compares them with a new PIN. */

let stage: StagedWorld
beforeEach(async () => {
  stage = await stageWorld()
})
afterEach(() => stage.close())

it.each([
  ['046123', true, 'the telephone number as it is dialled at home'],
  ['46123456', true, 'and abroad'],
  ['80708070', false, 'digits that are nowhere'],
  ['71046123', true, 'a run inside a longer PIN'],
  ['199104', true, 'the user name'],
  ['550011', true, 'the number on the card, over its hyphen'],
  ['123456', true, 'the end of the telephone number'],
  ['654321', false, 'backwards is another number'],
])('%s: %s, %s', async (pin, expected) => {
  const personId = await stage.person('Pia Person')
  await stage.database.transaction((tx) =>
    tx
      .updateTable('people')
      .set({ phone: '+46 46 12 34 56', user_name: 'pia.199104' })
      .where('id', '=', personId)
      .execute(),
  )
  const card = { person_id: personId, is_unheld: 0, printed_serial: 'S-55-0011', hardware_number: null }
  const personal = await readPersonalNumbers(stage.database.reads, card, 6)
  const policy = { ...FIPS_201_3, personal }
  const hmac = (key: Uint8Array, run: Uint8Array) => createHmac('sha256', key).update(run).digest()
  expect(await isPersonal(policy, ascii(pin), hmac)).toBe(expected)
  expect(personal.hashes.every((hash) => /^[0-9A-F]{64}$/.test(hash))).toBe(true)
})

it('another salt each time, and nothing where nothing is known', async () => {
  const personId = await stage.person('Ola Other')
  const card = { person_id: personId, is_unheld: 0, printed_serial: '', hardware_number: '424242' }
  const [first, second] = [
    await readPersonalNumbers(stage.database.reads, card, 6),
    await readPersonalNumbers(stage.database.reads, card, 6),
  ]
  expect(first.saltHex).not.toBe(second.saltHex)
  expect(first.hashes).not.toEqual(second.hashes)
  expect((await readPersonalNumbers(stage.database.reads, { ...card, hardware_number: null }, 8)).hashes).toEqual([])
})
