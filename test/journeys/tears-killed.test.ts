import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { OfflineUnblock } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { reportOutcomes } from '../../packages/agent/src/tasks/report-outcomes.ts'
import {
  acceptsPin,
  addHolder,
  answerCall,
  beliefOf,
  block,
  call,
  type HeldCard,
  isBlocked,
  issue,
  KILLED_KINDS,
  openCall,
  openHeld,
  openServer,
  openWorkplace,
  type Reachable,
  signIn,
  toolsOf,
} from './call-stage.fixture.ts'
import { keepReady, kill, killAll, openServerProcess, type StartedProcess, start } from './killed.fixture.ts'
import { openRelay } from './relay.fixture.ts'
import { recordCells } from './tear-cells.ts'

/** Processes are killed (SIGKILL) at a chosen step; what starts after them goes on from what is on the disk. */

const KILLED_PIN = '490712'
const NEW_PIN = '857142'

let folder: string
let nextServer: () => StartedProcess
let cards: Record<(typeof KILLED_KINDS)[number], HeldCard>

beforeAll(async () => {
  nextServer = keepReady('tears-server')
  folder = mkdtempSync(join(tmpdir(), 'unlatch-killed-'))
  const server = await openServer(folder)
  const workplace = openWorkplace(folder, server)
  await workplace.agent.contactServer()
  const issueOne = async (kind: HeldCard['kind']) => {
    const held = await addHolder(server, folder, kind)
    workplace.reader.insert(openHeld(held))
    await issue(workplace, held)
    return held
  }
  cards = {
    gids: await issueOne('gids'),
    'piv-strict': await issueOne('piv-strict'),
    'yubikey-3des': await issueOne('yubikey-3des'),
  }
  await server.close()
})
afterAll(async () => {
  await killAll()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  for (const held of Object.values(cards)) block(held)
})

/** The server in a process of its own, until the test is over. */
async function startServerProcess() {
  const server = await openServerProcess(folder, nextServer())
  onTestFinished(() => kill(server.child))
  return server
}

describe.each(KILLED_KINDS)('%s: the agent is killed', (kind) => {
  test.each([
    ['before-reset', 'unknown'],
    ['after-reset', 'unknown'],
    ['before-proof', 'unblocked'],
  ])('%s: its journal says %s, and the server believes it', async (stop, outcome) => {
    const held = cards[kind]
    const server = await openServer(folder, false)
    onTestFinished(() => server.close())
    const operator = await signIn(server)
    const killed = start('tears-agent', folder, server.url, server.configurationKeyHex, held.path, stop)
    const code = await answerCall(operator, held, await killed.nextLine())
    killed.tell(code)
    expect(await killed.nextLine()).toBe('standing still')
    await kill(killed.child)

    const after = openWorkplace(folder, server)
    expect(await after.agent.journal.unreported()).toMatchObject([{ outcome }])
    expect((await beliefOf(operator, held)).outcomes[0]).toBe('released')
    await after.agent.contactServer()
    expect(await after.agent.journal.unreported()).toEqual([])
    expect((await beliefOf(operator, held)).outcomes[0]).toBe(outcome)
    expect(isBlocked(held)).toBe(stop === 'before-reset')
    expect(acceptsPin(held, KILLED_PIN)).toBe(stop !== 'before-reset')
    if (stop === 'before-reset') {
      after.reader.insert(openHeld(held))
      expect(await call(after, operator, held, NEW_PIN)).toBeUndefined()
      expect(acceptsPin(held, NEW_PIN)).toBe(true)
    }
    const moment = stop === 'after-reset' ? 'after' : 'before'
    const where = [stop === 'before-proof' ? 'VERIFY' : 'RESET RETRY COUNTER']
    recordCells({ procedure: 'unblock', card: kind, event: 'agent killed', moment, cells: 1, where })
  })
})

/** Holds the server's database, as a slow disk would: nothing commits until it is let go. */
function holdDatabase(): () => void {
  const database = new DatabaseSync(join(folder, 'server', 'unlatch.db'), { timeout: 5000 })
  database.exec('BEGIN IMMEDIATE')
  const letGo = () => {
    if (database.isOpen) database.close()
  }
  onTestFinished(letGo)
  return letGo
}

/** A challenge on the table, with the server in a process behind a relay. */
async function stageCall(held: HeldCard) {
  const server = await startServerProcess()
  const relay = await openRelay(server.url)
  onTestFinished(() => relay.close())
  const operator = await signIn(relay)
  const workplace = openWorkplace(folder, { url: relay.url, configurationKeyHex: server.configurationKeyHex })
  await workplace.agent.contactServer()
  workplace.reader.insert(openHeld(held))
  const attempt = await OfflineUnblock.begin(toolsOf(workplace.agent), workplace.reader.name)
  onTestFinished(() => attempt.end())
  return { server, relay, operator, workplace, attempt }
}

