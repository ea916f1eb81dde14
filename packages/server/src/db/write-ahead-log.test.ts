import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Database, openSqlite } from './open.ts'
import type { Flush } from './write-ahead-log.ts'

/** Commits of the embedded database reach the disk beside the event loop, and before their answers leave. */

let folder: string
let path: string
let database: Database
const open = async (flush?: Flush) => {
  database = await openSqlite(path, flush && { flush })
  return database
}
const commit = (id: string) =>
  database.transaction((tx) => tx.insertInto('audit').values({ id, at: '', subject: '', record: '{}' }).execute())
const isThere = async (id: string) =>
  (await database.reads.selectFrom('audit').select('seq').where('id', '=', id).execute()).length === 1

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-db-'))
  path = join(folder, 'unlatch.db')
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A disk whose flushes end when they are told to. */
function slowDisk() {
  const begun: PromiseWithResolvers<void>[] = []
  const flush = () => {
    const flushing = Promise.withResolvers<void>()
    begun.push(flushing)
    return flushing.promise
  }
  return { begun, flush }
}

describe('the write-ahead log', () => {
  it('an answer waits for its flush, and no other transaction does', async () => {
    const { begun, flush } = slowDisk()
    await open(flush)
    const answered: string[] = []
    const first = commit('first').then(() => answered.push('first'))
    await vi.waitFor(() => expect(begun).toHaveLength(1))
    const second = commit('second').then(() => answered.push('second'))
    await vi.waitFor(async () => expect(await isThere('second')).toBe(true))
    expect(answered).toEqual([])
    begun[0]?.resolve()
    await first
    // The second was written after the first flush began, perhaps: it waits for one of its own.
    expect(answered).toEqual(['first'])
    await vi.waitFor(() => expect(begun).toHaveLength(2))
    begun[1]?.resolve()
    await second
  })

  it('commits that wait together share one flush', async () => {
    const { begun, flush } = slowDisk()
    await open(flush)
    const first = commit('first')
    await vi.waitFor(() => expect(begun).toHaveLength(1))
    const others = Array.from({ length: 20 }, (_, i) => commit(`other ${i}`))
    await vi.waitFor(async () => expect(await isThere('other 19')).toBe(true))
    begun[0]?.resolve()
    await vi.waitFor(() => expect(begun).toHaveLength(2))
    begun[1]?.resolve()
    await Promise.all([first, ...others])
    expect(begun).toHaveLength(2)
  })

  it('what was answered is there after a loss of power, whenever it comes', async () => {
    const [disk, next] = [join(folder, 'disk'), join(folder, 'next')]
    // On the disk is for certain what stood in the files when the last flush that ended began.
    await open(async () => {
      keep(folder, next)
      await sleep(1)
      rmSync(disk, { recursive: true, force: true })
      renameSync(next, disk)
    })
    const lost: string[] = []
    const work = async (client: number) => {
      for (let i = 0; i < 40; i++) {
        const id = `${client}/${i}`
        await commit(id)
        if (!isThereAfterPowerLoss(disk, join(folder, `cut-${client}`), id)) lost.push(id)
      }
    }
    await Promise.all([0, 1, 2, 3].map(work))
    expect(lost).toEqual([])
  })

  it('a disk that refuses once is believed never again', async () => {
    let isBroken = false
    await open(async () => {
      if (isBroken) throw new Error('EIO')
    })
    await commit('before')
    isBroken = true
    await expect(commit('refused')).rejects.toMatchObject({ code: 'database-unreachable' })
    isBroken = false
    await expect(commit('after')).rejects.toMatchObject({ code: 'database-unreachable' })
    await expect(database.ping()).rejects.toMatchObject({ code: 'database-unreachable' })
    expect(await isThere('after')).toBe(false)
  })

  it('is carried into the file meanwhile', async () => {
    await open()
    const before = statSync(path).size
    for (let i = 0; i < 200; i++) await commit(`${i}`)
    await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThan(before), { timeout: 10_000, interval: 50 })
  })
})

function keep(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of ['unlatch.db', 'unlatch.db-wal']) copyFileSync(join(from, name), join(to, name))
}

function isThereAfterPowerLoss(disk: string, place: string, id: string): boolean {
  keep(disk, place)
  const db = new DatabaseSync(join(place, 'unlatch.db'))
  try {
    return db.prepare('select 1 from audit where id = ?').get(id) !== undefined
  } finally {
    db.close()
    rmSync(place, { recursive: true })
  }
}
