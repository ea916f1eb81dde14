import { issueCard } from '@unlatch/agent'
import { readHex, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { createVirtualCard, loadVirtualCard, personaliseGids, type VirtualCard } from '@unlatch/virtual-cards'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fillDisk, makeRoom } from '../../packages/server/src/db/full-disk.fixture.ts'
import { stageServer } from '../../packages/server/src/http/server.fixture.ts'
import { perform } from '../../packages/server/src/operations/operation.ts'
import { releaseSigned } from '../../packages/server/src/operations/signed-release.fixture.ts'
import { openUnblock } from '../../packages/server/src/operations/unblock/open-unblock.ts'
import { releaseCryptogram } from '../../packages/server/src/operations/unblock/release-cryptogram.ts'
import { openSecretsStage, type SecretsStage } from './secrets-stage.fixture.ts'

/** What may arrive and should not: a copied identifier, two agents with one card, a clock set back, a full disk. Nothing is lost. */

const DAY_MS = 24 * 3_600_000

let stage: SecretsStage
beforeEach(async () => {
  stage = await openSecretsStage()
})
afterEach(() => stage.close())

const uuidOf = async (cardId: string) => {
  const { reads } = stage.staged.world.database
  const row = reads.selectFrom('cards').select('card_uuid').where('id', '=', cardId)
  return (await row.executeTakeFirstOrThrow()).card_uuid
}
const recordOf = (cardId: string) => {
  const { reads } = stage.staged.world.database
  return reads.selectFrom('puk_records').selectAll().where('card_id', '=', cardId).executeTakeFirst()
}
const incidents = async () =>
  (await stage.staged.audit()).flatMap(({ event }) => (event.incident ? [event.incident] : []))

/** A card of its own that carries everything which can be read from another one. */
function cloneOf(card: VirtualCard): VirtualCard {
  const { kind } = card
  const { objects } = card.save() as { objects: object }
  const own = createVirtualCard(kind).save() as { keys: object }
  return loadVirtualCard({ ...own, objects } as never)
}

/** Listens to what a card is sent. */
function listenTo(card: VirtualCard) {
  const heard: string[] = []
  const transmit = (command: Uint8Array) => {
    heard.push(writeHex(command))
    return card.transmit(command)
  }
  const { kind, atr } = card
  return { kind, atr, heard, transmit, reset: () => card.reset(), save: () => card.save() }
}

/** Commands that carry a secret or answer a challenge under a key. */
const isSecret = (command: string) => /^00(2[04C]..8[01]..|8700000C|87..9B147C|FFFFFF|DB3FFF2670)/.test(command)

describe('two cards with one GUID', () => {
  it.each(['piv-lenient', 'yubikey', 'piv-strict'] as const)(
    'a clone of a %s at a station: no key is tried, an incident is recorded, the known card is as it was',
    async (kind) => {
      const issued = await stage.issuedPiv(kind)
      await stage.call(stage.station, issued, { isUsed: false })
      const before = await recordOf(issued.cardId)
      const clone = listenTo(cloneOf(issued.card))
      const refused = stage.station.contact(clone)
      await expect(refused).rejects.toMatchObject({ code: /^(rehearsal-failed|card-identity-conflict)$/ })
      expect(clone.heard.filter(isSecret)).toEqual([])
      expect(await incidents()).toMatchObject([
        { cardId: issued.cardId, kind: expect.stringMatching(/^(card-not-itself|known-id-on-another-card)$/) },
      ])
      const { revision: _, ...after } = (await recordOf(issued.cardId)) ?? {}
      expect(before).toMatchObject(after)
      expect(await stage.station.contact(issued.card)).toBe('done')
    },
  )

  it('a clone is not issued: its identifier is another card’s', async () => {
    const issued = await stage.issuedPiv('piv-lenient')
    const clone = listenTo(cloneOf(issued.card))
    const cardId = await stage.register({ family: 'piv' })
    await expect(stage.station.issue(cardId, clone)).rejects.toMatchObject({ code: 'card-identity-conflict' })
    expect(clone.heard.filter(isSecret)).toEqual([])
    expect(await incidents()).toMatchObject([{ otherCardId: issued.cardId }])
  })

  it('a GIDS card that was issued here is not issued under another id', async () => {
    const card = createVirtualCard('gids', { adminKeyTries: 3 })
    const adminKey = readHex('0102030405060708'.repeat(3))
    personaliseGids(card, { cardId: nodeCrypto.random(16), adminKey, pin: '123456' })
    await stage.station.issue(await stage.register({ family: 'gids' }), card)
    const cardId = await stage.register({ family: 'gids' })
    await expect(stage.station.issue(cardId, card)).rejects.toMatchObject({ code: 'card-identity-conflict' })
    expect(card.save()).toMatchObject({ adminKeyTries: { left: 3 } })
  })
})

