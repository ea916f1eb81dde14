import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from './folder-lock.ts'
import { type Database, openSqlite } from './open.ts'
import { isUniqueViolation, openSqliteFile } from './sqlite.ts'

let folder: string
let database: Database
const lookup = (person_id: string) => ({ operator_id: 'o', person_id, at: '2026-11-23T09:00:00.000Z' })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-db-'))
  database = await openSqlite(join(folder, 'unlatch.db'))
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('SQLite', () => {
  it('is the owner’s alone, in WAL with full synchronisation', () => {
    expect(statSync(join(folder, 'unlatch.db')).mode & 0o777).toBe(0o600)
    const raw = openSqliteFile(join(folder, 'unlatch.db'))
    const [mode] = raw.prepare('PRAGMA journal_mode').all([]) as { journal_mode: string }[]
    const [synchronous] = raw.prepare('PRAGMA synchronous').all([]) as { synchronous: number }[]
    expect([mode?.journal_mode, synchronous?.synchronous]).toEqual(['wal', 2])
    raw.close()
  })

  it('refuses a parameter that it would bind as NULL without a word', async () => {
    const at = new Date() as unknown as string
    await expect(
      database.transaction((tx) =>
        tx
          .insertInto('lookups')
          .values({ ...lookup('p'), at })
          .execute(),
      ),
    ).rejects.toThrow(TypeError)
  })

  it('a transaction inside a transaction throws instead of waiting for itself', async () => {
    await expect(database.transaction(() => database.transaction(async () => 1))).rejects.toThrow(
      'inside a transaction',
    )
  })

  it('rolls back what throws, and reads see only what is committed', async () => {
    const insert = database.transaction(async (tx) => {
      await tx.insertInto('lookups').values(lookup('p')).execute()
      expect(await database.reads.selectFrom('lookups').selectAll().execute()).toEqual([])
      throw new Error('no')
    })
    await expect(insert).rejects.toThrow('no')
    expect(await database.reads.selectFrom('lookups').selectAll().execute()).toEqual([])
  })

  it('fifty transactions at once follow each other', async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        database.transaction((tx) =>
          tx
            .insertInto('lookups')
            .values(lookup(`${i}`))
            .execute(),
        ),
      ),
    )
    expect(await database.reads.selectFrom('lookups').selectAll().execute()).toHaveLength(50)
  })

  it('reads cannot write', async () => {
    await expect(database.reads.insertInto('lookups').values(lookup('p')).execute()).rejects.toThrow(/readonly/)
  })

  it('knows a broken unique constraint', async () => {
    const row = { id: 'a', at: 'x', subject: 's', record: '{}' }
    const twice = database.transaction(async (tx) => {
      await tx.insertInto('audit').values(row).execute()
      await tx.insertInto('audit').values(row).execute()
    })
    await expect(twice).rejects.toSatisfy(isUniqueViolation)
  })

  it('the audit log takes no change and no removal', async () => {
    await database.transaction((tx) =>
      tx.insertInto('audit').values({ id: 'a', at: 'x', subject: 's', record: '{}' }).execute(),
    )
    await expect(database.transaction((tx) => tx.updateTable('audit').set({ record: '' }).execute())).rejects.toThrow(
      'append-only',
    )
    await expect(database.transaction((tx) => tx.deleteFrom('audit').execute())).rejects.toThrow('append-only')
  })
})

describe('folder', () => {
  it('belongs to one server; the lock goes with its holder', () => {
    const path = join(folder, 'server.lock')
    const unlock = lockFolder(path)
    expect(() => lockFolder(path)).toThrow('Another server')
    unlock()
    lockFolder(path)()
  })
})
