import { ascii } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { writeReceipt } from '@unlatch/card/unblock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../records/actors.ts'
import { personDetails } from '../../records/people/views.ts'
import type { PukRecord } from '../../records/puk-records/puk-record.ts'
import { look } from '../../records/view.ts'
import { perform } from '../operation.ts'
import { releaseSigned } from '../signed-release.fixture.ts'
import { type StagedWorld, stageWorld } from '../world.fixture.ts'
import { closeOpenOutcome } from './close-open-outcome.ts'
import { openUnblock } from './open-unblock.ts'

let stage: StagedWorld
let olivia: Actor
let ines: Actor
let personId: string
beforeEach(async () => {
  stage = await stageWorld()
  ;[olivia, ines] = [await stage.operator(), await stage.operator(undefined, 'session-2')]
  personId = await stage.person()
})
afterEach(() => stage.close())

const summaryOf = async (cardId: string) => {
  const { cards } = await look(personDetails(true), stage.world, { personId }, ines)
  return cards.find(({ id }) => id === cardId)
}

/** Olivia gives a cryptogram, and nobody says what became of it. */
async function leaveOpen(record: Partial<PukRecord> = {}) {
  const card = await stage.pivCard(personId, record)
  const { challenge, keys } = card.attempt()
  const { id: unblockId } = await perform(openUnblock, stage.world, { cardId: card.id }, olivia)
  const wish = { unblockId, challenge, idempotencyKey: 'key-00000001' }
  const { code } = await releaseSigned(stage.world, wish, olivia)
  const receipt = (triesLeft?: number) =>
    writeReceipt(
      nodeCrypto,
      keys,
      ascii(code),
      triesLeft === undefined ? { code: 'unblocked' } : { code: 'refused', triesLeft },
    )
  return { card, receipt }
}
const close = (cardId: string, body: object, actor = ines) =>
  perform(closeOpenOutcome, stage.world, { cardId, ...body }, actor)

const TWO = {
  candidates: [
    { epoch: 0, counter: 2 },
    { epoch: 0, counter: 1 },
  ],
}

describe('the outcome of an earlier call', () => {
  it('is entered by another operator; what was held back by it goes on', async () => {
    const { card, receipt } = await leaveOpen({ ...TWO, triesAtLeast: 4, triesLimit: 4 })
    expect(await summaryOf(card.id)).toMatchObject({
      obstacle: 'outcome-outstanding',
      openOutcome: { operatorName: olivia.name, closesBy: 'receipt' },
    })
    expect(await close(card.id, { receipt: receipt() })).toEqual({ outcome: 'unblocked', triesLeft: null })
    expect(await summaryOf(card.id)).toMatchObject({ obstacle: null, openOutcome: null, triesAtLeast: 4 })
    expect((await stage.audit()).at(-1)).toMatchObject({
      operation: 'unblock.close-open-outcome',
      subject: `card:${card.id}`,
      event: { outcome: 'unblocked', by: 'receipt', releasedBy: olivia.id },
    })
  })

  it('a refusal takes the candidate away that was sent', async () => {
    const { card, receipt } = await leaveOpen({ ...TWO, triesAtLeast: 4, triesLimit: 4 })
    expect(await close(card.id, { receipt: receipt(2) })).toEqual({ outcome: 'refused', triesLeft: 2 })
    expect(await summaryOf(card.id)).toMatchObject({ openOutcome: null, triesAtLeast: 2, obstacle: null })
  })

  it('a wrong receipt is counted for the release, whoever types it', async () => {
    const { card, receipt } = await leaveOpen()
    const right = receipt()
    const wrong = `${(Number(right[0]) + 1) % 10}${right.slice(1)}`
    for (const actor of [ines, olivia, ines, olivia, ines]) {
      await expect(close(card.id, { receipt: wrong }, actor)).rejects.toMatchObject({ code: 'receipt-mismatch' })
    }
    await expect(close(card.id, { receipt: right })).rejects.toMatchObject({ code: 'too-many-receipts' })
    expect(await summaryOf(card.id)).toMatchObject({ openOutcome: expect.anything() })
  })

  it('nobody knows: it stays open for a receipt that comes later', async () => {
    const { card, receipt } = await leaveOpen()
    expect(await close(card.id, { told: 'unknown' })).toMatchObject({ outcome: 'unknown' })
    expect(await summaryOf(card.id)).toMatchObject({ openOutcome: { closesBy: 'receipt' } })
    expect(await close(card.id, { receipt: receipt() })).toMatchObject({ outcome: 'unblocked' })
  })

  it('is refused where nothing is open, and to those who release nothing', async () => {
    const card = await stage.pivCard(personId)
    await expect(close(card.id, { told: 'unblocked' })).rejects.toMatchObject({ code: 'attempt-closed' })
    const reader = await stage.operator(['person:read'])
    await expect(close(card.id, { told: 'unblocked' }, reader)).rejects.toMatchObject({ code: 'not-permitted' })
  })
})

describe('why a card cannot be saved by telephone', () => {
  const g = (counter: number) => ({ epoch: 0, counter })
  it.each([
    ['no-candidate', { candidates: [], refused: [g(1)], triesAtLeast: 2 }],
    ['no-tries', { candidates: [], refused: [g(1)], triesAtLeast: 0 }],
    ['last-try', { candidates: [g(2), g(1)], triesAtLeast: 1 }],
    ['other-form', { candidates: ['imported' as const], form: 'other' as const }],
    [null, {}],
  ])('%s', async (why, record) => {
    const card = await stage.pivCard(personId, record)
    expect(await summaryOf(card.id)).toMatchObject({
      whyNotByTelephone: why,
      obstacle: why === null ? null : 'card-cannot-be-saved',
    })
  })

  it('no-card-key, and a card that is suspended says that instead', async () => {
    const card = await stage.pivCard(personId)
    const set = (values: object) =>
      stage.world.database.transaction((tx) => tx.updateTable('cards').set(values).where('id', '=', card.id).execute())
    await set({ sealed_key: null })
    expect(await summaryOf(card.id)).toMatchObject({ whyNotByTelephone: 'no-card-key', telephoneWay: 'none' })
    await set({ state: 'suspended' })
    expect(await summaryOf(card.id)).toMatchObject({ whyNotByTelephone: null, obstacle: 'card-suspended' })
  })
})
