import { createHash } from 'node:crypto'
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { readHex, writeHex } from '@unlatch/card'
import { writeStationContext } from '@unlatch/card/unblock'
import { type ConnectedStatement, type UnblockRound, writeCanonicalJson } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../records/actors.ts'
import { connectedReaders, connectedUnblock } from '../records/connected-unblocks/views.ts'
import { intendGeneration } from '../records/generations/generations.ts'
import { findPukRecord } from '../records/puk-records/puk-records.ts'
import { look } from '../records/view.ts'
import { connectAgent } from './connected.fixture.ts'
import { perform } from './operation.ts'
import { rotatePuk, touchCard } from './rotate/rotate-puk.ts'
import { askUnblock } from './unblock-connected/ask-unblock.ts'
import { authoriseUnblock } from './unblock-connected/authorise-unblock.ts'
import { collectUnblock } from './unblock-connected/collect-unblock.ts'
import { readyUnblock } from './unblock-connected/ready-unblock.ts'
import { reportConnected } from './unblock-connected/report-connected.ts'
import { writeOperatorStatement } from './unblock-connected/write-statement.ts'
import { verifyHolder } from './verified.fixture.ts'
import { STAGED_PASSWORD, type StagedPivCard, type StagedWorld, stageWorld } from './world.fixture.ts'

/** Cards that nothing can be sealed for: their PUK goes to a station alone, for one signed unblock, under its job key. */

const SUITE = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
type JobKey = Awaited<ReturnType<typeof SUITE.kem.generateKeyPair>>

let stage: StagedWorld
let operator: Actor
let card: StagedPivCard
let station: Actor
let job: JobKey
beforeEach(async () => {
  stage = await stageWorld()
  operator = await stage.operator()
  card = await stage.pivCard(await stage.person())
  await setSealedKey(null)
  await stage.database.transaction((tx) =>
    intendGeneration(tx, writeHex(card.cardUuid), 'puk', { epoch: 0, counter: 1 }),
  )
  station = asStation(connectAgent(stage, card, { id: 'station', isStation: true }).actor)
  job = await SUITE.kem.generateKeyPair()
})
afterEach(() => stage.close())

const asStation = (actor: Actor): Actor => ({
  ...actor,
  permissions: new Set([...actor.permissions, 'card:rotate'] as const),
})
const setSealedKey = (sealed_key: string | null) =>
  stage.database.transaction((tx) => tx.updateTable('cards').set({ sealed_key }).where('id', '=', card.id).execute())
const ask = async (agentId = 'station') => {
  await verifyHolder(stage.world, card.id, operator, 'connected').catch(() => {})
  return perform(askUnblock, stage.world, { cardId: card.id, agentId, reader: 'Reader' }, operator)
}
const jobKeyOf = async (pair: JobKey) => writeHex(new Uint8Array(await SUITE.kem.serializePublicKey(pair.publicKey)))
const ready = async (unblockId: string, by = station) => {
  const wish = { unblockId, cardUuid: writeHex(card.cardUuid), reader: 'Reader', jobKey: await jobKeyOf(job) }
  return perform(readyUnblock, stage.world, wish, by)
}
async function sign(unblockId: string): Promise<ConnectedStatement> {
  const { statement } = await perform(writeOperatorStatement, stage.world, { unblockId }, operator)
  const signature = { kind: 'password', password: STAGED_PASSWORD } as const
  await perform(authoriseUnblock, stage.world, { unblockId, nonce: statement.nonce, signature }, operator)
  return statement as ConnectedStatement
}
const collect = (unblockId: string, by = station) => perform(collectUnblock, stage.world, { unblockId }, by)
const report = (unblockId: string, outcome = 'unblocked', triesLeft: number | null = null) =>
  perform(reportConnected, stage.world, { unblockId, outcome, triesLeft, at: '2026-11-23T09:01:00Z' }, station)
async function signed(): Promise<string> {
  const { id } = await ask()
  await ready(id)
  await sign(id)
  return id
}
async function open(round: UnblockRound, pair = job): Promise<string> {
  if (round.kind !== 'station-puk') throw new Error(`a station's PUK expected, ${round.kind} found`)
  const hash = createHash('sha256').update(writeCanonicalJson(round.statement)).digest()
  const bufferOf = (octets: Uint8Array) => new Uint8Array(octets).buffer
  const context = await SUITE.createRecipientContext({
    recipientKey: pair,
    enc: bufferOf(readHex(round.sealed.encapsulated)),
    info: bufferOf(writeStationContext(card.cardUuid, hash)),
  })
  return new TextDecoder().decode(await context.open(bufferOf(readHex(round.sealed.ciphertext))))
}
const puk = (counter = 1) =>
  stage.world.keys.revealPuc(
    { recordId: 'r', cardUuid: card.cardUuid, to: 'test', ticket: null },
    { epoch: 0, counter },
  )
const record = async () => (await findPukRecord(stage.database.reads, card.id))?.record
const touch = (by = station) => perform(touchCard, stage.world, { cardUuid: writeHex(card.cardUuid) }, by)

