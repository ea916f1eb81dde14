import { ascii, concat, type Octets, readHex, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { createVirtualCard, loadVirtualCard, personaliseGids, type VirtualCard } from '@unlatch/virtual-cards'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSecretsStage, type SecretsStage } from './secrets-stage.fixture.ts'

/** Cards whose secrets another system set: refused clearly, at the price of one try, and taken over with what they have now. */

const COUNTING = readHex('0102030405060708'.repeat(3))
const THEIR_ADMIN_KEY = readHex('A1B2C3D4E5F60718'.repeat(3))
const THEIR_9B = readHex('A1B2C3D4E5F60718'.repeat(3))
const UNKNOWN = { code: 'card-key-unknown', facts: { why: expect.stringContaining('another system') } }

let stage: SecretsStage
beforeEach(async () => {
  stage = await openSecretsStage()
})
afterEach(() => stage.close())

function gids(adminKey: Uint8Array, adminKeyTries?: number): VirtualCard {
  const card = createVirtualCard('gids', adminKeyTries === undefined ? {} : { adminKeyTries })
  personaliseGids(card, { cardId: nodeCrypto.random(16), adminKey, pin: '123456' })
  return card
}

/** A YubiKey that another system took over. */
function yubikeyOf(puk: string, managementKey: Octets = THEIR_9B): VirtualCard {
  const padded = concat(ascii(puk), new Uint8Array(8 - puk.length).fill(0xff))
  const memory = createVirtualCard('yubikey').save() as never as { puk: object; managementKey: object }
  return loadVirtualCard({
    ...memory,
    puk: { ...memory.puk, valueHex: writeHex(padded) },
    managementKey: { ...memory.managementKey, keyHex: writeHex(managementKey) },
  } as never)
}

