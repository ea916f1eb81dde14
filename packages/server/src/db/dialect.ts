import { PostgresAdapter, type QueryExecutorProvider, type RawBuilder, sql } from 'kysely'

/** Where the two databases differ and a statement must know; everything else is the same on both. */

/** True on PostgreSQL, false on SQLite. */
export function isPostgres(db: QueryExecutorProvider): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter
}

/**
 * The type of text columns: compared by bytes of UTF-8 on both, so that order, prefixes and times are the same whatever
 * language a cluster was set up for.
 */
export function textType(db: QueryExecutorProvider): 'text' | RawBuilder<unknown> {
  return isPostgres(db) ? sql`text collate "C"` : 'text'
}

/**
 * Holds a name that has no row until the transaction ends: another transaction that wants it waits. On SQLite the
 * transaction has the whole database to itself already.
 */
export async function lockName(tx: QueryExecutorProvider, name: string): Promise<void> {
  if (isPostgres(tx)) await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx)
}