/** The same agent at the server's new address. */
const workplaceAt = (server: Reachable) => openWorkplace(folder, server)

describe.each(KILLED_KINDS)('%s: the server is killed', (kind) => {
  const recordServerKilled = (moment: 'before' | 'after', round: string) =>
    recordCells({ procedure: 'unblock', card: kind, event: 'server killed', moment, cells: 1, where: [round] })

  test('before a release is committed: nothing left, and the same challenge is answered after the restart', async () => {
    const held = cards[kind]
    const { server, relay, operator, attempt } = await stageCall(held)
    const { outcomes: before } = await beliefOf(operator, held)
    const unblockId = await openCall(operator, held)
    const { challenge } = attempt.way
    const wish = { challenge, idempotencyKey: randomUUID() }
    const signed = await operator.signRelease(unblockId, wish)
    const letGo = holdDatabase()
    const asked = relay.untilAsked('/cryptogram')
    const answer = operator.releaseCryptogram(unblockId, signed)
    answer.catch(() => {})
    await asked
    await kill(server.child)
    letGo()
    await expect(answer).rejects.toThrow()

    const again = await startServerProcess()
    const operatorAgain = await signIn(again)
    expect((await beliefOf(operatorAgain, held)).outcomes).toEqual(before)
    const code = await answerCall(operatorAgain, held, attempt.way.challenge)
    await attempt.enterCryptogram(ascii(code))
    await attempt.setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(held, NEW_PIN)).toBe(true)
    await workplaceAt(again).agent.contactServer()
    expect((await beliefOf(operatorAgain, held)).outcomes[0]).toBe('unblocked')
    recordServerKilled('before', 'cryptogram')
  })

  test('after a release is committed, its answer lost: the challenge is spent, a new one is answered', async () => {
    const held = cards[kind]
    const { server, relay, operator, workplace, attempt } = await stageCall(held)
    const lost = relay.loseAnswer('/cryptogram')
    const answer = answerCall(operator, held, attempt.way.challenge)
    answer.catch(() => {})
    await lost
    await kill(server.child)
    await expect(answer).rejects.toThrow()

    const again = await startServerProcess()
    const operatorAgain = await signIn(again)
    expect((await beliefOf(operatorAgain, held)).outcomes[0]).toBe('released')
    await expect(answerCall(operatorAgain, held, attempt.way.challenge)).rejects.toMatchObject({
      code: 'challenge-answered',
    })
    await attempt.end()
    expect(await call(workplace, operatorAgain, held, NEW_PIN)).toBeUndefined()
    expect(acceptsPin(held, NEW_PIN)).toBe(true)
    await workplaceAt(again).agent.contactServer()
    expect((await beliefOf(operatorAgain, held)).outcomes[0]).toBe('unblocked')
    recordServerKilled('after', 'cryptogram')
  })

  test.each(['before', 'after'] as const)('%s a report is committed: it is sent again', async (moment) => {
    const held = cards[kind]
    const { server, relay, operator, workplace, attempt } = await stageCall(held)
    const code = await answerCall(operator, held, attempt.way.challenge)
    await attempt.enterCryptogram(ascii(code))
    await attempt.setNewPin(ascii(NEW_PIN), false)
    const letGo = moment === 'before' ? holdDatabase() : () => {}
    const reached = moment === 'before' ? relay.untilAsked('/api/reports') : relay.loseAnswer('/api/reports')
    // The report alone: a whole contact says hello first, which is written down as well.
    const report = reportOutcomes(workplace.agent.journal, workplace.agent.server)
    report.catch(() => {})
    await reached
    await kill(server.child)
    letGo()
    await report.catch(() => {})
    expect(await workplace.agent.journal.unreported()).toMatchObject([{ outcome: 'unblocked' }])

    const again = await startServerProcess()
    const operatorAgain = await signIn(again)
    expect((await beliefOf(operatorAgain, held)).outcomes[0]).toBe(moment === 'before' ? 'released' : 'unblocked')
    const after = workplaceAt(again)
    await after.agent.contactServer()
    expect(await after.agent.journal.unreported()).toEqual([])
    expect((await beliefOf(operatorAgain, held)).outcomes[0]).toBe('unblocked')
    recordServerKilled(moment, 'reports')
  })
})