const memoryOf = (card: VirtualCard) => JSON.stringify(card.save())
const triesOf = (card: VirtualCard) => (card.save() as { adminKeyTries?: { left: number } }).adminKeyTries?.left
const pukOf = (card: VirtualCard) => (card.save() as { puk: { valueHex: string; left: number } }).puk
const rowOf = async (id: string) => {
  const { reads } = stage.staged.world.database
  return reads.selectFrom('cards').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

describe('a GIDS card that counts the tries of its admin key', () => {
  it('loses one, however often Issue is begun again', async () => {
    const card = gids(THEIR_ADMIN_KEY, 3)
    const cardId = await stage.register({ family: 'gids' })
    for (let time = 0; time < 4; time++) {
      await expect(stage.station.issue(cardId, card)).rejects.toMatchObject(UNKNOWN)
      expect(triesOf(card)).toBe(2)
    }
    expect((await rowOf(cardId)).state).toBe('registered')
  })

  it('is taken over with the key that it has; a wrong one given is not sent twice either', async () => {
    const card = gids(THEIR_ADMIN_KEY, 5)
    const cardId = await stage.register({ family: 'gids', adminKeyTriesLimit: 5 })
    await expect(stage.station.issue(cardId, card)).rejects.toMatchObject(UNKNOWN)
    const wrong = { currentSecrets: { adminKey: '11'.repeat(24) } }
    await expect(stage.station.issue(cardId, card, wrong)).rejects.toMatchObject(UNKNOWN)
    expect(triesOf(card)).toBe(3)
    const again = { code: 'card-key-unknown', facts: { why: expect.stringContaining('refused this one already') } }
    await expect(stage.station.issue(cardId, card, wrong)).rejects.toMatchObject(again)
    expect(triesOf(card)).toBe(3)
    await stage.station.issue(cardId, card, { currentSecrets: { adminKey: writeHex(THEIR_ADMIN_KEY) } })
    expect(await rowOf(cardId)).toMatchObject({ state: 'issued', imported_secrets: null })
    expect(memoryOf(card)).not.toContain(writeHex(THEIR_ADMIN_KEY))
    expect(triesOf(card)).toBe(5)
  })

  it('a torn authentication counts as a try that may be lost; the last try is never spent', async () => {
    const card = gids(COUNTING, 3)
    const cardId = await stage.register({ family: 'gids' })
    // Two SELECTs and two GET DATA to look, then SELECT, MSE, challenge, answer.
    const answered = { afterCommands: 0, moment: 'after' } as const
    const before = await findAnswer(card)
    for (const left of [2, 1]) {
      stage.station.reader.insert(card)
      stage.station.reader.cutPower({ ...answered, afterCommands: before, moment: 'before' })
      await expect(stage.station.issue(cardId, card)).rejects.toMatchObject({ code: 'outcome-unknown' })
      expect(triesOf(card)).toBe(3)
      expect((await triesBelieved(cardId)) ?? 0).toBe(left)
    }
    stage.station.reader.insert(card)
    await expect(stage.station.issue(cardId, card)).rejects.toMatchObject({ code: 'card-key-unknown' })
    await stage.station.issue(cardId, card, { isFreshCard: true })
    expect((await rowOf(cardId)).state).toBe('issued')
  })

  it('reset by its maker’s tool it is a fresh card, and is issued', async () => {
    const cardId = await stage.register({ family: 'gids' })
    await expect(stage.station.issue(cardId, gids(THEIR_ADMIN_KEY, 3))).rejects.toMatchObject(UNKNOWN)
    const card = gids(COUNTING, 3)
    await expect(stage.station.issue(cardId, card)).rejects.toMatchObject(UNKNOWN)
    expect(triesOf(card)).toBe(3)
    await stage.station.issue(cardId, card, { isFreshCard: true })
    expect((await rowOf(cardId)).state).toBe('issued')
  })
})

/** How many commands come before the answer to the challenge. */
async function findAnswer(card: VirtualCard): Promise<number> {
  const heard: string[] = []
  const probe = loadVirtualCard(card.save())
  const listening: VirtualCard = {
    kind: probe.kind,
    atr: probe.atr,
    reset: () => probe.reset(),
    save: () => probe.save(),
    transmit(command) {
      heard.push(writeHex(command))
      return probe.transmit(command)
    },
  }
  const cardId = await stage.register({ family: 'gids' })
  await stage.station.issue(cardId, listening)
  stage.station.reader.remove()
  return heard.findIndex((command) => command.startsWith('008700000C'))
}

async function triesBelieved(cardId: string): Promise<number | undefined> {
  const { personalisation } = await rowOf(cardId)
  const { adminKey } = JSON.parse(personalisation ?? '{}').conversation
  return adminKey.limit - adminKey.lost
}

describe('a PIV card of another system', () => {
  it('is refused at its key 9B, before anything is changed', async () => {
    const card = yubikeyOf('40961357')
    const before = memoryOf(card)
    const cardId = await stage.register({ family: 'piv' })
    await expect(stage.station.issue(cardId, card)).rejects.toMatchObject(UNKNOWN)
    expect(memoryOf(card)).toBe(before)
  })

  it('with a PUK of its own loses one try of it, and not another', async () => {
    const card = yubikeyOf('40961357', COUNTING)
    const cardId = await stage.register({ family: 'piv' })
    for (let time = 0; time < 4; time++) {
      await expect(stage.station.issue(cardId, card)).rejects.toMatchObject(UNKNOWN)
      expect(pukOf(card).left).toBe(2)
    }
    await stage.station.issue(cardId, card, { currentSecrets: { puk: writeHex(ascii('40961357')) } })
    expect(await rowOf(cardId)).toMatchObject({ state: 'issued', imported_secrets: null })
    expect(pukOf(card)).toMatchObject({ left: 3 })
  })

  it.each([
    ['eight digits', '40961357'],
    ['six digits, filled up', '409613'],
    ['eight characters', 'aB3-x.Q7'],
  ])('is issued with the secrets that it has: a PUK of %s', async (_, puk) => {
    const card = yubikeyOf(puk)
    const theirs = pukOf(card).valueHex
    const cardId = await stage.register({ family: 'piv' })
    const managementKey = { cipher: 'aes192', key: writeHex(THEIR_9B) } as const
    await stage.station.issue(cardId, card, { currentSecrets: { puk: theirs, managementKey } })
    expect(await rowOf(cardId)).toMatchObject({ state: 'issued', imported_secrets: null })
    expect(pukOf(card).valueHex).toMatch(/^(3[0-9]){8}$/)
    for (const secret of [theirs, writeHex(THEIR_9B)]) expect(memoryOf(card)).not.toContain(secret)
    const { database } = stage.staged.world
    const record = await database.reads.selectFrom('puk_records').selectAll().executeTakeFirstOrThrow()
    expect(record).toMatchObject({ candidates: '["0.1"]', form: 'eight-digits' })
    await expectNowhere([theirs, writeHex(THEIR_9B), puk])
  })

  it('whose 9E agrees on nothing is PUC only: its PUK is replaced all the same', async () => {
    const profile = { exponentiation: 'key-management', keyAlgorithms: [0x14], yubicoCommands: [0xff] } as const
    const fresh = createVirtualCard('piv-strict', { profile }).save() as never as { puk: object }
    const card = loadVirtualCard({ ...fresh, puk: { valueHex: '343039363133FFFF', limit: 3, left: 3 } } as never)
    const cardId = await stage.register({ family: 'piv' })
    await stage.station.issue(cardId, card, { currentSecrets: { puk: '343039363133FFFF' } })
    expect(await rowOf(cardId)).toMatchObject({ state: 'issued', sealed_key: null, imported_secrets: null })
    expect(pukOf(card).valueHex).toMatch(/^(3[0-9]){8}$/)
  })

  it('that takes no other PUK keeps its own: of another form it is not for the telephone, and stays sealed', async () => {
    const profile = { isPukChangeable: false }
    const fresh = createVirtualCard('yubikey', { profile }).save() as never as { puk: object }
    const card = loadVirtualCard({ ...fresh, puk: { valueHex: '343039363133FFFF', limit: 3, left: 3 } } as never)
    const cardId = await stage.register({ family: 'piv' })
    await stage.station.issue(cardId, card, { currentSecrets: { puk: '343039363133FFFF' } })
    const { database } = stage.staged.world
    const record = await database.reads.selectFrom('puk_records').selectAll().executeTakeFirstOrThrow()
    expect(record).toMatchObject({ candidates: '["imported"]', form: 'other', is_rotatable: 0 })
    expect((await rowOf(cardId)).imported_secrets).toContain('sealed')
    expect(await stage.station.contact(card)).toBe('not-possible')
    await expectNowhere(['343039363133FFFF'])
  })

  it('is torn at each command, before and after, and goes on without being told its secrets again', async () => {
    const managementKey = { cipher: 'aes192', key: writeHex(THEIR_9B) } as const
    let cells = 0
    for (const moment of ['before', 'after'] as const) {
      for (let afterCommands = 4; ; afterCommands++) {
        const card = yubikeyOf('409613')
        const cardId = await stage.register({ family: 'piv' })
        stage.station.reader.insert(card)
        stage.station.reader.cutPower({ afterCommands, moment })
        const currentSecrets = { puk: pukOf(card).valueHex, managementKey }
        const torn = await stage.station.issue(cardId, card, { currentSecrets }).catch((error) => error.code)
        if (torn === undefined) break
        expect(torn).toBe('outcome-unknown')
        await stage.station.issue(cardId, card)
        expect(await rowOf(cardId)).toMatchObject({ state: 'issued', imported_secrets: null })
        expect(pukOf(card)).toMatchObject({ left: 3 })
        cells++
      }
    }
    expect(cells).toBeGreaterThan(20)
  })
})

/** Imported secrets stand in no row and no audit record, in whatever form. */
async function expectNowhere(secrets: readonly string[]): Promise<void> {
  const { reads } = stage.staged.world.database
  const rows = await Promise.all([
    reads.selectFrom('cards').selectAll().execute(),
    reads.selectFrom('audit').selectAll().execute(),
    reads.selectFrom('puk_records').selectAll().execute(),
    reads.selectFrom('management_keys').selectAll().execute(),
  ])
  const text = JSON.stringify(rows)
  for (const secret of secrets) {
    expect(text).not.toContain(secret)
    expect(text).not.toContain(Buffer.from(secret, 'hex').toString('base64') || secret)
  }
}
