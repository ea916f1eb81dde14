/**
 * Claim: many cardholders unblock their cards themselves at once, each with its records durable; on either database.
 *
 * `node bench/self-service.ts [--cards 40] [--agents 8]`: a real server over HTTP, simulated agents with a virtual card each, an
 * unblock code for each attempt. What is counted is whole unblocks, from the card that proves itself to its report: the virtual
 * cards and the agents reckon in the same process as the clock.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { SelfServiceUnblock, virtualReaders } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { createVirtualCard, type VirtualCard, VirtualReader } from '@unlatch/virtual-cards'
import { CAST, OPERATOR } from '../packages/unlatch/src/demo/cast.ts'
import { OperatorClient } from '../packages/unlatch/src/demo/operator-client.ts'
import {
  addDemoOperator,
  addDemoPerson,
  blockPin,
  issue,
  openStage,
  type Stage,
} from '../packages/unlatch/src/demo/stage.ts'
import { aloneBy } from '../packages/unlatch/src/demo/templates.ts'
import { findPostgres, startPostgres } from '../test/peers/postgres.ts'
import { bounded } from './rig/bounded.ts'
import { median, percentile, printTable } from './rig/figures.ts'

const { values: words } = parseArgs({
  options: { cards: { type: 'string', default: '40' }, agents: { type: 'string', default: '8' } },
})
const CARDS = Number(words.cards)
const AGENTS = Number(words.agents)
const NEW_PIN = '857142'

interface Ready {
  readonly card: VirtualCard
  readonly code: string
}

async function prepare(stage: Stage): Promise<Ready[]> {
  await addDemoOperator(stage)
  const operator = new OperatorClient(stage.server.url)
  await operator.signIn(OPERATOR.userName, OPERATOR.password)
  const { id: templateId } = await operator.addTemplate({ name: 'Alone', document: aloneBy({}) })
  const ready: Ready[] = []
  for (let number = 0; number < CARDS; number++) {
    const [cast] = CAST
    if (!cast) throw new Error('nobody')
    const { id } = await addDemoPerson(stage, { ...cast, userName: `person-${number}` })
    const card = createVirtualCard('yubikey')
    const wish = { kind: 'yubikey', label: 'card', printedSerial: `S-${number}`, isBlocked: true } as const
    const cardId = await issue(stage, card, wish, id, templateId)
    blockPin(card)
    await operator.verifyInPerson(cardId, 'telephone')
    const [code = ''] = (await operator.giveUnblockCodes(cardId, 'spoken')).codes
    ready.push({ card, code })
  }
  return ready
}

/** From the new PIN that stands there to its proof: the holder's OK, and what was before it of the card. */
async function unblock({ holder: { agent } }: Stage, reader: VirtualReader, { card, code }: Ready): Promise<number> {
  reader.insert(card)
  const { journal, server, keySha256 } = agent
  const readers = virtualReaders([reader])
  const tools = { readers, journal, server, keySha256, configuration: agent.configuration(), now: () => new Date() }
  const attempt = await SelfServiceUnblock.begin(tools, reader.name)
  let pressed = 0
  attempt.onStep = (step) => {
    if (step !== 'authenticate') return
    pressed = performance.now()
    attempt.answer('unblock-code', ascii(code)).catch(() => attempt.end())
  }
  await attempt.setNewPin(ascii(NEW_PIN), false)
  const took = performance.now() - pressed
  await server.reportConnected({
    unblockId: attempt.unblockId,
    outcome: 'unblocked',
    triesLeft: null,
    at: new Date().toISOString(),
  })
  reader.remove()
  return took
}

async function measure(name: string, later: (undo: () => unknown) => void, databaseUrl?: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-bench-'))
  later(() => rmSync(folder, { recursive: true, force: true }))
  const stage = await openStage(folder, { releasesPerHour: 100_000, ...(databaseUrl && { databaseUrl }) })
  later(() => stage.close())
  const ready = await prepare(stage)
  const times: number[] = []
  const started = performance.now()
  const work = async (_: unknown, number: number) => {
    const reader = new VirtualReader(`Reader ${number}`)
    for (let one = ready.pop(); one; one = ready.pop()) times.push(await unblock(stage, reader, one))
  }
  await Promise.all(Array.from({ length: AGENTS }, work))
  const seconds = (performance.now() - started) / 1000
  const [half, most] = [median(times), percentile(times, 0.9)].map((ms) => `${ms.toFixed(0)} ms`)
  return [name, `${(times.length / seconds).toFixed(0)} /s`, half ?? '', most ?? '']
}

await bounded(6, async (later) => {
  const rows = [await measure('SQLite', later)]
  const programs = findPostgres()
  if (programs) {
    const cluster = await startPostgres()
    later(() => cluster.stop())
    rows.push(await measure('PostgreSQL', later, cluster.url()))
  }
  printTable([`${CARDS} cards, ${AGENTS} agents`, 'whole unblocks', 'OK to success, median', 'p90'], rows)
})
