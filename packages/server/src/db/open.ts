import { AsyncLocalStorage } from 'node:async_hooks'
import { randomInt } from 'node:crypto'
import { chmodSync, closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '@unlatch/contract'
import { type CompiledQuery, type Dialect, Kysely, type LogEvent, sql, type Transaction } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { isConflict } from './errors.ts'
import { MIGRATIONS } from './migrations/index.ts'
import { ScaleOutDialect } from './postgres.ts'
import { EmbeddedDialect } from './sqlite.ts'
import type { Tables } from './tables.ts'
import { type Flush, WriteAheadLog } from './write-ahead-log.ts'

/** A transaction, or the connection that views read on. */
export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

/** The opened database: connections that write, and others that read beside them. */
export interface Database {
  /** For views: sees what is committed, never waits for a transaction. */
  readonly reads: Db
  /** Returns when the database has answered. Throws Problem `database-unreachable`. */
  ping(): Promise<void>
  /**
   * One transaction; what the work throws rolls it back. The work may run more than once: where others changed the same
   * things meanwhile, it starts again from the beginning.
   *
   * @throws Problem `database-unreachable`, `database-full`.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** What both kinds of database can be opened with. */
export interface OpenOptions {
  /** Sees each statement as it is sent; for tests that ask how the database would carry it out. */
  readonly onStatement?: (statement: CompiledQuery) => void
  /** How SQLite's write-ahead log is made durable; for tests that cut the power. */
  readonly flush?: Flush
}

/** How often work that met a conflict is run in all. */
const ATTEMPTS = 10
/** Two that met wait a little, each another time, so as not to meet again. */
const BACK_OFF_MS = 20

/**
 * Opens (and creates, mode 0600) the embedded database and brings its schema up to date. From then on SQLite leaves the flush
 * of each commit to us: what `transaction` returned is on the disk.
 */
export async function openSqlite(path: string, options: OpenOptions = {}): Promise<Database> {
  closeSync(openSync(path, 'a', 0o600))
  chmodSync(path, 0o600)
  const writes = connect(new EmbeddedDialect(path), options)
  await migrate(writes, MIGRATIONS)
  const log = new WriteAheadLog(path, options.flush)
  await sql`pragma synchronous = normal`.execute(writes)
  const database = over(connect(new EmbeddedDialect(path, { isReadOnly: true }), options), writes, async (work) => {
    log.expectWhole()
    const result = await writes.transaction().execute(work)
    await log.flushed()
    return result
  })
  return {
    ...database,
    async ping() {
      log.expectWhole()
      await database.ping()
    },
    async close() {
      await log.close()
      await database.close()
    },
  }
}

/**
 * Opens a database of a PostgreSQL cluster and brings its schema up to date; nodes that start together wait for each other.
 *
 * @throws Problem `database-unfit` when the cluster could lose what it has committed, `database-unreachable`.
 */
export async function openPostgres(url: string, options: OpenOptions = {}): Promise<Database> {
  const builder = connect(new ScaleOutDialect(url, { maxConnections: 1, isPatient: true }), {})
  try {
    await migrate(builder, MIGRATIONS)
  } catch (error) {
    throw error instanceof Problem && error.cause instanceof Error
      ? new Problem(error.code, { detail: error.cause.message, cause: error.cause })
      : error
  } finally {
    await builder.destroy()
  }
  const writes = connect(new ScaleOutDialect(url), options)
  return over(connect(new ScaleOutDialect(url, { isReadOnly: true }), options), writes, (work) =>
    writes.transaction().setIsolationLevel('read committed').execute(work),
  )
}

function connect(dialect: Dialect, { onStatement }: OpenOptions): Db {
  if (!onStatement) return new Kysely<Tables>({ dialect })
  const log = ({ level, query }: LogEvent) => {
    if (level === 'query') onStatement(query)
  }
  return new Kysely<Tables>({ dialect, log })
}

const inTransaction = new AsyncLocalStorage<true>()

/** A transaction inside a transaction would wait for itself for ever: it throws instead. */
function over(reads: Db, writes: Db, transact: Database['transaction']): Database {
  return {
    reads,
    async ping() {
      await sql`select 1`.execute(reads)
    },
    transaction(work) {
      if (inTransaction.getStore()) throw new Error('a transaction inside a transaction')
      return inTransaction.run(true, () => repeatedly(() => transact(work)))
    },
    async close() {
      await reads.destroy()
      await writes.destroy()
    },
  }
}

async function repeatedly<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS - 1; ; left--) {
    try {
      return await attempt()
    } catch (error) {
      if (!isConflict(error)) throw error
      if (left === 0) throw new Problem('database-unreachable', { detail: 'too many at once', cause: error })
      await sleep(randomInt(BACK_OFF_MS) + 1)
    }
  }
}

/** Brings a schema up to date. On both databases a migration is there whole or not at all. */
export async function migrate(db: Db, migrations: Readonly<Record<string, Migration>>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
  const { error } = await migrator.migrateToLatest()
  if (error instanceof Problem) throw error
  if (error) throw new Error('the database could not be brought up to date', { cause: error })
}
