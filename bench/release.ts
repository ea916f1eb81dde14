/**
 * Claim: a cryptogram is released over HTTP, with its record durable, at a rate near that of the database's own commits, and
 * with exactly one durable commit each. The operator signs for it first, which is a request and a commit of its own.
 *
 * `node bench/release.ts [--seconds 5] [--on sqlite|postgresql] [--pin] [--profile <folder>]`: the server in a process of its
 * own; 1, 8 and 32 clients; bare commits of the same database in the same run; flushes counted by strace where it is
 * installed. `--pin` gives the server one core and the clients another; `--profile` leaves the server's CPU profile.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Database, openPostgres, openSqlite } from '../packages/server/src/db/open.ts'
import { findPostgres, startPostgres } from '../test/peers/postgres.ts'
import { bounded } from './rig/bounded.ts'
import { type Asked, prepareRelease } from './rig/call.ts'
import { percentile, printTable } from './rig/figures.ts'
import { type Served, serve } from './rig/served.ts'
import { benchOptions, type LiveCard, stageOrganisation } from './rig/stage.ts'
import { Wire } from './rig/wire.ts'

const { values: words } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    on: { type: 'string' },
    pin: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
})
const SECONDS = Number(words.seconds)
const CLIENTS = [1, 8, 32]
/** Nobody releases more than some dozens in an hour: the load is spread as it would be. */
const SIZE = { cards: 4000, live: 2000, operators: 1000 }
/** More requests than any server of ours answers in a second. */
const READY_PER_SECOND = 1500
const RECORD_OCTETS = 600
const COUNTED = 200

/** Challenges, made beforehand: each one that no one has seen. */
class Calls {
  readonly #live: readonly LiveCard[]
  #next = 0
  #ready: Asked[] = []

  constructor(live: readonly LiveCard[]) {
    this.#live = live
  }

  prepare(count: number): void {
    while (this.#ready.length < count) {
      const card = this.#live[this.#next++ % this.#live.length] as LiveCard
      this.#ready.push({ card, challenge: card.challenge() })
    }
  }

  take(): Asked | undefined {
    return this.#ready.pop()
  }
}

async function measure(served: Served, calls: Calls, count: number, seconds: number): Promise<string[]> {
  calls.prepare(READY_PER_SECOND * seconds)
  const wires = await Promise.all(Array.from({ length: count }, () => Wire.open(served.port)))
  const times: number[] = []
  const [cpuBefore, started] = [served.cpuMs(), performance.now()]
  const until = started + seconds * 1000
  await Promise.all(
    wires.map(async (wire) => {
      while (performance.now() < until) {
        const asked = calls.take()
        if (!asked) return
        const request = await prepareRelease(wire, asked)
        const begun = performance.now()
        await wire.ask(request)
        times.push(performance.now() - begun)
      }
    }),
  )
  const took = performance.now() - started
  for (const wire of wires) wire.close()
  const cpu = (served.cpuMs() - cpuBefore) / times.length
  const at = (share: number) => `${percentile(times, share).toFixed(2)} ms`
  return [
    `${count} client${count > 1 ? 's' : ''}`,
    `${Math.round((times.length * 1000) / took)}/s`,
    at(0.5),
    at(0.99),
    `${cpu.toFixed(2)} ms`,
  ]
}

/** What the database does by itself: one small row, committed. */
async function measureBareCommits(database: Database): Promise<string[]> {
  const record = 'x'.repeat(RECORD_OCTETS)
  const times: number[] = []
  const until = performance.now() + SECONDS * 1000
  for (let begun = performance.now(); begun < until; begun = performance.now()) {
    const id = randomUUID()
    await database.transaction((tx) => tx.insertInto('audit').values({ id, at: id, subject: id, record }).execute())
    times.push(performance.now() - begun)
  }
  await database.close()
  const at = (share: number) => `${percentile(times, share).toFixed(2)} ms`
  return ['bare commits', `${Math.round(times.length / SECONDS)}/s`, at(0.5), at(0.99), '']
}

/** How often the server itself waits for the disk; PostgreSQL does that in processes of its own. */
async function countFlushes(folder: string, calls: Calls): Promise<string> {
  if (spawnSync('strace', ['-V']).status !== 0) return 'flushes: not counted, strace is not installed'
  const trace = join(folder, 'strace.txt')
  const before = ['strace', '-f', '-qq', '-e', 'trace=fsync,fdatasync', '-o', trace]
  const served = await serve(benchOptions(folder), { before })
  const flushes = () => readFileSync(trace, 'utf8').match(/f(data)?sync\(/g)?.length ?? 0
  const wire = await Wire.open(served.port)
  calls.prepare(COUNTED + 1)
  const release = async () => wire.ask(await prepareRelease(wire, calls.take() as Asked))
  await release()
  await sleep(300)
  const counted = flushes()
  for (let i = 0; i < COUNTED; i++) await release()
  await sleep(300)
  const found = flushes() - counted
  wire.close()
  await served.stop()
  return `flushes: ${found} for ${COUNTED} statements and ${COUNTED} releases; what is over is checkpoints of the write-ahead log`
}

const HEAD = ['', 'signed and released', 'release p50', 'release p99', 'server CPU for both']

async function run(name: string, folder: string, url: string | undefined): Promise<void> {
  const { live } = await stageOrganisation(folder, SIZE, url)
  const calls = new Calls(live)
  const rows = [await measureBareCommits(await (url ? openPostgres(url) : openSqlite(join(folder, 'bare.db'))))]
  const served = await serve(benchOptions(folder, url), {
    before: words.pin ? ['taskset', '-c', '0'] : [],
    node: words.profile ? ['--cpu-prof', `--cpu-prof-dir=${words.profile}`] : [],
  })
  if (words.pin) execFileSync('taskset', ['-apc', '1', String(process.pid)], { stdio: 'ignore' })
  await measure(served, calls, 4, 2)
  for (const count of CLIENTS) rows.push(await measure(served, calls, count, SECONDS))
  await served.stop()
  console.log(`\n${name}, ${SECONDS} s each${words.pin ? ', the server on one core and the clients on another' : ''}`)
  printTable(HEAD, rows)
  if (!url) console.log(await countFlushes(folder, calls))
}

await bounded(4, async (later) => {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-bench-'))
  later(() => rmSync(folder, { recursive: true, force: true }))
  if (words.on !== 'postgresql') await run('SQLite', join(folder, 'sqlite'), undefined)
  if (words.on === 'sqlite') return
  if (!findPostgres()) return console.log('\nPostgreSQL: not installed, left out')
  const postgres = await startPostgres()
  later(() => postgres.stop())
  await run('PostgreSQL', join(folder, 'postgresql'), postgres.url())
})
