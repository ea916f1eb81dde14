import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contactCard } from '@unlatch/agent'
import { createVirtualCard, loadVirtualCard, type VirtualCard, type VirtualCardKind } from '@unlatch/virtual-cards'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import { blockPin, openStage, type Stage } from '../../packages/unlatch/src/demo/stage.ts'
import { type Issued, issueBlocked, playCall, populate, signIn } from './played-call.ts'
import { EACH_COMMAND, recordCells } from './tear-cells.ts'

/** After a call the PUK is exposed; at the card's next contact with a station it is exchanged. Torn anywhere, nothing is lost. */

const folder = mkdtempSync(join(tmpdir(), 'unlatch-rotation-'))
let stage: Stage
let operator: OperatorClient
let personId: string
let count = 0

beforeAll(async () => {
  stage = await openStage(folder, { releasesPerHour: 1000 })
  personId = await populate(stage)
  operator = await signIn(stage)
})
afterAll(async () => {
  await stage?.close()
  rmSync(folder, { recursive: true, force: true })
})

const issueOne = (kind: VirtualCardKind) => issueBlocked(stage, personId, kind, `ROT-${++count}`)
const call = (issued: Issued, isUsed = true) => playCall(stage, operator, issued, isUsed)

const contact = () => {
  const { agent } = stage
  return contactCard(
    { readers: agent.readers, server: agent.server, configuration: agent.configuration() },
    stage.reader.name,
  )
}

async function summaryOf(cardId: string) {
  const { cards } = await operator.person(personId)
  return cards.find((card) => card.id === cardId)
}

const pukOf = (card: VirtualCard) => (card.save() as { puk: { valueHex: string; left: number } }).puk

describe.each(['piv-lenient', 'piv-strict', 'yubikey', 'yubikey-3des'] as const)('%s', (kind) => {
  it('is not touched while nobody outside knows its PUK', async () => {
    const issued = await issueOne(kind)
    stage.reader.insert(issued.card)
    const before = pukOf(issued.card)
    expect(await contact()).toBe('not-needed')
    expect(pukOf(issued.card)).toEqual(before)
  })

  it('gets another PUK after a call, used or not; the next call works', async () => {
    for (const isUsed of [true, false]) {
      const issued = await issueOne(kind)
      const cardId = await call(issued, isUsed)
      expect(await summaryOf(cardId)).toMatchObject({ exposedSince: expect.any(String) })
      const before = pukOf(issued.card).valueHex
      stage.reader.insert(issued.card)
      expect(await contact()).toBe('done')
      expect(pukOf(issued.card).valueHex).not.toBe(before)
      expect(await summaryOf(cardId)).toMatchObject({ exposedSince: null, obstacle: null })
      blockPin(issued.card)
      await call(issued)
    }
  })

  it('is torn at each command, before and after, and is taken up at the next contact', async () => {
    for (const moment of ['before', 'after'] as const) {
      let cells = 0
      for (let afterCommands = 0; ; afterCommands++) {
        const issued = await issueOne(kind)
        const cardId = await call(issued, false)
        stage.reader.insert(issued.card)
        stage.reader.cutPower({ afterCommands, moment })
        const how = await contact().catch((error: { code: string }) => error.code)
        if (how === 'done') break
        expect(how).toBe('outcome-unknown')
        stage.reader.insert(issued.card)
        expect([afterCommands, moment, await contact()]).toEqual([afterCommands, moment, 'done'])
        const summary = await summaryOf(cardId)
        expect(summary?.triesAtLeast).toBeLessThanOrEqual(pukOf(issued.card).left)
        expect(summary).toMatchObject({ exposedSince: null, obstacle: null })
        cells++
      }
      expect(cells).toBeGreaterThan(5)
      recordCells({ procedure: 'contact', card: kind, event: 'power cut', moment, cells, where: EACH_COMMAND })
    }
    const last = await issueOne(kind)
    await call(last)
  })
})

it.each([
  ['yubikey', 'card-identity-conflict'],
  ['piv-lenient', 'rehearsal-failed'],
] as const)('a %s that only bears the name proves nothing, and is not touched: %s', async (kind, code) => {
  const issued = await issueOne(kind)
  await call(issued, false)
  const other = createVirtualCard(kind)
  const copy = loadVirtualCard({
    ...(other.save() as object),
    objects: (issued.card.save() as { objects: object }).objects,
  } as never)
  const before = copy.save()
  stage.reader.insert(copy)
  await expect(contact()).rejects.toMatchObject({ code })
  expect(copy.save()).toEqual(before)
})
