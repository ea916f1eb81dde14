import { inspect } from 'node:util'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { addressOf, asAdministrator, postgresUrl } from './database.fixture.ts'
import { openPostgres } from './open.ts'
import { findClusterObstacle } from './postgres.ts'

/** What only PostgreSQL has. */

const FIT = { version: 150_018, fsync: 'on', full_page_writes: 'on', encoding: 'UTF8', is_standby: false }

describe('a cluster', () => {
  it.each([
    [FIT, undefined],
    [{ ...FIT, fsync: 'off' }, 'fsync is off'],
    [{ ...FIT, full_page_writes: 'off' }, 'full_page_writes is off'],
    [{ ...FIT, version: 140_022 }, 'PostgreSQL 15 or later'],
    [{ ...FIT, encoding: 'LATIN1' }, 'encoding is LATIN1'],
    [{ ...FIT, is_standby: true }, 'standby'],
  ])('%o: %s', (facts, why) => {
    const found = findClusterObstacle(facts)
    if (why === undefined) expect(found).toBeUndefined()
    else expect(found).toContain(why)
  })
})

const cluster = postgresUrl() ?? ''

describe('a database of PostgreSQL', () => {
  const inNewDatabase = async (name: string, settings: string, work: (url: string) => Promise<void>) => {
    await asAdministrator(cluster, async (admin) => {
      await admin.query(`create database ${name} ${settings}`)
      await work(addressOf(cluster, name)).finally(() => admin.query(`drop database ${name} with (force)`))
    })
  }

  it('nodes that start together on an empty one make its tables once', () =>
    inNewDatabase('together', '', async (url) => {
      const nodes = await Promise.all(Array.from({ length: 6 }, () => openPostgres(url)))
      for (const node of nodes) expect(await node.reads.selectFrom('people').selectAll().execute()).toEqual([])
      for (const node of nodes) await node.close()
    }))

  it('commits to the disk in every session, even where its role or database says otherwise', () =>
    inNewDatabase('careless', '', async (url) => {
      await asAdministrator(url, (admin) => admin.query('alter database careless set synchronous_commit = off'))
      await asAdministrator(url, (admin) =>
        admin.query("alter database careless set default_transaction_isolation = 'serializable'"),
      )
      const database = await openPostgres(url)
      const settings = await database.transaction(async (tx) => {
        const { rows } = await sql`select current_setting('synchronous_commit') as commit,
          current_setting('transaction_isolation') as isolation`.execute(tx)
        return rows
      })
      expect(settings).toEqual([{ commit: 'on', isolation: 'read committed' }])
      await database.close()
    }))

  it('keeps what is stricter than asked', () =>
    inNewDatabase('strict', '', async (url) => {
      await asAdministrator(url, (admin) => admin.query('alter database strict set synchronous_commit = remote_apply'))
      const database = await openPostgres(url)
      const { rows } = await sql`show synchronous_commit`.execute(database.reads)
      expect(rows).toEqual([{ synchronous_commit: 'remote_apply' }])
      await database.close()
    }))

  it('of another encoding is refused by name', () =>
    inNewDatabase('latin', "encoding latin1 locale 'C' template template0", async (url) => {
      await expect(openPostgres(url)).rejects.toMatchObject({ code: 'database-unfit' })
    }))

  it('that is not there is a clear problem', async () => {
    await expect(openPostgres(addressOf(cluster, 'nowhere'))).rejects.toMatchObject({
      message: expect.stringContaining('nowhere'),
    })
  })

  it('goes on after its sessions were ended', () =>
    inNewDatabase('ended', '', async (url) => {
      const database = await openPostgres(url)
      const look = () => database.reads.selectFrom('people').selectAll().execute()
      await look()
      await asAdministrator(url, (admin) =>
        admin.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
          ['ended'],
        ),
      )
      const torn = database.transaction(async (tx) => {
        await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx)
      })
      await expect(torn).rejects.toMatchObject({ code: 'database-unreachable' })
      expect(await look()).toEqual([])
      expect(await database.transaction(async (tx) => tx.selectFrom('people').selectAll().execute())).toEqual([])
      await database.close()
    }))

  it('two transactions that wait for each other both end: one of them runs again', () =>
    inNewDatabase('crossed', '', async (url) => {
      const database = await openPostgres(url)
      const at = '2026-11-23T09:00:00.000Z'
      const rows = ['a', 'b'].map((key) => ({ key, at }))
      await database.transaction((tx) => tx.insertInto('throttles').values(rows).execute())
      let runs = 0
      let bothHold = () => {}
      const met = new Promise<void>((resolve) => {
        bothHold = resolve
      })
      const touch = (first: string, second: string) =>
        database.transaction(async (tx) => {
          const write = (key: string) => tx.updateTable('throttles').set({ at: first }).where('key', '=', key).execute()
          await write(first)
          if (++runs === 2) bothHold()
          await met
          await write(second)
        })
      await Promise.all([touch('a', 'b'), touch('b', 'a')])
      expect(runs).toBe(3)
      await database.close()
    }))

  it('an error does not quote the row that was refused', () =>
    inNewDatabase('quoted', '', async (url) => {
      const database = await openPostgres(url)
      const refused = database.transaction((tx) =>
        sql`insert into operators (id, name, user_name, password_hash, is_disabled, created_at)
          values ('o', null, 'u', 'a-password-hash', 0, 'x')`.execute(tx),
      )
      const error = await refused.then(
        () => undefined,
        (thrown) => thrown,
      )
      expect(error).toMatchObject({ code: '23502' })
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain('u, a-password-hash')
      await database.close()
    }))

  it('a statement that waits too long for a lock is a clear problem, and the connection stays good', () =>
    inNewDatabase('locked', '', async (url) => {
      const database = await openPostgres(url)
      await asAdministrator(url, async (admin) => {
        await admin.query('begin; lock table people in access exclusive mode')
        const wait = database.transaction((tx) => tx.selectFrom('people').selectAll().execute())
        await expect(wait).rejects.toMatchObject({ code: 'database-unreachable' })
        await admin.query('rollback')
      })
      expect(await database.transaction((tx) => tx.selectFrom('people').selectAll().execute())).toEqual([])
      await database.close()
    }))
})
