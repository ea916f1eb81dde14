import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issueCard } from '@unlatch/agent'
import { Problem } from '@unlatch/contract'
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
  issue,
  openHeld,
  openServer,
  openWorkplace,
  signIn,
  type Workplace,
} from './call-stage.fixture.ts'
import { EACH_COMMAND, recordCells } from './tear-cells.ts'

/**
 * The power is cut before and after every command of Register and Issue, on every kind of card. A card that was not finished
 * stays registered and nothing is released for it; Issue goes on when it is put back, and then the card can be unblocked.
 */

/** No personalisation has this many commands. */
const END = 80
const NEW_PIN = '857142'

let folder: string
let server: RunningServer
let operator: OperatorClient
let workplace: Workplace

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-torn-issue-'))
  server = await openServer(folder)
  operator = await signIn(server)
  workplace = openWorkplace(folder, server)
  await workplace.agent.contactServer()
})
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function issueTorn(held: HeldCard, cut: { afterCommands: number; moment: 'before' | 'after' }) {
  workplace.reader.insert(openHeld(held))
  workplace.reader.cutPower(cut)
  try {
    await issue(workplace, held)
    return undefined
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  } finally {
    workplace.reader.remove()
  }
}

async function cell(
  kind: VirtualCardKind,
  cut: { afterCommands: number; moment: 'before' | 'after' },
): Promise<boolean> {
  const held = await addHolder(server, folder, kind)
  const problem = await issueTorn(held, cut)
  const { card } = await beliefOf(operator, held)
  const way = kind === 'gids' ? 'native-admin-key' : 'masked-puk'
  if (!problem) {
    expect(card).toMatchObject({ state: 'issued', telephoneWay: way, obstacle: null })
    return false
  }
  expect(problem.code).toBe('outcome-unknown')
  expect(card).toMatchObject({
    state: 'registered',
    telephoneWay: 'none',
    obstacle: 'card-not-issued',
    triesAtLeast: null,
  })
  const { id: unblockId } = await operator.openUnblock(card?.id ?? '')
  const wish = { challenge: '0'.repeat(10), idempotencyKey: 'key-00000001' }
  await expect(operator.releaseCryptogram(unblockId, wish)).rejects.toMatchObject({ code: 'card-not-issued' })

  workplace.reader.insert(openHeld(held))
  const { readers, server: client, configuration } = workplace.agent
  const tools = { readers, server: client, configuration: configuration() }
  await issueCard(tools, workplace.reader.name, card?.id ?? '')
  expect((await beliefOf(operator, held)).card).toMatchObject({ state: 'issued', telephoneWay: way, obstacle: null })
  workplace.reader.remove()
  block(held)
  workplace.reader.insert(openHeld(held))
  expect(await call(workplace, operator, held, NEW_PIN)).toBeUndefined()
  expect(acceptsPin(held, NEW_PIN)).toBe(true)
  workplace.reader.remove()
  return true
}

describe.each(VIRTUAL_CARD_KINDS)('%s: the power fails', (kind) => {
  test.each(['before', 'after'] as const)('%s each command of an issuance', async (moment) => {
    let cells = 0
    while (cells < END) {
      const isTorn = await cell(kind, { afterCommands: cells, moment }).catch((cause) => {
        throw new Error(`${kind}, ${moment} command ${cells + 1}: ${cause.message}`, { cause })
      })
      if (!isTorn) break
      cells++
    }
    expect(cells).toBeGreaterThanOrEqual(5)
    expect(cells).toBeLessThan(END)
    recordCells({ procedure: 'issuance', card: kind, event: 'power cut', moment, cells, where: EACH_COMMAND })
  })
})

test('a serial that was registered and not finished is not registered again', async () => {
  const held = await addHolder(server, folder, 'yubikey')
  await issueTorn(held, { afterCommands: 3, moment: 'before' })
  expect(await issueTorn(held, { afterCommands: END, moment: 'before' })).toMatchObject({ code: 'card-exists' })
})
