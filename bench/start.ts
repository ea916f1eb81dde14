/**
 * Claim: the server is ready a moment after it is started, with a hundred thousand cards as with none, and idles in little
 * memory.
 *
 * `node bench/start.ts [cards]` (100000): from the start of `unlatch serve` to the first 200 of `/health/ready`, and its memory
 * ten seconds later; beside a Node that does nothing.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { bounded } from './rig/bounded.ts'
import { median, printTable } from './rig/figures.ts'
import { stageOrganisation } from './rig/stage.ts'

const UNLATCH = fileURLToPath(new URL('../packages/unlatch/bin/unlatch.mjs', import.meta.url))
const CARDS = Number(process.argv[2] ?? 100_000)
const TIMES = 7
const POLL_MS = 5
const IDLE_MS = 10_000
const PATIENCE_MS = 30_000

/** Resident memory in MiB. [proc_pid_status(5)] */
function memoryOf(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** Milliseconds until a server in this folder is ready; and its memory, where that is waited for. */
async function startOnce(folder: string, waits: boolean): Promise<{ ms: number; memory: number }> {
  const started = performance.now()
  const args = [UNLATCH, 'serve', '--folder', folder, '--port', '0', '--log', 'error']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const isReady = async () => {
    const url = /serving at (\S+)/.exec(said)?.[1]
    const answer = url && (await fetch(`${url}/health/ready`).catch(() => undefined))
    return answer ? answer.status === 200 : false
  }
  try {
    while (!(await isReady())) {
      if (child.exitCode !== null || performance.now() - started > PATIENCE_MS) throw new Error(`not ready: ${said}`)
      await sleep(POLL_MS)
    }
    const ms = performance.now() - started
    if (waits) await sleep(IDLE_MS)
    return { ms, memory: memoryOf(child) }
  } finally {
    await end(child)
  }
}

/** The same for a Node that does nothing. */
async function startNode(): Promise<{ ms: number; memory: number }> {
  const started = performance.now()
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit')
  const ms = performance.now() - started
  const idle = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' })
  await sleep(500)
  const memory = memoryOf(idle)
  await end(idle)
  return { ms, memory }
}

await bounded(5, async (later) => {
  const root = mkdtempSync(join(tmpdir(), 'unlatch-bench-'))
  later(() => rmSync(root, { recursive: true, force: true }))
  const full = join(root, 'full')
  await stageOrganisation(full, { cards: CARDS, live: 1, operators: 1 })
  const node: { ms: number; memory: number }[] = []
  const fresh: typeof node = []
  const filled: typeof node = []
  for (let i = 0; i < TIMES; i++) {
    const isLast = i === TIMES - 1
    node.push(await startNode())
    fresh.push(await startOnce(join(root, `fresh-${i}`), isLast))
    filled.push(await startOnce(full, isLast))
  }
  const rowOf = (name: string, found: typeof node) => {
    const memory = found.at(-1)?.memory ?? Number.NaN
    return [name, `${median(found.map(({ ms }) => ms)).toFixed(0)} ms`, `${memory.toFixed(0)} MiB`]
  }
  printTable(
    [`medians of ${TIMES}`, 'ready', 'idle memory'],
    [
      rowOf('node -e 0', node),
      rowOf('unlatch serve, fresh folder', fresh),
      rowOf(`unlatch serve, ${CARDS} cards`, filled),
    ],
  )
})
