/**
 * Claim: what the embedded database answered is there after a loss of power.
 *
 * `node bench/power-loss.ts [--rounds 8] [--seconds 5]`, as root on Linux: a file system of its own in a file, which the
 * kernel writes out by itself only after ten minutes; a process that commits through our own `openSqlite`, 8 at once, and
 * tells each answer; it is killed, the file copied at once, without what the kernel still holds in memory, and the copy
 * opened. Beside it the same with the flush left out, which must lose something, or the measurement shows nothing. It stands
 * for the cache of the kernel; a disk that lies about its own is not tried.
 */
import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openSqlite } from '../packages/server/src/db/open.ts'
import { bounded } from './rig/bounded.ts'
import { printTable } from './rig/figures.ts'

const { values: words } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '5' },
    write: { type: 'string' },
    careless: { type: 'boolean', default: false },
  },
})
const AT_ONCE = 8
const RECORD = 'x'.repeat(600)

/** Commits until it is killed, and tells each answer. */
async function write(path: string, isCareless: boolean): Promise<void> {
  const database = await openSqlite(path, isCareless ? { flush: async () => {} } : {})
  const one = async (): Promise<never> => {
    for (;;) {
      const id = randomUUID()
      const row = { id, at: id, subject: id, record: RECORD }
      await database.transaction((tx) => tx.insertInto('audit').values(row).execute())
      process.stdout.write(`${id}\n`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
}

/** @returns how many were answered, and how many of those are gone. */
async function lose(folder: string, isCareless: boolean): Promise<{ answered: number; lost: number }> {
  const image = join(folder, 'disk')
  const [mounted, later] = [join(folder, 'mounted'), join(folder, 'later')]
  for (const place of [mounted, later]) mkdirSync(place, { recursive: true })
  execFileSync('truncate', ['--size=512M', image])
  execFileSync('mkfs.ext4', ['-q', '-F', image])
  execFileSync('mount', ['-o', 'loop,commit=600', image, mounted])
  const answered: string[] = []
  try {
    const args = [fileURLToPath(import.meta.url), '--write', join(mounted, 'unlatch.db')]
    const writer = spawn(process.execPath, isCareless ? [...args, '--careless'] : args, {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: writer.stdout })
    lines.on('line', (id) => answered.push(id))
    const isOver = Promise.all([
      new Promise((over) => writer.once('exit', over)),
      new Promise((over) => lines.once('close', over)),
    ])
    await sleep((0.5 + Math.random()) * Number(words.seconds) * 1000)
    writer.kill('SIGKILL')
    await isOver
    copyFileSync(image, `${image}.copy`)
  } finally {
    execFileSync('umount', [mounted])
  }
  execFileSync('mount', ['-o', 'loop', `${image}.copy`, later])
  try {
    return { answered: answered.length, lost: countLost(join(later, 'unlatch.db'), answered) }
  } finally {
    execFileSync('umount', [later])
  }
}

function countLost(path: string, answered: readonly string[]): number {
  if (!statSync(path, { throwIfNoEntry: false })) return answered.length
  const db = new DatabaseSync(path)
  try {
    const [row] = db.prepare('pragma integrity_check').all()
    if (row?.integrity_check !== 'ok') throw new Error(`the database is damaged: ${row?.integrity_check}`)
    const isKnown = db.prepare("select 1 from sqlite_master where name = 'audit'").get() !== undefined
    if (!isKnown) return answered.length
    const find = db.prepare('select 1 from audit where id = ?')
    return answered.filter((id) => find.get(id) === undefined).length
  } finally {
    db.close()
  }
}

if (words.write !== undefined) await write(words.write, words.careless)
else {
  await bounded(10, async (later) => {
    const folder = mkdtempSync(join(tmpdir(), 'unlatch-bench-'))
    later(() => rmSync(folder, { recursive: true, force: true }))
    const rows: string[][] = []
    for (const isCareless of [false, true]) {
      let [answered, lost] = [0, 0]
      const rounds = isCareless ? 2 : Number(words.rounds)
      for (let round = 0; round < rounds; round++) {
        const found = await lose(folder, isCareless)
        answered += found.answered
        lost += found.lost
      }
      rows.push([isCareless ? 'without the flush' : 'as it is', `${rounds}`, `${answered}`, `${lost}`])
    }
    printTable(['', 'rounds', 'answered', 'lost'], rows)
  })
}