describe('a PUC-only card at a station', () => {
  it('gets its PUK under the job key that the operator signed for, and nothing else opens it', async () => {
    const { id } = await ask()
    await ready(id)
    const statement = await sign(id)
    const jobKey = readHex(await jobKeyOf(job))
    expect(statement.bindingSha256).toBe(createHash('sha256').update(jobKey).digest('hex').toUpperCase())
    const round = await collect(id)
    expect(await open(round)).toBe(await puk())
    expect(await open(await collect(id))).toBe(await puk())
    await expect(open(round, await SUITE.kem.generateKeyPair())).rejects.toThrow()
    expect(JSON.stringify(round)).not.toContain(await puk())
    expect(await record()).toMatchObject({ exposedSince: stage.clock.at.toISOString() })
    await report(id)
    expect(await look(connectedUnblock, stage.world, { unblockId: id }, operator)).toMatchObject({ state: 'unblocked' })
    const audit = await stage.audit()
    expect(audit.find(({ operation }) => operation === 'unblock.authorise')?.event).toMatchObject({ way: 'station' })
    expect(audit.find(({ operation }) => operation === 'unblock.collect')?.event).toMatchObject({ what: 'station-puk' })
  })

  it('that refuses the PUK tells how it stands', async () => {
    const id = await signed()
    await report(id, 'refused', 2)
    expect(await record()).toMatchObject({ candidates: [], triesAtLeast: 2 })
  })

  it('is offered there, and not at a holder’s computer, whose agent is refused', async () => {
    const readers = async () => (await look(connectedReaders(stage.channel), stage.world, {}, operator)).readers
    const laptop = connectAgent(stage, card, { id: 'laptop' })
    const obstacles = Object.fromEntries((await readers()).map(({ agentId, obstacle }) => [agentId, obstacle]))
    expect(obstacles).toEqual({ station: null, laptop: 'card-puc-only' })
    await expect(ask('laptop')).rejects.toMatchObject({ code: 'card-puc-only' })
    expect(laptop.told).toEqual([])
    const { id } = await ask()
    await expect(ready(id, laptop.actor)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is refused to a station that became a holder’s agent meanwhile: before the signature, and after', async () => {
    const holder: Actor = { ...station, permissions: new Set(['agent:report', 'card:contact']) }
    const { id } = await ask()
    await expect(ready(id, holder)).rejects.toMatchObject({ code: 'card-puc-only' })
    await ready(id)
    await sign(id)
    await expect(collect(id, holder)).rejects.toMatchObject({ code: 'card-puc-only' })
    expect(await open(await collect(id))).toBe(await puk())
  })

  it('without any PUK on record is refused there too', async () => {
    await stage.database.transaction((tx) => tx.deleteFrom('puk_records').where('card_id', '=', card.id).execute())
    await expect(ask()).rejects.toMatchObject({ code: 'card-puc-only' })
  })
})

describe('an RSA card whose public key was not kept', () => {
  beforeEach(async () => {
    const permit = { station: 'test', recordId: 'test', cardUuid: card.cardUuid }
    await setSealedKey(await stage.world.keys.sealCardKey(permit, { variant: 2, octets: new Uint8Array(32) }))
  })

  it('is unblocked the same way', async () => {
    const id = await signed()
    expect(await open(await collect(id))).toBe(await puk())
    await report(id)
    expect(await record()).toMatchObject({ candidates: [{ epoch: 0, counter: 1 }], triesAtLeast: 3 })
  })

  it('is refused at its holder’s computer, once its agent is ready', async () => {
    const laptop = connectAgent(stage, card, { id: 'laptop' })
    const { id } = await ask('laptop')
    await expect(ready(id, laptop.actor)).rejects.toMatchObject({ code: 'card-puc-only' })
  })
})

describe('its PUK', () => {
  const answer = (attempt: string, sw: string, by = station) =>
    perform(rotatePuk, stage.world, { cardId: card.id, attempt, answer: sw }, by)

  it('is exchanged by the station that unblocked it, once, and its holder gets another', async () => {
    expect(await touch()).toMatchObject({ end: 'not-possible', command: null })
    const id = await signed()
    expect(await touch()).toMatchObject({ end: 'not-possible' })
    await report(id)
    const other = asStation(connectAgent(stage, card, { id: 'other', isStation: true }).actor)
    expect(await touch(other)).toMatchObject({ end: 'not-possible' })
    const { attempt, command, rehearsal } = await touch()
    expect(rehearsal).toBeNull()
    // CHANGE REFERENCE DATA of the PUK, from this one to the next.
    const digits = async (counter: number) => Buffer.from(await puk(counter)).toString('hex')
    expect(command).toBe(`0024008110${await digits(1)}${await digits(2)}`.toUpperCase())
    expect(await answer(attempt, '9000')).toMatchObject({ end: 'done' })
    expect(await record()).toMatchObject({ candidates: [{ epoch: 0, counter: 2 }], exposedSince: null })
    expect(await touch()).toMatchObject({ end: 'not-possible' })
  })

  it('torn while it was exchanged is found out by the same station, and by no other', async () => {
    await report(await signed())
    await touch()
    stage.clock.at = new Date(stage.clock.at.getTime() + 60 * 60_000)
    const other = asStation(connectAgent(stage, card, { id: 'other', isStation: true }).actor)
    expect(await touch(other)).toMatchObject({ end: 'not-possible' })
    const { attempt, command } = await touch()
    const newest = Buffer.from(await puk(2)).toString('hex')
    expect(command).toBe(`0024008110${newest}${newest}`.toUpperCase())
    // It had not taken effect: the old one is the card's, and is exchanged after all.
    const round = await answer(attempt, '63C2')
    expect(round.command).toMatch(/^0024008110/)
    expect(await answer(attempt, '9000')).toMatchObject({ end: 'done' })
    expect(await record()).toMatchObject({ candidates: [{ epoch: 0, counter: 3 }] })
  })
})
