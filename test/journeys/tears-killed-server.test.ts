import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contactCard, issueCard } from '@unlatch/agent'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import {
  addHolder,
  beliefOf,
  block,
  call,
  type HeldCard,
  issue,
  KILLED_KINDS,
  openHeld,
  openServer,
  openWorkplace,
  pukTries,
  type Reachable,
  releaseBare,
  signIn,
  stationToolsOf,
  type Workplace,
} from './call-stage.fixture.ts'
import { keepReady, kill, killAll, openServerProcess, type StartedProcess } from './killed.fixture.ts'
import { openRelay, type Relay } from './relay.fixture.ts'
import { expectSavedCard } from './saved-card.fixture.ts'
import { recordCells } from './tear-cells.ts'

/**
 * The server is killed (SIGKILL) at each round of Register and Issue and of a contact: before the round reaches it, and after it
 * was committed, with its answer lost. Started again, it goes on with the station from what is on its disk.
 */

type Kind = (typeof KILLED_KINDS)[number]
/** No procedure has this many rounds. */
const END = 30
const FIRST_PIN = '490712'
const NEW_PIN = '857142'

let folder: string
let nextServer: () => StartedProcess
let server: Reachable & { child: ChildProcess }
let relay: Relay
let operator: OperatorClient
/** Persons with a card from the factory each. */
const holders: Record<Kind, HeldCard[]> = { gids: [], 'piv-strict': [], 'yubikey-3des': [] }

beforeAll(async () => {
  nextServer = keepReady('tears-server')
  folder = mkdtempSync(join(tmpdir(), 'unlatch-killed-server-'))
  const first = await openServer(folder)
  for (const kind of KILLED_KINDS) {
    for (let cells = 0; cells < 2 * END; cells++) holders[kind].push(await addHolder(first, folder, kind))
  }
  await first.close()
  server = await openServerProcess(folder, nextServer())
  relay = await openRelay(server.url)
  operator = await signIn(relay)
})
afterAll(async () => {
  relay?.close()
  await killAll()
  rmSync(folder, { recursive: true, force: true })
})

/** Everybody finds it at the same address; who was signed in still is. */
async function startAgain(): Promise<void> {
  server = await openServerProcess(folder, nextServer())
  relay.moveTo(server.url)
}

async function openReady(): Promise<Workplace> {
  const workplace = openWorkplace(folder, { url: relay.url, configurationKeyHex: server.configurationKeyHex })
  await workplace.agent.contactServer()
  return workplace
}

/**
 * Lets a station work until this round, and kills the server there; it is started again.
 *
 * @returns the round's name; undefined when the work came to its end before.
 */
async function killServerAt(
  held: HeldCard,
  at: { turn: number; moment: 'before' | 'after' },
  work: (workplace: Workplace) => Promise<unknown>,
): Promise<string | undefined> {
  const workplace = await openReady()
  workplace.reader.insert(openHeld(held))
  const stopped = relay.stopAt(at.turn, at.moment)
  const working = work(workplace).then(
    () => undefined,
    (error) => error,
  )
  const path = await Promise.race([stopped, working])
  relay.stopNothing()
  if (typeof path !== 'string') {
    expect(path).toBeUndefined()
    return undefined
  }
  await kill(server.child)
  expect(await working).toMatchObject({ code: 'server-unreachable' })
  await startAgain()
  return path.split('/').at(-1) as string
}

const expectSaved = async (held: HeldCard) => expectSavedCard(await openReady(), operator, held, NEW_PIN)

async function callAndReport(workplace: Workplace, held: HeldCard): Promise<void> {
  block(held)
  workplace.reader.insert(openHeld(held))
  expect(await call(workplace, operator, held, FIRST_PIN)).toBeUndefined()
  await workplace.agent.contactServer()
  expect((await beliefOf(operator, held)).card).toMatchObject({ exposedSince: expect.any(String) })
}

const nextHolder = (kind: Kind): HeldCard => {
  const held = holders[kind].pop()
  if (!held) throw new Error('nobody is left')
  return held
}

describe.each(KILLED_KINDS)('%s: the server is killed', { timeout: 180_000 }, (kind) => {
  test.each(['before', 'after'] as const)('%s each round of an issuance', async (moment) => {
    const where: string[] = []
    let wasIssued = 0
    for (;;) {
      const held = nextHolder(kind)
      const round = await killServerAt(held, { turn: where.length, moment }, (workplace) => issue(workplace, held))
      if (round === undefined) {
        await expectSaved(held)
        break
      }
      where.push(round)
      const { card } = await beliefOf(operator, held)
      const after = await openReady()
      after.reader.insert(openHeld(held))
      if (card?.state === 'issued') wasIssued++
      else if (card) {
        expect(card).toMatchObject({ state: 'registered', telephoneWay: 'none', triesAtLeast: null })
        await issueCard(stationToolsOf(after.agent), after.reader.name, card.id)
      } else {
        expect([where.length, moment]).toEqual([1, 'before'])
        await issue(after, held)
      }
      await expectSaved(held)
    }
    expect(where.slice(0, 3)).toEqual(['cards', 'issuance', 'personalisation'])
    expect(where.length).toBeGreaterThanOrEqual(8)
    // The last answer alone may be lost of a card that is issued.
    expect(wasIssued).toBe(moment === 'after' ? 1 : 0)
    recordCells({ procedure: 'issuance', card: kind, event: 'server killed', moment, cells: where.length, where })
  })
})

describe.each(KILLED_KINDS)('%s: the server is killed', (kind) => {
  test.each(['before', 'after'] as const)('%s each round of a contact', async (moment) => {
    const where: string[] = []
    let wasDone = 0
    for (;;) {
      const held = nextHolder(kind)
      const workplace = await openReady()
      workplace.reader.insert(openHeld(held))
      await issue(workplace, held)
      if (kind === 'gids') await releaseBare(operator, held)
      else await callAndReport(workplace, held)

      const contact = ({ agent, reader }: Workplace) => contactCard(stationToolsOf(agent), reader.name)
      const round = await killServerAt(held, { turn: where.length, moment }, async (at) => {
        expect(await contact(at)).toBe('done')
      })
      if (round === undefined) {
        await expectSaved(held)
        break
      }
      where.push(round)
      const { card } = await beliefOf(operator, held)
      expect(card?.triesAtLeast ?? 0).toBeLessThanOrEqual(pukTries(held))
      const after = await openReady()
      after.reader.insert(openHeld(held))
      const end = await contact(after)
      expect(['done', 'not-needed']).toContain(end)
      if (kind !== 'gids') expect(end === 'not-needed').toBe(card?.exposedSince === null)
      if (end === 'not-needed') wasDone++
      await expectSaved(held)
    }
    expect(where.slice(0, 2)).toEqual(['contacts', 'rotation'])
    expect(wasDone).toBe(moment === 'after' ? 1 : 0)
    recordCells({ procedure: 'contact', card: kind, event: 'server killed', moment, cells: where.length, where })
  })
})