describe('an identifier that was changed since issuance', () => {
  const withUuid = (card: VirtualCard, cardUuid: string) => {
    const memory = card.save() as { objects: Record<string, string> }
    const chuid = memory.objects['5FC102'] ?? ''
    const changed = chuid.replace(/(3410)[0-9A-F]{32}/, `$1${cardUuid}`)
    return loadVirtualCard({ ...memory, objects: { ...memory.objects, '5FC102': changed } } as never)
  }

  it('to another known card’s: a known card under another id', async () => {
    const [one, two] = [await stage.issuedPiv(), await stage.issuedPiv()]
    const changed = listenTo(withUuid(one.card, await uuidOf(two.cardId)))
    await expect(stage.station.contact(changed)).rejects.toMatchObject({ code: 'card-identity-conflict' })
    expect(changed.heard.filter(isSecret)).toEqual([])
    expect(await incidents()).toMatchObject([{ kind: 'known-card-under-another-id', otherCardId: one.cardId }])
  })

  it('to one that nobody knows: it is not managed here', async () => {
    const issued = await stage.issuedPiv()
    const changed = withUuid(issued.card, 'AB'.repeat(16))
    await expect(stage.station.contact(changed)).rejects.toMatchObject({ code: 'card-unknown' })
  })

  it('a YubiKey that was registered is not registered again as another card', async () => {
    const { card } = await stage.issuedPiv()
    const hardwareNumber = `yubico:${(card.save() as { serial: number }).serial}`
    await expect(stage.register({ family: 'piv', hardwareNumber })).rejects.toMatchObject({
      code: 'card-identity-conflict',
    })
    expect(await incidents()).toMatchObject([{ hardwareNumber }])
  })
})

describe('two agents with one card', () => {
  it('at once: both are refused, an incident is recorded; later one goes on', async () => {
    const issued = await stage.issuedPiv()
    await stage.call(stage.station, issued, { isUsed: false })
    const cardUuid = await uuidOf(issued.cardId)
    const other = stage.agent('station-2', true)
    const { cardId, attempt } = await stage.station.client.touchCard({ cardUuid })
    await expect(other.client.touchCard({ cardUuid })).rejects.toMatchObject({ code: 'card-in-two-places' })
    const answer = { cardId, attempt, answer: '9000' }
    await expect(stage.station.client.rotatePuk(answer)).rejects.toMatchObject({ code: 'attempt-closed' })
    expect(await incidents()).toMatchObject([{ kind: 'two-agents-at-once', otherAgentId: 'station' }])
    expect(await other.contact(issued.card)).toBe('done')
  })

  it('one after the other: what the first one says late is recorded and changes nothing', async () => {
    const issued = await stage.issuedPiv()
    await stage.call(stage.station, issued, { isUsed: false })
    const cardUuid = await uuidOf(issued.cardId)
    const { cardId, attempt } = await stage.station.client.touchCard({ cardUuid })
    stage.staged.clock.at = new Date(stage.staged.clock.at.getTime() + 10 * 60_000)
    const other = stage.agent('station-2', true)
    const taken = await other.client.touchCard({ cardUuid })
    const before = await recordOf(cardId)
    for (const late of [
      { cardId, attempt, answer: '9000' },
      { cardId, attempt: taken.attempt, answer: '9000' },
    ]) {
      await expect(stage.station.client.rotatePuk(late)).rejects.toMatchObject({ code: 'attempt-closed' })
    }
    expect(await recordOf(cardId)).toEqual(before)
    expect((await stage.staged.audit()).at(-1)).toMatchObject({ operation: 'puk.rotate', outcome: 'refused' })
    expect(await other.contact(issued.card)).toBe('done')
  })

  it('issuing it: both are stopped', async () => {
    const cardId = await stage.register({ family: 'piv' })
    const { round } = await stage.station.client.issueCard({ cardId })
    const other = stage.agent('station-2', true)
    await expect(other.client.issueCard({ cardId })).rejects.toMatchObject({ code: 'card-in-two-places' })
    const answers = { cardId, round, answers: [] }
    await expect(stage.station.client.personaliseCard(answers)).rejects.toMatchObject({ code: 'attempt-closed' })
    await other.issue(cardId, createVirtualCard('yubikey'))
  })

  it('a report that comes after the PUK was exchanged is recorded, and changes nothing', async () => {
    const issued = await stage.issuedPiv()
    const holder = stage.agent('holder', false)
    const { report } = await stage.call(holder, issued, { isReported: false })
    expect(await stage.station.contact(issued.card)).toBe('done')
    const before = await recordOf(issued.cardId)
    if (!report) throw new Error('nothing to report')
    await holder.client.report(report)
    expect(await recordOf(issued.cardId)).toEqual(before)
    const { reads } = stage.staged.world.database
    expect(await reads.selectFrom('releases').select('outcome').execute()).toEqual([{ outcome: 'unblocked' }])
  })
})

