import { ascii, concat, readHex, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { createVirtualCard, loadVirtualCard, personaliseGids, type VirtualCard } from '@unlatch/virtual-cards'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { perform } from '../../packages/server/src/operations/operation.ts'
import { approveTry } from '../../packages/server/src/operations/rotate/approve-try.ts'
import { releaseSigned } from '../../packages/server/src/operations/signed-release.fixture.ts'
import { openUnblock } from '../../packages/server/src/operations/unblock/open-unblock.ts'
import { personDetails } from '../../packages/server/src/records/people/views.ts'
import { look } from '../../packages/server/src/records/view.ts'
import { openSecretsStage, type SecretsStage } from './secrets-stage.fixture.ts'
import { EACH_COMMAND, recordCells } from './tear-cells.ts'

/**
 * An answer for Windows' own screen opens a session under the admin key, and may cost a try. At its next contact with a station
 * the card proves the key on record: then both are settled. A card that refuses is an incident, and is asked no second time.
 */

const SELECT = '00A4040009A0000003974254465900'
const FACTORY_KEYS = { counting: readHex('0102030405060708'.repeat(3)), zeros: new Uint8Array(24) }

let stage: SecretsStage
beforeEach(async () => {
  stage = await openSecretsStage({
    releasesPerCardAndDay: 1000,
    releasesPerOperatorAndHour: 1000,
    releasesPerPersonAndDay: 1000,
    outstandingPerOperator: 1000,
  })
})
afterEach(() => stage.close())

function factoryGids(adminKeyTries?: number, adminKey = FACTORY_KEYS.counting): VirtualCard {
  const card = createVirtualCard('gids', adminKeyTries === undefined ? {} : { adminKeyTries })
  personaliseGids(card, { cardId: nodeCrypto.random(16), adminKey, pin: '123456' })
  return card
}

async function issuedGids(tries?: number): Promise<{ card: VirtualCard; cardId: string }> {
  const card = factoryGids(tries)
  const cardId = await stage.register({ family: 'gids', adminKeyTriesLimit: tries ?? 0 })
  await stage.station.issue(cardId, card)
  stage.station.reader.remove()
  return { card, cardId }
}

const send = (card: VirtualCard, hex: string) => writeHex(card.transmit(readHex(hex)))

/** A call from Windows' own screen; the answer reaches the card where it is typed there. */
async function callBare({ card, cardId }: { card: VirtualCard; cardId: string }, isTyped: boolean): Promise<void> {
  const { world } = stage.staged
  card.reset()
  send(card, SELECT)
  send(card, '0022C1A403830180')
  const challenge = send(card, '00870000047C02810000').slice(8, 24)
  const { id: unblockId } = await perform(openUnblock, world, { cardId }, stage.operator)
  const { printed_serial } = await world.database.reads
    .selectFrom('cards')
    .selectAll()
    .where('id', '=', cardId)
    .executeTakeFirstOrThrow()
  const serialEnd = printed_serial.replace(/[^0-9A-Za-z]/g, '').slice(-4)
  const wish = { unblockId, challenge, bare: { challengeAgain: challenge, serialEnd } }
  const { code } = await releaseSigned(world, { ...wish, idempotencyKey: `key-${unblockId}` }, stage.operator)
  if (!isTyped) return
  const typed = concat(readHex('7C0A8208'), readHex(code.replace(/\s/g, '')))
  expect(send(card, `008700000C${writeHex(typed)}`)).toBe('9000')
  expect(send(card, `002C028006${writeHex(ascii('490712'))}`)).toBe('9000')
}

const recordOf = async (cardId: string) => {
  const { reads } = stage.staged.world.database
  const rows = reads.selectFrom('admin_key_records').selectAll().where('card_id', '=', cardId)
  const { session_given_at, refused_at, contact, contact_tries, settled_after } = await rows.executeTakeFirstOrThrow()
  return {
    hasSession: session_given_at !== null,
    isRefused: refused_at !== null,
    contact,
    contact_tries,
    settled_after,
  }
}
const summary = async () => {
  const { cards } = await look(personDetails(true), stage.staged.world, { personId: stage.personId }, stage.operator)
  return cards[0]
}
const lastRecord = async () => (await stage.staged.audit()).at(-1)
const triesLeft = (card: VirtualCard) => (card.save() as { adminKeyTries?: { left: number } }).adminKeyTries?.left

/** The same card with another admin key: somebody who had a session changed it. */
function withOtherKey(card: VirtualCard): VirtualCard {
  const memory = card.save() as { adminKeyHex: string }
  return loadVirtualCard({ ...memory, adminKeyHex: writeHex(nodeCrypto.random(24)) } as never)
}

describe('at a station', () => {
  it('a card without a call is asked nothing', async () => {
    const issued = await issuedGids(3)
    const before = JSON.stringify(issued.card.save())
    expect(await stage.station.contact(issued.card)).toBe('not-needed')
    expect(JSON.stringify(issued.card.save())).toBe(before)
  })

  it.each([true, false])('proves its key once after a bare answer (typed: %s): all is settled', async (isTyped) => {
    const issued = await issuedGids(3)
    await callBare(issued, isTyped)
    expect(await recordOf(issued.cardId)).toMatchObject({ hasSession: true, settled_after: 0 })
    expect(await stage.station.contact(issued.card)).toBe('done')
    expect(await recordOf(issued.cardId)).toEqual({
      hasSession: false,
      isRefused: false,
      contact: null,
      contact_tries: 0,
      settled_after: 1,
    })
    expect(await lastRecord()).toMatchObject({ operation: 'puk.rotate', outcome: 'done', event: { what: 'done' } })
    expect(await stage.station.contact(issued.card)).toBe('not-needed')
    expect(await summary()).toMatchObject({ obstacle: null, whyNotByTelephone: null })
  })

  it('gives back the tries that answers without an outcome held: at the last one holder and supervisor are asked', async () => {
    const issued = await issuedGids(3)
    await callBare(issued, false)
    await callBare(issued, false)
    expect(await summary()).toMatchObject({ obstacle: 'card-cannot-be-saved', whyNotByTelephone: 'admin-key-tries' })
    await expect(callBare(issued, false)).rejects.toMatchObject({ code: 'card-cannot-be-saved' })
    expect(await stage.station.contact(issued.card)).toBe('consent-needed')
    await expect(stage.station.contact(issued.card, true)).rejects.toMatchObject({ code: 'try-not-approved' })
    expect(await recordOf(issued.cardId)).toMatchObject({ contact_tries: 0 })
    await perform(approveTry, stage.staged.world, { cardId: issued.cardId }, stage.operator)
    expect(await stage.station.contact(issued.card, true)).toBe('done')
    expect(triesLeft(issued.card)).toBe(3)
    expect(await summary()).toMatchObject({ obstacle: null, whyNotByTelephone: null })
    await callBare(issued, true)
  })

  it('an answer that is released while the card proves its key stays to be settled', async () => {
    const issued = await issuedGids(5)
    await callBare(issued, true)
    const cardUuid = await uuidOf(issued.cardId)
    const { client } = stage.station
    let round = await client.touchCard({ cardUuid })
    const { cardId, attempt } = round
    while (round.end === null) {
      const isAnswer = round.command?.startsWith('008700000C')
      const answer = send(issued.card, round.command ?? '')
      if (isAnswer) await callBare(issued, false)
      round = await client.rotatePuk({ cardId, attempt, answer })
    }
    expect(round.end).toBe('done')
    expect(await recordOf(issued.cardId)).toMatchObject({ hasSession: true, settled_after: 1 })
  })
})

const uuidOf = async (cardId: string) => {
  const { reads } = stage.staged.world.database
  return (await reads.selectFrom('cards').selectAll().where('id', '=', cardId).executeTakeFirstOrThrow()).card_uuid
}

describe('a card that refuses the key on record', () => {
  it('is an incident, is asked no second time, and goes to re-issue', async () => {
    const issued = await issuedGids(5)
    await callBare(issued, true)
    const changed = withOtherKey(issued.card)
    await expect(stage.station.contact(changed)).rejects.toMatchObject({ code: 'admin-key-refused' })
    expect(triesLeft(changed)).toBe(4)
    expect(await lastRecord()).toMatchObject({
      outcome: 'refused',
      event: { problem: 'admin-key-refused', incident: { kind: 'admin-key-refused' } },
    })
    expect(await recordOf(issued.cardId)).toMatchObject({ hasSession: true, isRefused: true, contact: null })
    expect(await summary()).toMatchObject({ obstacle: 'card-cannot-be-saved', whyNotByTelephone: 'admin-key-refused' })
    await expect(callBare({ ...issued, card: changed }, false)).rejects.toMatchObject({ code: 'card-cannot-be-saved' })
    expect(await stage.station.contact(changed, true)).toBe('not-possible')
    expect(triesLeft(changed)).toBe(4)

    await stage.station.client.reissueCard({ cardId: issued.cardId, personId: stage.personId })
    await expect(stage.station.issue(issued.cardId, changed)).rejects.toMatchObject({ code: 'card-key-unknown' })
    expect(triesLeft(changed)).toBe(4)
    const { adminKeyHex } = changed.save() as { adminKeyHex: string }
    await stage.station.issue(issued.cardId, changed, { currentSecrets: { adminKey: adminKeyHex } })
    expect(await recordOf(issued.cardId)).toMatchObject({ hasSession: false, isRefused: false })
    await callBare({ ...issued, card: changed }, true)
  })

  it('an answer that says neither is no proof and no refusal', async () => {
    const issued = await issuedGids(3)
    await callBare(issued, true)
    const { client } = stage.station
    let round = await client.touchCard({ cardUuid: await uuidOf(issued.cardId) })
    const { cardId, attempt } = round
    issued.card.reset()
    while (round.end === null) {
      const isAnswer = round.command?.startsWith('008700000C')
      const said = send(issued.card, round.command ?? '')
      round = await client.rotatePuk({ cardId, attempt, answer: isAnswer ? '6F00' : said })
    }
    expect(round.end).toBe('not-possible')
    expect(await recordOf(cardId)).toMatchObject({ hasSession: true, isRefused: false, contact_tries: 1 })
  })
})

it('a holder’s agent gets nothing, and another station waits', async () => {
  const issued = await issuedGids(3)
  await callBare(issued, true)
  await expect(stage.agent('holder', false).contact(issued.card)).rejects.toMatchObject({ code: 'station-only' })
  const cardUuid = await uuidOf(issued.cardId)
  const { cardId, attempt } = await stage.station.client.touchCard({ cardUuid })
  const answer = { cardId, attempt, answer: '9000' }
  await expect(stage.agent('holder', false).client.rotatePuk(answer)).rejects.toMatchObject({ code: 'attempt-closed' })
  await expect(stage.agent('station-2', true).client.touchCard({ cardUuid })).rejects.toMatchObject({
    code: 'card-in-two-places',
  })
  await expect(stage.station.client.rotatePuk(answer)).rejects.toMatchObject({ code: 'attempt-closed' })
  expect(await recordOf(cardId)).toMatchObject({ hasSession: true })
})

it('is torn at each command, before and after, and is taken up at the next contact', async () => {
  for (const moment of ['before', 'after'] as const) {
    let cells = 0
    for (let afterCommands = 0; ; afterCommands++) {
      const issued = await issuedGids(5)
      await callBare(issued, true)
      stage.station.reader.insert(issued.card)
      stage.station.reader.cutPower({ afterCommands, moment })
      const how = await stage.station.contact(issued.card).catch((error) => error.code)
      if (how === 'done') break
      expect(how).toBe('outcome-unknown')
      const { contact_tries } = await recordOf(issued.cardId)
      expect(5 - contact_tries).toBeLessThanOrEqual(triesLeft(issued.card) ?? 0)
      stage.station.reader.remove()
      expect([afterCommands, moment, await stage.station.contact(issued.card)]).toEqual([afterCommands, moment, 'done'])
      expect(await recordOf(issued.cardId)).toMatchObject({ hasSession: false, contact_tries: 0, contact: null })
      await callBare(issued, true)
      cells++
    }
    expect(cells).toBeGreaterThan(5)
    recordCells({ procedure: 'contact', card: 'gids', event: 'power cut', moment, cells, where: EACH_COMMAND })
  }
})

describe('a card that its maker’s tool reset', () => {
  it.each(['counting', 'zeros'] as const)(
    'is issued again with the factory key that it is said to have: %s',
    async (key) => {
      const { cardId } = await issuedGids(3)
      await stage.station.client.reissueCard({ cardId, personId: stage.personId })
      const fresh = factoryGids(3, FACTORY_KEYS[key])
      await stage.station.issue(cardId, fresh, { isFreshCard: true, factoryAdminKey: key })
      expect(triesLeft(fresh)).toBe(3)
      await callBare({ card: fresh, cardId }, true)
    },
  )

  it('both are tried in turn where no tries are counted, one where they are', async () => {
    for (const tries of [undefined, 3]) {
      const { cardId } = await issuedGids(tries)
      await stage.station.client.reissueCard({ cardId, personId: stage.personId })
      const issued = stage.station.issue(cardId, factoryGids(tries, FACTORY_KEYS.zeros), { isFreshCard: true })
      if (tries === undefined) await issued
      else await expect(issued).rejects.toMatchObject({ code: 'card-key-unknown' })
    }
  })
})
