import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConnectedUnblock } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import type { ConnectedState, ConnectedUnblock as Progress } from '@unlatch/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { poll, untilSeen, untilState } from '../../packages/unlatch/src/demo/attended.ts'
import type { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import {
  acceptsPin,
  addHolder,
  beliefOf,
  block,
  type HeldCard,
  issue,
  KILLED_KINDS,
  openHeld,
  openServer,
  openWorkplace,
  pukTries,
  type Reachable,
  signIn,
  toolsOf,
  type Workplace,
} from './call-stage.fixture.ts'
import { keepReady, kill, killAll, openServerProcess, type StartedProcess } from './killed.fixture.ts'
import { openRelay, type Relay } from './relay.fixture.ts'
import { recordCells } from './tear-cells.ts'

/**
 * The server is killed (SIGKILL) at each step of a connected unblock: before the step reaches it, and after it was committed, with
 * its answer lost. Started again, it goes on with the attempt or ends it; then another one works, and no try of a secret was lost.
 */

type Moment = 'before' | 'after'
interface Step {
  readonly name: string
  readonly path: string
  /** Which request of this path, from 0. */
  readonly turn: number
}

/** In the order of an attempt; `collection` has a round of its own for each message of the mutual authentication. */
const stepsOf = (kind: HeldCard['kind']): Step[] => [
  { name: 'ask', path: '/api/connected-unblocks', turn: 0 },
  { name: 'readiness', path: '/readiness', turn: 0 },
  { name: 'statement', path: '/statement', turn: 0 },
  { name: 'signature', path: '/signature', turn: 0 },
  ...(kind === 'gids' ? [0, 1, 2] : [0]).map((turn) => ({
    name: kind === 'gids' ? `collection ${turn + 1}` : 'collection',
    path: '/collection',
    turn,
  })),
  { name: 'outcome', path: '/outcome', turn: 0 },
]

const OVER: readonly ConnectedState[] = ['unblocked', 'refused', 'unknown', 'ended']
const PINS = ['490712', '857142'] as const

let folder: string
let nextServer: () => StartedProcess
let server: Reachable & { child: ChildProcess }
let relay: Relay
let operator: OperatorClient
let workplace: Workplace
let closeChannel: () => void
const cards = {} as Record<HeldCard['kind'], HeldCard>
/** What the holder types; and how the last attempt ended at the agent. */
let newPin: string = PINS[0]
let atAgent: Promise<unknown> = Promise.resolve()

beforeAll(async () => {
  nextServer = keepReady('tears-server')
  folder = mkdtempSync(join(tmpdir(), 'unlatch-connected-server-'))
  const first = await openServer(folder)
  for (const kind of KILLED_KINDS) {
    cards[kind] = await addHolder(first, folder, kind)
    const station = openWorkplace(folder, first)
    await station.agent.contactServer()
    station.reader.insert(openHeld(cards[kind]))
    await issue(station, cards[kind])
  }
  await first.close()
  server = await openServerProcess(folder, nextServer())
  relay = await openRelay(server.url)
  operator = await signIn(relay)
  workplace = openWorkplace(folder, { url: relay.url, configurationKeyHex: server.configurationKeyHex })
  await workplace.agent.contactServer()
  closeChannel = openChannel(workplace)
}, 120_000)
afterAll(async () => {
  closeChannel?.()
  relay?.close()
  await killAll()
  rmSync(folder, { recursive: true, force: true })
})

/** The holder at the station types a new PIN, as soon as he is asked. */
function openChannel({ agent }: Workplace): () => void {
  const { server: line, keySha256 } = agent
  const channel = agent.openChannel({
    async unblock(job, news) {
      const work = async () => {
        const attempt = await ConnectedUnblock.begin({ ...toolsOf(agent), server: line, keySha256 }, job, news)
        await attempt.setNewPin(ascii(newPin), false).finally(() => attempt.end())
      }
      const working = work()
      atAgent = working.catch(() => {})
      await working.finally(() => void agent.contactServer().catch(() => {}))
    },
  })
  return () => channel.close()
}

/** Everybody finds it at the same address; who was signed in still is. */
async function startAgain(): Promise<void> {
  server = await openServerProcess(folder, nextServer())
  relay.moveTo(server.url)
}

async function ask(held: HeldCard): Promise<string> {
  const { agentId, reader, card } = await untilSeen(operator, workplace)
  expect(card?.printedSerial).toBe(held.printedSerial)
  return operator.askUnblock({ cardId: card?.id ?? '', agentId, reader })
}

async function sign(id: string): Promise<void> {
  const { statement } = await operator.writeStatement(id)
  await operator.sign(id, statement.nonce, { kind: 'password', password: 'open-sesame-test' })
}

/** From an attempt that was asked for to its end; signed where that is still to be done. */
async function finish(id: string): Promise<Progress> {
  const { state } = await untilState(operator, id, 'ready', ...OVER)
  if (state === 'ready') await sign(id)
  return untilState(operator, id, ...OVER)
}

const isUnreachable = (error: unknown) =>
  error instanceof Error && /fetch failed|server-unreachable/.test(String(error))

/** Kills the server at a step of an attempt and starts it again; the id of the attempt, where the operator has learnt it. */
async function killServerAt(held: HeldCard, step: Step, moment: Moment): Promise<string | undefined> {
  let id: string | undefined
  const stopped = relay.stopAt(step.turn, moment, step.path)
  const attempt = (async () => {
    id = await ask(held)
    await finish(id)
  })().catch((error) => {
    if (!isUnreachable(error)) throw error
  })
  // The outcome is told once the card has changed: the operator may have seen the end before.
  await stopped
  relay.stopNothing()
  await kill(server.child)
  await startAgain()
  await attempt
  return id
}

describe.each(KILLED_KINDS)('%s: the server is killed', (kind) => {
  test.each(['before', 'after'] as const)(
    '%s each step of a connected unblock',
    { timeout: 300_000 },
    async (moment) => {
      const held = cards[kind]
      const where: string[] = []
      for (const step of stepsOf(kind)) {
        block(held)
        newPin = acceptsPin(held, PINS[0]) ? PINS[1] : PINS[0]
        const tries = pukTries(held)
        workplace.reader.insert(openHeld(held))
        const id = await killServerAt(held, step, moment)
        const first = id === undefined ? undefined : await finish(id)
        if (first) await atAgent
        const at = [step.name, moment]
        // What is said is what is true.
        const isSet = acceptsPin(held, newPin)
        if (first) expect([...at, first.state === 'unblocked']).toEqual([...at, isSet])
        if (!isSet) {
          expect([...at, (await finish(await ask(held))).state]).toEqual([...at, 'unblocked'])
          await atAgent
        }
        expect([...at, acceptsPin(held, newPin)]).toEqual([...at, true])
        expect([...at, pukTries(held)]).toEqual([...at, tries])
        const { card, outcomes } = await poll('the report', async () => {
          const belief = await beliefOf(operator, held)
          return belief.outcomes[0] === 'unblocked' ? belief : undefined
        })
        expect(card?.triesAtLeast ?? 0).toBeLessThanOrEqual(tries)
        expect(outcomes).not.toContain('released')
        workplace.reader.remove()
        where.push(step.name)
      }
      recordCells({ procedure: 'connected', card: kind, event: 'server killed', moment, cells: where.length, where })
    },
  )
})
