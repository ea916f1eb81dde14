import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issueCard } from '@unlatch/agent'
import { writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { createVirtualCard, personaliseGids, VIRTUAL_CARD_KINDS, type VirtualCardKind } from '@unlatch/virtual-cards'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import { blockPin, openStage, type Stage } from '../../packages/unlatch/src/demo/stage.ts'
import { FACTORY_ADMIN_KEY, makeFactoryCard, playCall, populate, signIn } from './played-call.ts'

/** Register and Issue at a station: the card's secrets become ours. (Torn: tears-personalise.test.ts.) */

const folder = mkdtempSync(join(tmpdir(), 'unlatch-issuance-'))
const FACTORY_9B = writeHex(FACTORY_ADMIN_KEY)
let stage: Stage
let operator: OperatorClient
let personId: string
let count = 0

beforeAll(async () => {
  stage = await openStage(folder, { releasesPerHour: 5000 })
  personId = await populate(stage)
  operator = await signIn(stage)
})
afterAll(async () => {
  await stage?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function register(kind: VirtualCardKind): Promise<{ cardId: string; printedSerial: string }> {
  const printedSerial = `ISS-${++count}`
  const family = kind === 'gids' ? 'gids' : 'piv'
  const wish = { personId, family, label: 'card', printedSerial, adminKeyTriesLimit: 0 } as const
  return { cardId: (await stage.agent.server.registerCard(wish)).cardId, printedSerial }
}

const issueIt = (cardId: string) => {
  const { agent } = stage
  const tools = { readers: agent.readers, server: agent.server, configuration: agent.configuration() }
  return issueCard(tools, stage.reader.name, cardId)
}

const stateOf = async (cardId: string) => (await operator.person(personId)).cards.find(({ id }) => id === cardId)?.state

describe.each(VIRTUAL_CARD_KINDS)('%s', (kind) => {
  it('is issued with secrets of its own', async () => {
    const card = makeFactoryCard(kind)
    const { cardId, printedSerial } = await register(kind)
    expect(await stateOf(cardId)).toBe('registered')
    stage.reader.insert(card)
    await issueIt(cardId)
    expect(await stateOf(cardId)).toBe('issued')
    await expect(issueIt(cardId)).rejects.toMatchObject({ code: 'attempt-closed' })
    const memory = JSON.stringify(card.save())
    expect(memory).not.toContain('3132333435363738')
    // The strict card has no command for key 9B: it keeps the factory's, and the record says so.
    if (kind !== 'piv-strict') expect(memory).not.toContain(FACTORY_9B)
    blockPin(card)
    await playCall(stage, operator, { card, printedSerial })
  })

  it('that is known here already is not issued once more under another id: no key is tried', async () => {
    const card = makeFactoryCard(kind)
    const first = await register(kind)
    stage.reader.insert(card)
    await issueIt(first.cardId)
    const before = card.save()
    const second = await register(kind)
    stage.reader.insert(card)
    await expect(issueIt(second.cardId)).rejects.toMatchObject({ code: 'card-identity-conflict' })
    expect(card.save()).toEqual(before)
  })
})

it('a GIDS card of another factory: its key is found where no tries are counted', async () => {
  const card = createVirtualCard('gids')
  personaliseGids(card, { cardId: nodeCrypto.random(16), adminKey: new Uint8Array(24), pin: '123456' })
  const { cardId, printedSerial } = await register('gids')
  stage.reader.insert(card)
  await issueIt(cardId)
  blockPin(card)
  await playCall(stage, operator, { card, printedSerial })
})
