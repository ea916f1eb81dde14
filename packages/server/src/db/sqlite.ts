import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { Problem } from '@unlatch/contract'
import {
  type DialectAdapter,
  type QueryCompiler,
  type SelectQueryNode,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteQueryCompiler,
} from 'kysely'
import { expectScalars } from './errors.ts'

/** How an embedded database is opened. */
interface SqliteOptions {
  readonly isReadOnly?: boolean
}

/** Kysely's SQLite dialect over node:sqlite. A migration that fails half-way leaves nothing: SQLite can roll back tables too. */
export class EmbeddedDialect extends SqliteDialect {
  constructor(path: string, options: SqliteOptions = {}) {
    super({ database: openSqliteFile(path, options) })
  }

  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter()
  }

  override createQueryCompiler(): QueryCompiler {
    return new RowLockFreeCompiler()
  }
}

/** `for update` and its kind, left out: SQLite has no such words, and `begin immediate` has locked everything already. */
class RowLockFreeCompiler extends SqliteQueryCompiler {
  protected override visitSelectQuery(node: SelectQueryNode): void {
    const { endModifiers: _, ...rest } = node
    super.visitSelectQuery(rest)
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** Each connection keeps so much of the file in memory; SQLite's own 2 MiB are a part of the indexes of 10 000 cards. */
const CACHE_KIB = 32 * 1024
/** A thread of its own carries the log into the file; when it has grown to 32 MiB nonetheless, the next commit does. */
const PAGES_BETWEEN_CHECKPOINTS = 8192

/**
 * node:sqlite behind Kysely's SQLite dialect. Closes four traps (each has its test): an object as parameter would be bound
 * as NULL without a word; plain `begin` would let two processes deadlock each other into busy errors; with less than
 * synchronous = FULL a commit needs a flush of the log (`WriteAheadLog`) or is lost when the power goes; and on a full disk
 * SQLite may have rolled back by itself.
 */
export function openSqliteFile(path: string, options: SqliteOptions = {}): SqliteDatabase {
  const db = new DatabaseSync(path, {
    timeout: 5000,
    enableForeignKeyConstraints: true,
    readOnly: options.isReadOnly ?? false,
  })
  if (!options.isReadOnly) {
    db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=${PAGES_BETWEEN_CHECKPOINTS}`)
  }
  db.exec(`PRAGMA cache_size=-${CACHE_KIB}`)
  db.exec('PRAGMA trusted_schema=OFF')
  const statements = new Map<string, { reader: boolean; statement: StatementSync }>()
  return {
    close: () => db.close(),
    prepare(text) {
      if (text === 'rollback' && !db.isTransaction) return NOTHING_TO_DO
      const sql = text === 'begin' && !options.isReadOnly ? 'begin immediate' : text
      let known = statements.get(sql)
      if (!known) {
        const statement = translated(() => db.prepare(sql))
        known = { reader: statement.columns().length > 0, statement }
        if (statements.size >= 500) statements.clear()
        statements.set(sql, known)
      }
      const { statement, reader } = known
      return {
        reader,
        all: (parameters) => translated(() => statement.all(...scalars(parameters))),
        run: (parameters) => translated(() => statement.run(...scalars(parameters))),
        iterate: (parameters) => statement.iterate(...scalars(parameters)) as IterableIterator<unknown>,
      }
    },
  }
}

const NOTHING_TO_DO = {
  reader: true,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [][Symbol.iterator](),
}

function scalars(parameters: readonly unknown[]): SQLInputValue[] {
  expectScalars(parameters)
  return parameters as SQLInputValue[]
}

/** SQLite's primary result codes for a file that is held by somebody, that cannot be read or written, and for a full disk. */
const UNREACHABLE_ERRCODES = [5, 10, 14, 23]
const FULL_ERRCODE = 13

function translated<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    const primary = ((cause as { errcode?: number }).errcode ?? 0) & 0xff
    if (primary === FULL_ERRCODE) throw new Problem('database-full', { cause })
    if (UNREACHABLE_ERRCODES.includes(primary)) throw new Problem('database-unreachable', { cause })
    throw cause
  }
}
