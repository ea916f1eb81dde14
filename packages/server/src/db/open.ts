import { AsyncLocalStorage } from 'node:async_hooks'
import { chmodSync, closeSync, openSync } from 'node:fs'
import { Kysely, SqliteDialect, type Transaction } from 'kysely'
import { Migrator } from 'kysely/migration'
import { MIGRATIONS } from './migrations/index.ts'
import { openSqliteFile } from './sqlite.ts'
import type { Tables } from './tables.ts'

/** A transaction, or the connection that views read on. */
export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

/** The opened database: one connection that writes, one that reads beside it. */
export interface Database {
  /** For views: sees what is committed, never waits for a transaction. */
  readonly reads: Db
  /** One transaction; what the work throws rolls it back. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const inTransaction = new AsyncLocalStorage<true>()

/**
 * Opens (and creates, mode 0600) the embedded database and brings its schema up to date.
 *
 * A transaction inside a transaction would wait for itself for ever: it throws instead.
 */
export async function openSqlite(path: string): Promise<Database> {
  closeSync(openSync(path, 'a', 0o600))
  chmodSync(path, 0o600)
  const writes = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openSqliteFile(path) }) })
  await migrate(writes)
  const reads = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: openSqliteFile(path, { isReadOnly: true }) }),
  })
  return {
    reads,
    transaction(work) {
      if (inTransaction.getStore()) throw new Error('a transaction inside a transaction')
      return inTransaction.run(true, () => writes.transaction().execute(work))
    },
    async close() {
      await reads.destroy()
      await writes.destroy()
    },
  }
}

async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw new Error('the database could not be brought up to date', { cause: error })
}
