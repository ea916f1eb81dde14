/**
 * Claim: who looks for a person, lists cards or releases a cryptogram waits no longer in an organisation with a million cards
 * than in one with a thousand.
 *
 * `node bench/many-cards.ts [--on sqlite|postgresql] [sizes…]` (1000 100000 1000000): medians over HTTP, each size asked
 * in turn, beside those of the first; two cards a person.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findPostgres, startPostgres } from '../test/peers/postgres.ts'
import { bounded } from './rig/bounded.ts'
import { prepareRelease } from './rig/call.ts'
import { median, percentile, printTable } from './rig/figures.ts'
import { serve } from './rig/served.ts'
import { benchOptions, type Organisation, stageOrganisation } from './rig/stage.ts'
import { Wire, writeRequest } from './rig/wire.ts'

const { values: words, positionals } = parseArgs({
  options: { on: { type: 'string' } },
  allowPositionals: true,
})
const SIZES = positionals.length > 0 ? positionals.map(Number) : [1000, 100_000, 1_000_000]
const ASKED = 400
const WARMING = 100
const LIVE = 500
const OPERATORS = 100
const LETTERS_TYPED = 3

/** What is asked, by name: the next request each time; what must be asked before it is not counted. */
type Requests = Readonly<Record<string, (wire: Wire) => Buffer | Promise<Buffer>>>

function requestsOf({ live, names, serials }: Organisation): Requests {
  let next = 0
  const following = <T>(of: readonly T[]) => of[next++ % of.length] as T
  const find = (search: string) =>
    writeRequest('GET', `/api/people?search=${encodeURIComponent(search)}&limit=20`, following(live).cookie)
  const list = (query: string) => writeRequest('GET', `/api/cards?${query}`, following(live).cookie)
  return {
    'search: three letters of a name': () => find(following(names).slice(0, LETTERS_TYPED)),
    'search: a whole name': () => find(following(names)),
    'search: a printed serial': () => find(following(serials)),
    'list: the newest cards': () => list(''),
    'list: the newest cards of a state': () => list('state=issued'),
    'list: by printed serial': () => list('sort=serial'),
    'list: a finding': () => list('finding=puc-exposed'),
    'Health: findings counted': () => writeRequest('GET', '/api/card-findings', following(live).cookie),
    async release(wire) {
      const card = following(live)
      return prepareRelease(wire, { card, challenge: card.challenge() })
    },
  }
}

/** An organisation with its server, ready to be asked. */
interface Stand {
  readonly fillSeconds: number
  readonly port: number
  readonly requests: Requests
  readonly times: Record<string, number[]>
}

type Later = (undo: () => unknown) => void

async function openStand(cards: number, isPostgres: boolean, later: Later): Promise<Stand> {
  const started = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-bench-'))
  later(() => rmSync(folder, { recursive: true, force: true }))
  const postgres = isPostgres ? await startPostgres({ max_wal_size: '4GB', shared_buffers: '1GB' }) : undefined
  if (postgres) later(() => postgres.stop())
  const size = { cards, live: LIVE, operators: OPERATORS }
  const requests = requestsOf(await stageOrganisation(folder, size, postgres?.url()))
  const fillSeconds = (performance.now() - started) / 1000
  const served = await serve(benchOptions(folder, postgres?.url()))
  later(() => served.stop())
  return { fillSeconds, port: served.port, requests, times: {} }
}

/** One request of each size in turn: whatever else the machine does meanwhile, it does to all of them. */
async function askInTurn(stands: readonly Stand[], what: string): Promise<void> {
  const wires = await Promise.all(stands.map(({ port }) => Wire.open(port)))
  for (let i = 0; i < WARMING + ASKED; i++) {
    for (const [stand, { requests, times }] of stands.entries()) {
      const wire = wires[stand] as Wire
      const request = (await requests[what]?.(wire)) as Buffer
      const begun = performance.now()
      await wire.ask(request)
      times[what] ??= []
      if (i >= WARMING) times[what].push(performance.now() - begun)
    }
  }
  for (const wire of wires) wire.close()
}

async function run(name: string, isPostgres: boolean): Promise<void> {
  await bounded(5, async (later) => {
    const stands: Stand[] = []
    for (const cards of SIZES) stands.push(await openStand(cards, isPostgres, later))
    const asked = Object.keys(stands[0]?.requests ?? {})
    for (const what of asked) await askInTurn(stands, what)
    console.log(`\n${name}: medians of ${ASKED}, how many times those of ${SIZES[0]} cards, and p99`)
    const rows = asked.map((what) => {
      const medians = stands.map(({ times }) => median(times[what] ?? []))
      const worst = stands.map(({ times }) => percentile(times[what] ?? [], 0.99))
      return [
        what,
        ...medians.map(
          (ms, i) => `${ms.toFixed(2)} ms ${(ms / (medians[0] ?? 0)).toFixed(2)}× ${(worst[i] ?? 0).toFixed(1)} ms`,
        ),
      ]
    })
    rows.push(['(making all that)', ...stands.map(({ fillSeconds }) => `${fillSeconds.toFixed(0)} s`)])
    printTable(['cards', ...SIZES.map(String)], rows)
  })
}

if (words.on !== 'postgresql') await run('SQLite', false)
if (words.on !== 'sqlite' && !findPostgres()) console.log('\nPostgreSQL: not installed, left out')
else if (words.on !== 'sqlite') await run('PostgreSQL', true)
