import { type RawBuilder, sql } from 'kysely'
import { isPostgres } from './dialect.ts'
import type { Database, Db } from './open.ts'
import type { Tables } from './tables.ts'

/** Fills tables with many rows at once, past the operations that would write them one by one. */

type Row = Readonly<Record<string, string | number | null>>

/** Rows of one table; all of them have the same columns, every column that has no default. */
export interface Filling {
  readonly table: keyof Tables
  readonly rows: Iterable<Row>
}

const BATCH = 5000
const SQLITE_CACHE_KIB = 512 * 1024

/** Writes all rows, in the order that their references demand. */
export async function fill(database: Database, fillings: readonly Filling[]): Promise<void> {
  await database.transaction(async (tx) => {
    if (isPostgres(tx)) {
      // References are not looked up for a million rows that are known to hold them.
      await sql`set local session_replication_role = replica`.execute(tx)
      await sql`set local statement_timeout = 0`.execute(tx)
    } else await sql.raw(`pragma cache_size = -${SQLITE_CACHE_KIB}`).execute(tx)
    for (const { table, rows } of fillings) {
      for (const batch of batches(rows)) await insertBatch(tx, table, batch)
    }
  })
  if (!isPostgres(database.reads)) return
  await database.transaction((tx) => sql`analyze`.execute(tx))
}

function* batches(rows: Iterable<Row>): Generator<Row[]> {
  let batch: Row[] = []
  for (const row of rows) {
    batch.push(row)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** The rows travel as one JSON text: a statement of as many parameters would be slower to read than to carry out. */
async function insertBatch(tx: Db, table: string, batch: readonly Row[]): Promise<void> {
  const columns = Object.keys(batch[0] as Row)
  const names = sql.join(columns.map((name) => sql.ref(name)))
  const json = JSON.stringify(batch)
  const values: RawBuilder<unknown> = isPostgres(tx)
    ? sql`select ${names} from json_populate_recordset(null::${sql.table(table)}, ${json}::json)`
    : sql`select ${sql.join(columns.map((name) => sql`value ->> ${sql.lit(name)}`))} from json_each(${json})`
  await sql`insert into ${sql.table(table)} (${names}) ${values}`.execute(tx)
}
