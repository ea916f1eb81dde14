/**
 * Claim: a cryptogram is released over HTTP, with its record durable, at a rate near that of the database's own commits, and
 * with exactly one durable commit each.
 *
 * `node bench/release.ts [seconds]`: the server in a process of its own on SQLite; 1, 8 and 32 clients; bare commits of the
 * same database in the same run; flushes counted by strace where it is installed.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createECDH, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { deriveAttemptKeys, writeChallenge } from '@unlatch/card/unblock'
import { type RunningServer, startServer } from '@unlatch/server'
import { openSoftKeys } from '../packages/server/src/adapters/soft-keys/soft-keys.ts'
import { openSqlite } from '../packages/server/src/db/open.ts'
import { issuedPuk } from '../packages/server/src/records/puk-records/puk-record.ts'
import { insertPukRecord } from '../packages/server/src/records/puk-records/puk-records.ts'

const SECONDS = Number(process.argv[2] ?? 5)
/** Nobody releases more than some dozens in an hour: the load is spread as it would be. */
const OPERATORS = 60
const CARDS = 1200
const PASSWORD = 'a long enough one'
const MANY = 100_000_000

const optionsOf = (folder: string) => ({
  folder,
  webFolder: folder,
  isDemo: true,
  releasesPerCardAndDay: MANY,
  releasesPerOperatorAndHour: MANY,
  releasesPerHour: MANY,
  logLevel: 'silent' as const,
})

interface BenchCard {
  readonly id: string
  challenge(): string
}

/** Cards whose 9E keys the bench holds, put into the database before the server runs. */
async function seed(folder: string): Promise<BenchCard[]> {
  const server = await startServer(optionsOf(folder))
  for (let i = 0; i < OPERATORS; i++) {
    const userName = `bench-${i}`
    await server.addOperator({ name: userName, userName, password: PASSWORD, roles: ['help-desk'] })
  }
  const rest = { department: 'd', email: 'e', phone: 'p', manager: 'm' }
  const { id: personId } = await server.addPerson({ name: 'Pia Person', userName: 'pia', ...rest })
  await server.close()
  const keysFolder = join(folder, 'keys')
  const keys = await openSoftKeys({
    folder: keysFolder,
    protection: { keyFile: join(keysFolder, 'unlock.key') },
    clock: { now: () => new Date() },
    releasesPerHour: 1,
  })
  const database = await openSqlite(join(folder, 'unlatch.db'))
  const unblockPoint = keys.unblockPoints[0] as Uint8Array
  const cards: BenchCard[] = []
  for (let i = 0; i < CARDS; i++) {
    const [id, cardUuid, ecdh] = [randomUUID(), nodeCrypto.random(16), createECDH('prime256v1')]
    const permit = { station: 'bench', recordId: 'bench', cardUuid }
    const sealed_key = await keys.sealCardKey(permit, { variant: 1, octets: ecdh.generateKeys() })
    const row = {
      id,
      card_uuid: writeHex(cardUuid),
      person_id: personId,
      family: 'piv',
      label: 'c',
      printed_serial: `B-${i}`,
    }
    await database.transaction(async (tx) => {
      const stamp = { state: 'issued', sealed_key, personalisation: null, created_at: new Date().toISOString() }
      await tx
        .insertInto('cards')
        .values({ ...row, ...stamp })
        .execute()
      const puk = issuedPuk({ epoch: 0, counter: 1 }, { triesLimit: 3, restoredByUnblock: 'yes', isRotatable: true })
      await insertPukRecord(tx, id, puk)
    })
    const z = ecdh.computeSecret(unblockPoint)
    cards.push({
      id,
      challenge() {
        const nonce = nodeCrypto.random(5)
        return writeChallenge(nodeCrypto, deriveAttemptKeys(nodeCrypto, z, nonce, 1, cardUuid), nonce)
      },
    })
  }
  await keys.close()
  await database.close()
  return cards
}

/** The server in a process of its own. */
function serve(folder: string, trace?: string): Promise<{ url: string; stop(): Promise<void> }> {
  const self = [fileURLToPath(import.meta.url), 'serve', folder]
  const [program, args] = trace
    ? ['strace', ['-f', '-qq', '-e', 'trace=fsync,fdatasync', '-o', trace, process.execPath, ...self]]
    : [process.execPath, self]
  const child = spawn(program as string, args as string[], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the server ended')))
    child.stdout?.once('data', (line) => {
      const [url = '', pid] = String(line).trim().split(' ')
      resolve({ url, stop: () => stop(child, Number(pid)) })
    })
  })
}

