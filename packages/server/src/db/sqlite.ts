import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { SqliteDatabase } from 'kysely'

/**
 * node:sqlite behind Kysely's SQLite dialect. Closes three traps (each has its test): an object as parameter would be bound
 * as NULL without a word; plain `begin` would let two processes deadlock each other into busy errors; and anything less
 * than synchronous = FULL loses commits when the power goes.
 */
export function openSqliteFile(path: string, options: { isReadOnly?: boolean } = {}): SqliteDatabase {
  const db = new DatabaseSync(path, {
    timeout: 5000,
    enableForeignKeyConstraints: true,
    readOnly: options.isReadOnly ?? false,
  })
  if (!options.isReadOnly) db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL')
  db.exec('PRAGMA trusted_schema=OFF')
  const statements = new Map<string, { reader: boolean; statement: StatementSync }>()
  return {
    close: () => db.close(),
    prepare(text) {
      const sql = text === 'begin' && !options.isReadOnly ? 'begin immediate' : text
      let known = statements.get(sql)
      if (!known) {
        const statement = db.prepare(sql)
        known = { reader: statement.columns().length > 0, statement }
        if (statements.size >= 500) statements.clear()
        statements.set(sql, known)
      }
      const { statement, reader } = known
      return {
        reader,
        all: (parameters) => statement.all(...scalars(parameters)),
        run: (parameters) => statement.run(...scalars(parameters)),
        iterate: (parameters) => statement.iterate(...scalars(parameters)) as IterableIterator<unknown>,
      }
    },
  }
}

/** SQL error codes of node:sqlite for a broken UNIQUE or PRIMARY KEY constraint. */
const UNIQUE_ERRCODES = [2067, 1555]

/** True when a statement failed because such a row exists already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && UNIQUE_ERRCODES.includes((error as Error & { errcode?: number }).errcode ?? 0)
}

function scalars(parameters: readonly unknown[]): SQLInputValue[] {
  for (const parameter of parameters) {
    const isScalar =
      parameter === null || ['string', 'number', 'bigint'].includes(typeof parameter) || ArrayBuffer.isView(parameter)
    if (!isScalar) throw new TypeError(`SQL parameter of type ${Object.prototype.toString.call(parameter)}`)
  }
  return parameters as SQLInputValue[]
}
