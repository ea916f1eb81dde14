import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from './folder-lock.ts'
import { MIGRATIONS } from './migrations/index.ts'
import { type Database, migrate, openSqlite } from './open.ts'
import { EmbeddedDialect, openSqliteFile } from './sqlite.ts'
import type { Tables } from './tables.ts'

/** What only the embedded database has. */

let folder: string
let path: string
const opened: Database[] = []
const open = async () => {
  const database = await openSqlite(path)
  opened.push(database)
  return database
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-db-'))
  path = join(folder, 'unlatch.db')
})
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('SQLite', () => {
  it('is the owner’s alone, in WAL with full synchronisation', async () => {
    await open()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const raw = openSqliteFile(path)
    const [mode] = raw.prepare('PRAGMA journal_mode').all([]) as { journal_mode: string }[]
    const [synchronous] = raw.prepare('PRAGMA synchronous').all([]) as { synchronous: number }[]
    expect([mode?.journal_mode, synchronous?.synchronous]).toEqual(['wal', 2])
    raw.close()
  })

  it('a migration that fails half-way leaves nothing, and the next start begins it again', async () => {
    const db = new Kysely<Tables>({ dialect: new EmbeddedDialect(path) })
    const torn = {
      async up(tx: Kysely<unknown>) {
        await MIGRATIONS['0001-the-call']?.up(tx)
        throw new Error('the power went')
      },
    }
    await expect(migrate(db, { '0001-the-call': torn })).rejects.toThrow('could not be brought up to date')
    await db.destroy()
    const database = await open()
    expect(await database.reads.selectFrom('people').selectAll().execute()).toEqual([])
  })

  it('a file that another program holds is a clear problem', async () => {
    const database = await open()
    const stranger = openSqliteFile(path)
    stranger.prepare('begin exclusive').run([])
    await expect(database.transaction((tx) => tx.selectFrom('people').selectAll().execute())).rejects.toMatchObject({
      code: 'database-unreachable',
    })
    stranger.prepare('rollback').run([])
    stranger.close()
    expect(await database.transaction((tx) => tx.selectFrom('people').selectAll().execute())).toEqual([])
  })
})

describe('folder', () => {
  it('belongs to one server; the lock goes with its holder', () => {
    const place = join(folder, 'server.lock')
    const unlock = lockFolder(place)
    expect(() => lockFolder(place)).toThrow('Another server')
    unlock()
    lockFolder(place)()
  })
})
