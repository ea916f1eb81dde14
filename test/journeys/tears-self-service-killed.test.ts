import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Agent, openAgent, SelfServiceUnblock, virtualReaders } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { Problem } from '@unlatch/contract'
import { loadVirtualCardFile, type VirtualCard, VirtualReader } from '@unlatch/virtual-cards'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blockPin, verifies } from '../../packages/unlatch/src/demo/stage.ts'
import { needs } from '../peers/needs.ts'
import type { Reachable } from './call-stage.fixture.ts'
import { keepReady, kill, killAll, openServerProcess, type StartedProcess } from './killed.fixture.ts'
import { NEW_PIN } from './played-call.ts'
import { openRelay, type Relay } from './relay.fixture.ts'
import { EVA_PASSWORD, openSelfServiceStage, type SelfServiceStage } from './self-service-stage.fixture.ts'
import { recordCells } from './tear-cells.ts'
import type { HolderOrder } from './tears-holder.fixture.ts'

/**
 * A cardholder alone, and the server or her agent is killed (SIGKILL) at each step. Started again, it goes on with the attempt, or
 * the next one saves the card at once.
 */

const KINDS = ['gids', 'piv-strict'] as const
type Kind = (typeof KINDS)[number]
const MOMENTS = ['before', 'after'] as const
const CARDS_PER_KIND = 36
const KILLED_PIN = '490712'

