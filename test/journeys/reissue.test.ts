import { ascii, concat, readHex, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { createVirtualCard, loadVirtualCard, personaliseGids, type VirtualCard } from '@unlatch/virtual-cards'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { perform } from '../../packages/server/src/operations/operation.ts'
import { openUnblock } from '../../packages/server/src/operations/unblock/open-unblock.ts'
import { releaseCryptogram } from '../../packages/server/src/operations/unblock/release-cryptogram.ts'
import { findPeople, personDetails } from '../../packages/server/src/records/people/views.ts'
import { look } from '../../packages/server/src/records/view.ts'
import { openSecretsStage, type SecretsStage } from './secrets-stage.fixture.ts'
import { EACH_COMMAND, recordCells } from './tear-cells.ts'

/** A card of ours is given to somebody else: nothing that its last holder may know opens it afterwards. */

const SELECT_PIV = '00A4040009A0000003080000100000'

let stage: SecretsStage
let newHolder: string
beforeEach(async () => {
  stage = await openSecretsStage({
    releasesPerOperatorAndHour: 1000,
    releasesPerHour: 1000,
    releasesPerPersonAndDay: 1000,
    personsPerOperatorInTenMinutes: 1000,
    outstandingPerOperator: 1000,
  })
  newHolder = await stage.staged.person('Nils Next')
})
afterEach(() => stage.close())

const pukOf = (card: VirtualCard) => (card.save() as { puk: { valueHex: string; left: number } }).puk
const nineBOf = (card: VirtualCard) => (card.save() as { managementKey: { keyHex: string } }).managementKey.keyHex
const reissue = (cardId: string) => stage.station.client.reissueCard({ cardId, personId: newHolder, label: 'new' })
const summaries = async (personId: string) => {
  const { world } = stage.staged
  return (await look(personDetails(true), world, { personId }, stage.operator)).cards
}
const peopleOf = async (search: string) =>
  (await look(findPeople, stage.staged.world, { search }, stage.operator)).people.map(({ id }) => id)
const generationsOf = async () => {
  const rows = await stage.staged.world.database.reads.selectFrom('generations').selectAll().execute()
  return Object.fromEntries(rows.map(({ purpose, counter }) => [purpose, counter]))
}

/** What somebody with the old PUK would do, on a copy of the card. */
function unblocksWith(card: VirtualCard, pukHex: string): boolean {
  const copy = loadVirtualCard(card.save())
  copy.transmit(readHex(SELECT_PIV))
  const data = concat(readHex(pukHex), ascii('490712'), Uint8Array.of(0xff, 0xff))
  return writeHex(copy.transmit(concat(readHex('002C008010'), data))) === '9000'
}

describe.each(['yubikey', 'yubikey-3des', 'piv-lenient', 'piv-strict'] as const)('a %s', (kind) => {
  it('has other secrets afterwards: the old PUK is refused, the new holder can call', async () => {
    const issued = await stage.issuedPiv(kind)
    await stage.call(stage.station, issued)
    const [oldPuk, old9b] = [pukOf(issued.card).valueHex, nineBOf(issued.card)]
    expect(unblocksWith(issued.card, oldPuk)).toBe(true)
    const before = await generationsOf()

    await reissue(issued.cardId)
    expect(await summaries(newHolder)).toMatchObject([
      { state: 'registered', obstacle: 'card-not-issued', label: 'new' },
    ])
    await stage.station.issue(issued.cardId, issued.card)

    expect(unblocksWith(issued.card, oldPuk)).toBe(false)
    expect(unblocksWith(issued.card, pukOf(issued.card).valueHex)).toBe(true)
    if (kind !== 'piv-strict') expect(nineBOf(issued.card)).not.toBe(old9b)
    const after = await generationsOf()
    for (const [purpose, counter] of Object.entries(before)) expect(after[purpose]).toBeGreaterThan(counter)
    expect(await summaries(newHolder)).toMatchObject([{ state: 'issued', exposedSince: null, obstacle: null }])
    expect((await stage.call(stage.station, issued)).problem).toBeUndefined()
    expect(await stage.station.contact(issued.card)).toBe('done')
  })
})

it('its last holder has it no longer: not in the search, not in his cards; his history stays his', async () => {
  const issued = await stage.issuedPiv()
  await stage.call(stage.station, issued)
  const { printedSerial } = (await summaries(stage.personId))[0] ?? { printedSerial: '' }
  expect(await peopleOf(printedSerial)).toEqual([stage.personId])
  await reissue(issued.cardId)
  expect(await peopleOf(printedSerial)).toEqual([newHolder])
  expect(await peopleOf('Pia')).toEqual([stage.personId])
  expect(await summaries(stage.personId)).toEqual([])
  const historyOf = async (personId: string) =>
    (await look(personDetails(true), stage.staged.world, { personId }, stage.operator)).history
  expect([(await historyOf(stage.personId)).length, (await historyOf(newHolder)).length]).toEqual([1, 0])
  expect((await stage.staged.audit()).at(-1)).toMatchObject({
    operation: 'card.reissue',
    outcome: 'done',
    event: { from: stage.personId, to: newHolder },
  })
})

it('what was open for its last holder is closed, and a late receipt changes nothing', async () => {
  const issued = await stage.issuedPiv()
  const { unblockId, report } = await stage.call(stage.station, issued, { isReported: false })
  const { id: other } = await perform(openUnblock, stage.staged.world, { cardId: issued.cardId }, stage.operator)
  await reissue(issued.cardId)
  await stage.station.issue(issued.cardId, issued.card)
  const recordOf = () => stage.staged.world.database.reads.selectFrom('puk_records').selectAll().executeTakeFirst()
  const before = await recordOf()
  for (const id of [unblockId, other]) {
    const wish = { unblockId: id, challenge: '0'.repeat(10), idempotencyKey: 'key-00000001' }
    await expect(perform(releaseCryptogram, stage.staged.world, wish, stage.operator)).rejects.toMatchObject({
      code: 'attempt-closed',
    })
  }
  if (!report) throw new Error('nothing to report')
  await stage.station.client.report(report).catch(() => {})
  expect(await recordOf()).toEqual(before)
  expect((await stage.call(stage.station, issued)).problem).toBeUndefined()
})

it('is refused while an attempt holds the card, to a holder’s agent, and for a card that is not issued', async () => {
  const issued = await stage.issuedPiv()
  await stage.call(stage.station, issued, { isUsed: false })
  const [row] = await stage.staged.world.database.reads.selectFrom('cards').selectAll().execute()
  const other = stage.agent('station-2', true)
  await other.client.touchCard({ cardUuid: row?.card_uuid ?? '' })
  await expect(reissue(issued.cardId)).rejects.toMatchObject({ code: 'card-in-two-places' })
  stage.staged.clock.at = new Date(stage.staged.clock.at.getTime() + 10 * 60_000)
  const holder = stage.agent('holder', false)
  const wish = { cardId: issued.cardId, personId: newHolder }
  await expect(holder.client.reissueCard(wish)).rejects.toMatchObject({ code: 'station-only' })
  await reissue(issued.cardId)
  await expect(reissue(issued.cardId)).rejects.toMatchObject({ code: 'card-not-issued' })
})

it('a card that takes no other PUK is not given to somebody else', async () => {
  const card = createVirtualCard('yubikey', { profile: { isPukChangeable: false } })
  const cardId = await stage.register({ family: 'piv' })
  await stage.station.issue(cardId, card)
  await reissue(cardId)
  await expect(stage.station.issue(cardId, card)).rejects.toMatchObject({
    code: 'personalisation-refused',
    facts: { why: expect.stringContaining('its last holder may know this one') },
  })
  expect(await summaries(newHolder)).toMatchObject([{ state: 'registered' }])
})

function factoryGids(): VirtualCard {
  const card = createVirtualCard('gids', { adminKeyTries: 3 })
  const adminKey = readHex('0102030405060708'.repeat(3))
  personaliseGids(card, { cardId: nodeCrypto.random(16), adminKey, pin: '123456' })
  return card
}

it.each(['yubikey', 'yubikey-3des', 'piv-strict', 'piv-lenient', 'gids'] as const)(
  'a %s is torn at each command, before and after, and goes on',
  async (kind) => {
    for (const moment of ['before', 'after'] as const) {
      let cells = 0
      for (let afterCommands = 0; ; afterCommands++) {
        const card = kind === 'gids' ? factoryGids() : createVirtualCard(kind)
        const cardId = await stage.register({ family: kind === 'gids' ? 'gids' : 'piv' })
        await stage.station.issue(cardId, card)
        const old = kind === 'gids' ? JSON.stringify(card.save()) : pukOf(card).valueHex
        await reissue(cardId)
        stage.station.reader.insert(card)
        stage.station.reader.cutPower({ afterCommands, moment })
        const torn = await stage.station.issue(cardId, card).catch((error) => error.code)
        if (torn === undefined) break
        expect([afterCommands, moment, torn]).toEqual([afterCommands, moment, 'outcome-unknown'])
        await stage.station.issue(cardId, card).catch((cause) => {
          throw new Error(`${kind}, ${moment} command ${afterCommands + 1}: ${cause.message}`, { cause })
        })
        if (kind === 'gids') {
          expect(JSON.stringify(card.save())).not.toBe(old)
          expect(card.save()).toMatchObject({ adminKeyTries: { left: 3 } })
        } else {
          expect(unblocksWith(card, old)).toBe(false)
          expect((await stage.call(stage.station, { card, cardId })).problem).toBeUndefined()
        }
        cells++
      }
      expect(cells).toBeGreaterThan(7)
      recordCells({ procedure: 'issuance-again', card: kind, event: 'power cut', moment, cells, where: EACH_COMMAND })
    }
  },
)
