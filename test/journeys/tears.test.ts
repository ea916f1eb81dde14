import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningServer } from '@unlatch/server'
import { VIRTUAL_CARD_KINDS, type VirtualCardKind } from '@unlatch/virtual-cards'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import {
  acceptsPin,
  addHolder,
  beliefOf,
  block,
  call,
  type HeldCard,
  isBlocked,
  issue,
  openHeld,
  openServer,
  openWorkplace,
  pukTries,
  signIn,
} from './call-stage.fixture.ts'
import { EACH_COMMAND, recordCells } from './tear-cells.ts'

/**
 * The power is cut before and after every command of an offline unblock, on every kind of card. Afterwards the agent starts
 * anew from its folder, and what it left, what the server believes and what the card is must agree, and a new call must work.
 */

const FIRST_PIN = '490712'
const SECOND_PIN = '857142'
/** No unblock has this many commands. */
const END = 40

let folder: string
let server: RunningServer
let operator: OperatorClient

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-tears-'))
  server = await openServer(folder)
  operator = await signIn(server)
})
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function openReady() {
  const workplace = openWorkplace(folder, server)
  await workplace.agent.contactServer()
  return workplace
}

async function issueBlocked(kind: VirtualCardKind): Promise<HeldCard> {
  const held = await addHolder(server, folder, kind)
  const workplace = await openReady()
  workplace.reader.insert(openHeld(held))
  await issue(workplace, held)
  block(held)
  return held
}

/** The server never believes more than is true, of the card's tries and of the releases since there were `before`. */
async function expectHonest(held: HeldCard, before: number): Promise<void> {
  const { card, outcomes } = await beliefOf(operator, held)
  expect(card?.triesAtLeast ?? 0).toBeLessThanOrEqual(pukTries(held))
  const since = outcomes.slice(0, outcomes.length - before)
  if (isBlocked(held)) expect(since).not.toContain('unblocked')
}

/** One cell. Returns false when the call was over before the power failed. */
async function tearAt(held: HeldCard, cut: { afterCommands: number; moment: 'before' | 'after' }): Promise<boolean> {
  const before = (await beliefOf(operator, held)).outcomes.length
  const torn = await openReady()
  const card = openHeld(held)
  torn.reader.insert(card)
  torn.reader.cutPower(cut)
  const problem = await call(torn, operator, held, FIRST_PIN)
  if (!problem) return false
  expect(['card-removed', 'outcome-unknown']).toContain(problem.code)
  expect(card.heard.filter((command) => command.startsWith('002C')).length).toBeLessThanOrEqual(1)

  const after = await openReady()
  expect(await after.agent.journal.unreported()).toEqual([])
  await expectHonest(held, before)
  after.reader.insert(openHeld(held))
  if (!isBlocked(held)) {
    expect(acceptsPin(held, FIRST_PIN)).toBe(true)
    expect(await call(after, operator, held, SECOND_PIN)).toMatchObject({ code: 'card-not-blocked' })
    return true
  }
  expect(acceptsPin(held, FIRST_PIN)).toBe(false)
  expect(await call(after, operator, held, SECOND_PIN)).toBeUndefined()
  expect(acceptsPin(held, SECOND_PIN)).toBe(true)
  await after.agent.contactServer()
  expect((await beliefOf(operator, held)).outcomes[0]).toBe('unblocked')
  await expectHonest(held, before)
  return true
}

/** A card of one's own for each cell that may have cost a try, in the server's eyes. */
async function freshOf(held: HeldCard): Promise<HeldCard> {
  const { card } = await beliefOf(operator, held)
  if (held.kind !== 'gids' && card?.triesAtLeast !== 3) return issueBlocked(held.kind)
  block(held)
  return held
}

describe.each(VIRTUAL_CARD_KINDS)('%s: the power fails', (kind) => {
  test.each(['before', 'after'] as const)('%s each command of an unblock', async (moment) => {
    let held = await issueBlocked(kind)
    let cells = 0
    while (cells < END) {
      const isTorn = await tearAt(held, { afterCommands: cells, moment }).catch((cause) => {
        throw new Error(`${kind}, ${moment} command ${cells + 1}: ${cause.message}`, { cause })
      })
      if (!isTorn) break
      cells++
      held = await freshOf(held)
    }
    expect(acceptsPin(held, FIRST_PIN)).toBe(true)
    // SELECT, what is read, the challenge, the new PIN, its proof: no kind needs fewer.
    expect(cells).toBeGreaterThanOrEqual(8)
    expect(cells).toBeLessThan(END)
    recordCells({ procedure: 'unblock', card: kind, event: 'power cut', moment, cells, where: EACH_COMMAND })
  })
})