describe('the server’s clock is set back by a day', () => {
  const setBack = () => {
    stage.staged.clock.at = new Date(stage.staged.clock.at.getTime() - DAY_MS)
  }

  it('releases a day and an hour: those from a time that has not come still count', async () => {
    const issued = await stage.issuedPiv()
    for (let time = 0; time < 5; time++) await stage.call(stage.station, issued)
    setBack()
    expect((await stage.call(stage.station, issued)).problem).toBe('release-limit-card')
  })

  it('the window for a repetition opens no second time', async () => {
    const card = await stage.staged.pivCard(stage.personId)
    const { world } = stage.staged
    const { id: unblockId } = await perform(openUnblock, world, { cardId: card.id }, stage.operator)
    const { challenge } = card.attempt()
    const wish = { unblockId, challenge, idempotencyKey: 'key-00000001' }
    await releaseSigned(world, wish, stage.operator)
    await perform(releaseCryptogram, world, wish, stage.operator)
    setBack()
    await expect(perform(releaseCryptogram, world, wish, stage.operator)).rejects.toMatchObject({
      code: 'challenge-answered',
    })
  })

  it('the key service’s ceiling of an hour is not counted anew', async () => {
    const few = await openSecretsStage({ releasesPerHour: 2 })
    try {
      const issued = await few.issuedPiv()
      for (let time = 0; time < 2; time++) expect((await few.call(few.station, issued)).problem).toBeUndefined()
      few.staged.clock.at = new Date(few.staged.clock.at.getTime() - DAY_MS)
      expect((await few.call(few.station, issued)).problem).toBe('key-service-limit')
    } finally {
      await few.close()
    }
  })

  it('a session does not live a day longer', async () => {
    const server = await stageServer()
    const headers = { cookie: await server.signIn() }
    const ask = async () => (await server.app.inject({ method: 'GET', url: '/api/session', headers })).statusCode
    expect(await ask()).toBe(200)
    server.stage.clock.at = new Date(server.stage.clock.at.getTime() - DAY_MS)
    expect(await ask()).toBe(401)
    await server.close()
  })

  it('the last release of a card is still the last: its outcome is what counts', async () => {
    const issued = await stage.issuedPiv()
    await stage.call(stage.station, issued, { isUsed: false })
    setBack()
    await stage.call(stage.station, issued)
    const { reads } = stage.staged.world.database
    const rows = await reads.selectFrom('releases').select(['number', 'outcome']).orderBy('number').execute()
    expect(rows).toEqual([
      { number: 1, outcome: 'released' },
      { number: 2, outcome: 'unblocked' },
    ])
    expect(await stage.station.contact(issued.card)).toBe('done')
  })
})

describe('a full disk in the middle of Issue', () => {
  it.each(['yubikey', 'piv-strict', 'gids'] as const)(
    'a %s: said clearly at each round, then Issue goes on',
    async (kind) => {
      const { database } = stage.staged.world
      for (let rounds = 0; ; rounds++) {
        const card = createVirtualCard(kind, { adminKeyTries: 3 })
        const adminKey = readHex('0102030405060708'.repeat(3))
        if (kind === 'gids') personaliseGids(card, { cardId: nodeCrypto.random(16), adminKey, pin: '123456' })
        const cardId = await stage.register({ family: kind === 'gids' ? 'gids' : 'piv' })
        let left = rounds
        const server = {
          ...stage.station.client,
          async personaliseCard(answers: Parameters<typeof stage.station.client.personaliseCard>[0]) {
            if (left-- === 0) await fillDisk(database)
            return stage.station.client.personaliseCard(answers)
          },
        }
        stage.station.reader.insert(card)
        const how = await issueCard({ ...stage.station.tools, server }, stage.station.reader.name, cardId).catch(
          (error: { code: string }) => error.code,
        )
        if (how === undefined) break
        expect(how).toBe('database-full')
        await makeRoom(database)
        await stage.station.issue(cardId, card)
        const { reads } = database
        const row = reads.selectFrom('cards').select(['state']).where('id', '=', cardId)
        expect(await row.executeTakeFirst()).toEqual({ state: 'issued' })
        if (kind === 'gids') expect(card.save()).toMatchObject({ adminKeyTries: { left: 3 } })
        else expect((card.save() as { puk: { left: number } }).puk.left).toBe(3)
      }
    },
  )
})