/** Ends the server itself, which may stand under strace. */
const stop = (child: ChildProcess, pid: number) =>
  new Promise<void>((resolve) => {
    child.removeAllListeners('exit')
    child.once('exit', () => resolve())
    process.kill(pid, 'SIGTERM')
  })

class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #url: URL
  #cookie = ''

  constructor(url: string) {
    this.#url = new URL(url)
  }

  post(path: string, body: object): Promise<Record<string, string>> {
    const text = JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        cookie: this.#cookie,
      }
      const { hostname, port } = this.#url
      const sent = request({ hostname, port, path, method: 'POST', agent: this.#agent, headers }, (answer) => {
        const cookie = answer.headers['set-cookie']?.[0]
        if (cookie) this.#cookie = cookie.split(';')[0] ?? ''
        let received = ''
        answer.on('data', (part) => {
          received += part
        })
        answer.on('end', () =>
          (answer.statusCode ?? 500) < 300 ? resolve(JSON.parse(received)) : reject(new Error(received)),
        )
      })
      sent.on('error', reject)
      sent.end(text)
    })
  }
}

/** A desk: an operator who is signed in, with calls open about his own cards. */
type Desk = () => Promise<number>

async function openDesks(url: string, cards: readonly BenchCard[]): Promise<Desk> {
  const perDesk = cards.length / OPERATORS
  const calls: { client: Client; card: BenchCard; id: string }[] = []
  for (let i = 0; i < OPERATORS; i++) {
    const client = new Client(url)
    await client.post('/api/session', { userName: `bench-${i}`, password: PASSWORD })
    for (const card of cards.slice(i * perDesk, (i + 1) * perDesk)) {
      const { id = '' } = await client.post('/api/unblocks', { cardId: card.id })
      calls.push({ client, card, id })
    }
  }
  let next = 0
  return async () => {
    next = (next + perDesk + 1) % calls.length
    const { client, card, id } = calls[next] as (typeof calls)[number]
    const body = { challenge: card.challenge(), verification: 'call-back', idempotencyKey: randomUUID() }
    const started = performance.now()
    await client.post(`/api/unblocks/${id}/cryptogram`, body)
    return performance.now() - started
  }
}

async function measure(release: Desk, count: number) {
  const times: number[] = []
  const until = performance.now() + SECONDS * 1000
  await Promise.all(
    Array.from({ length: count }, async () => {
      while (performance.now() < until) times.push(await release())
    }),
  )
  times.sort((a, b) => a - b)
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(2)
  return { rate: Math.round(times.length / SECONDS), p50: at(0.5), p99: at(0.99) }
}

/** What the database does by itself: one insert and one update of the same size, committed. */
async function measureBareCommits(folder: string): Promise<number> {
  const database = await openSqlite(join(folder, 'bare.db'))
  const record = 'x'.repeat(600)
  let count = 0
  const until = performance.now() + SECONDS * 1000
  while (performance.now() < until) {
    const id = `${count++}`
    await database.transaction((tx) => tx.insertInto('audit').values({ id, at: id, subject: id, record }).execute())
  }
  await database.close()
  return Math.round(count / SECONDS)
}

async function countFlushes(folder: string, cards: readonly BenchCard[]): Promise<string> {
  if (spawnSync('strace', ['-V']).status !== 0) return 'strace is not installed: not counted'
  const trace = join(folder, 'strace.txt')
  const { url, stop: stopServer } = await serve(folder, trace)
  const release = await openDesks(url, cards)
  await release()
  const flushes = () =>
    readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => /fsync|fdatasync/.test(line)).length
  const before = flushes()
  for (let i = 0; i < 100; i++) await release()
  await new Promise((resolve) => setTimeout(resolve, 500))
  const after = flushes()
  await stopServer()
  return `${after - before} flushes for 100 releases`
}

if (process.argv[2] === 'serve') {
  const server: RunningServer = await startServer(optionsOf(process.argv[3] ?? ''))
  console.log(`${server.url} ${process.pid}`)
  process.once('SIGTERM', () => void server.close().then(() => process.exit(0)))
} else {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-bench-'))
  try {
    const cards = await seed(folder)
    console.log(`SQLite, ${SECONDS} s each, server and clients on this machine's cores`)
    console.log(`bare commits, one connection    ${await measureBareCommits(folder)}/s`)
    const { url, stop: stopServer } = await serve(folder)
    const release = await openDesks(url, cards)
    await measure(release, 4)
    for (const count of [1, 8, 32]) {
      const { rate, p50, p99 } = await measure(release, count)
      console.log(`releases, ${String(count).padStart(2)} clients            ${rate}/s   p50 ${p50} ms   p99 ${p99} ms`)
    }
    await stopServer()
    console.log(await countFlushes(folder, cards))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