needs('slapd')('self-service, killed', () => {
  let eva: SelfServiceStage
  const paths: Record<Kind, string[]> = { gids: [], 'piv-strict': [] }
  let nextServer: () => StartedProcess
  let server: Awaited<ReturnType<typeof openServerProcess>>
  let relay: Relay

  beforeAll(async () => {
    nextServer = keepReady('tears-stage-server')
    eva = await openSelfServiceStage()
    for (const kind of KINDS) {
      for (let count = 0; count < CARDS_PER_KIND; count++) {
        const path = join(eva.folder, `${kind}-${count}.json`)
        await eva.issueBlocked(kind, { path })
        paths[kind].push(path)
      }
    }
    await eva.stage.server.close()
    server = await openServerProcess(eva.folder, nextServer())
    relay = await openRelay(server.url)
  }, 180_000)
  afterAll(async () => {
    relay?.close()
    await killAll()
    await eva?.close()
  })

  const nextCard = (kind: Kind): string => {
    const path = paths[kind].pop()
    if (path === undefined) throw new Error('no card is left')
    return path
  }

  /** Her computer, its agent started anew. */
  async function openComputer() {
    const reader = new VirtualReader('Built-in reader')
    const at: Reachable = { url: relay.url, configurationKeyHex: server.configurationKeyHex }
    const agent = openAgent({
      folder: join(eva.folder, 'holder'),
      serverUrl: at.url,
      pinnedKeyHex: at.configurationKeyHex,
      readers: virtualReaders([reader]),
    })
    await agent.contactServer()
    return { agent, reader }
  }

  /** She unblocks the card in the reader; the problem that it ended with, if one did. */
  async function unblock({ agent, reader }: { agent: Agent; reader: VirtualReader }): Promise<string | undefined> {
    const { readers, server: line, journal, keySha256, configuration } = agent
    const tools = { readers, server: line, journal, keySha256, configuration: configuration(), now: () => new Date() }
    try {
      const attempt = await SelfServiceUnblock.begin(tools, reader.name)
      attempt.onStep = (step) => {
        if (step === 'authenticate' && !attempt.view.isMet)
          attempt.answer('domain', ascii(EVA_PASSWORD)).catch(() => attempt.end())
      }
      await attempt.setNewPin(ascii(NEW_PIN), false)
      return undefined
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return error.code
    }
  }

  /** What is in the card and what is on record say the same, now or after one attempt more. */
  async function expectSaved(path: string, where: unknown, isSet: (card: VirtualCard) => boolean): Promise<void> {
    const card = loadVirtualCardFile(path)
    const computer = await openComputer()
    if (!isSet(card)) {
      blockPin(card)
      computer.reader.insert(card)
      expect([where, await unblock(computer)]).toEqual([where, undefined])
      expect([where, verifies(card, NEW_PIN)]).toEqual([where, true])
      await computer.agent.contactServer()
    }
    expect(await computer.agent.journal.unreported()).toEqual([])
  }

  const serverSteps = (kind: Kind) => [
    { name: 'open', path: '/api/self-service', turn: 0 },
    { name: 'proof', path: '/proof', turn: 0 },
    { name: 'password', path: '/password', turn: 0 },
    { name: 'release', path: '/release', turn: 0 },
    ...(kind === 'gids' ? [0, 1, 2] : [0]).map((turn) => ({
      name: kind === 'gids' ? `collection ${turn + 1}` : 'collection',
      path: '/collection',
      turn,
    })),
    { name: 'outcome', path: '/outcome', turn: 0 },
  ]

  /** What may be asked again is asked again, and the attempt goes on. */
  function problemAfter(kind: Kind, step: string, moment: 'before' | 'after'): string | undefined {
    // A password that was typed is not kept: it is typed again.
    if (step === 'password') return 'attempt-cancelled'
    // What a PUK is sealed under was in the memory of the server that ended; nothing was given out.
    const isPrepared = (step === 'release' && moment === 'after') || step === 'collection'
    return isPrepared && kind !== 'gids' ? 'attempt-closed' : undefined
  }

  const startAgain = async () => {
    server = await openServerProcess(eva.folder, nextServer())
    relay.moveTo(server.url)
  }

  describe.each(KINDS)('%s: the server is killed', (kind) => {
    it.each(MOMENTS)('%s each word of the agent', { timeout: 180_000 }, async (moment) => {
      const where: string[] = []
      for (const step of serverSteps(kind)) {
        const path = nextCard(kind)
        const computer = await openComputer()
        const card = loadVirtualCardFile(path)
        computer.reader.insert(card)
        const stopped = relay.stopAt(step.turn, moment, step.path)
        const working = unblock(computer).then(async (problem) => {
          await computer.agent.contactServer().catch(() => {})
          return problem
        })
        await stopped
        relay.stopNothing()
        await kill(server.child)
        await startAgain()
        const problem = problemAfter(kind, step.name, moment)
        expect([step.name, await working]).toEqual([step.name, problem])
        expect([step.name, verifies(card, NEW_PIN)]).toEqual([step.name, problem === undefined])
        await expectSaved(path, step.name, (saved) => verifies(saved, NEW_PIN))
        where.push(step.name)
      }
      recordCells({
        procedure: 'self-service',
        card: kind,
        event: 'server killed',
        moment,
        cells: where.length,
        where,
      })
    })

    it('while the directory is asked: the try is counted, and the next attempt saves the card', async () => {
      const path = nextCard(kind)
      const computer = await openComputer()
      computer.reader.insert(loadVirtualCardFile(path))
      eva.slapd.freeze()
      const before = countAsked()
      const working = unblock(computer)
      // On the disk before the directory answers.
      await expect.poll(countAsked, { timeout: 20_000 }).toBe(before + 1)
      await kill(server.child)
      eva.slapd.thaw()
      await startAgain()
      expect(await working).toBe('attempt-cancelled')
      expect(countAsked()).toBe(before + 1)
      await expectSaved(path, 'directory', () => false)
    })
  })

  /** Passwords that a directory is asked about, or was when the server died: each is a try. */
  function countAsked(): number {
    const database = new DatabaseSync(join(eva.folder, 'server', 'unlatch.db'), { timeout: 5000, readOnly: true })
    const row = database.prepare(`SELECT count(*) AS count FROM self_service_ways WHERE state = 'asked'`).get()
    database.close()
    return Number(row?.count)
  }

  const agentSteps = (kind: Kind) => [
    'openSelfService',
    'proveSelfService',
    'answerSelfService',
    'releaseSelfService',
    'collectUnblock',
    ...(kind === 'gids' ? ['collectUnblock 2', 'collectUnblock 3'] : []),
    'RESET RETRY COUNTER',
    'VERIFY',
  ]

  describe.each(KINDS)('%s: her agent is killed', (kind) => {
    const nextHolder = keepReady('tears-holder')

    it.each(MOMENTS)(
      '%s each word to the server, and each command that changes the card',
      {
        timeout: 180_000,
      },
      async (moment) => {
        const where: string[] = []
        for (const step of agentSteps(kind)) {
          const path = nextCard(kind)
          const killed = nextHolder()
          const order: HolderOrder = {
            folder: join(eva.folder, 'holder'),
            url: relay.url,
            configurationKeyHex: server.configurationKeyHex,
            cardPath: path,
            password: EVA_PASSWORD,
            newPin: KILLED_PIN,
            moment,
            where: step,
          }
          killed.tell(JSON.stringify(order))
          expect([step, await killed.nextLine()]).toEqual([step, 'standing still'])
          await kill(killed.child)
          const isChanged = step === 'VERIFY' || (step === 'RESET RETRY COUNTER' && moment === 'after')
          expect([step, verifies(loadVirtualCardFile(path), KILLED_PIN)]).toEqual([step, isChanged])
          await expectSaved(path, step, (card) => isChanged && verifies(card, KILLED_PIN))
          where.push(step)
        }
        recordCells({
          procedure: 'self-service',
          card: kind,
          event: 'agent killed',
          moment,
          cells: where.length,
          where,
        })
      },
    )
  })
})
