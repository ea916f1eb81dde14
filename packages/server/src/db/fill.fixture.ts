import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import type { Tables } from './tables.ts'

/**
 * Fills tables with many rows at once, past the operations that would write them one by one. What is half done is thrown away
 * with the database: nothing is flushed in between, and references are not looked up for rows that are known to hold them.
 */

type Row = Readonly<Record<string, string | number | null>>

/** Rows of one table; all of them have the same columns, every column that has no default. */
export interface Filling {
  readonly table: keyof Tables
  readonly rows: Iterable<Row>
}

/** Rows travel as one JSON text: a statement of as many parameters would take longer to read than to carry out. */
const BATCH = 5000

/** An embedded database that nobody has open; its tables are there. */
export function fillSqlite(path: string, fillings: readonly Filling[]): void {
  const db = new DatabaseSync(path)
  // It is written once: neither to a log first, nor page by page as a small cache would have it.
  db.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -800000; begin')
  for (const { table, rows } of fillings) {
    for (const batch of batches(rows)) {
      const columns = Object.keys(batch[0] as Row)
      const values = columns.map((name) => `value ->> '${name}'`)
      db.prepare(`insert into ${table} (${columns}) select ${values} from json_each(?)`).run(JSON.stringify(batch))
    }
  }
  db.exec('commit; pragma journal_mode = wal')
  db.close()
}

/** A database of a cluster, as its superuser; its tables are there. */
export async function fillPostgres(url: string, fillings: readonly Filling[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  // A cluster that is stopped in the middle fails the statement that waits; that is enough.
  client.on('error', () => {})
  await client.connect()
  await client.query(
    "set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '256MB'",
  )
  const putBack = await takeIndexesAway(client)
  for (const { table, rows } of fillings) {
    for (const batch of batches(rows)) {
      const columns = Object.keys(batch[0] as Row)
      const from = `json_populate_recordset(null::${table}, $1::json)`
      await client.query(`insert into ${table} (${columns}) select ${columns} from ${from}`, [JSON.stringify(batch)])
    }
  }
  await putBack()
  await client.query('vacuum analyze')
  await client.query('checkpoint')
  await client.end()
}

/** Each index is built once, when its rows are there. Returns what builds them. */
async function takeIndexesAway(client: pg.Client): Promise<() => Promise<void>> {
  const { rows: constraints } = await client.query<{ place: string; name: string; definition: string }>(
    `select conrelid::regclass::text as place, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
      from pg_constraint where contype in ('f', 'p', 'u') and connamespace = current_schema()::regnamespace
      order by contype = 'f' desc`,
  )
  for (const { place, name } of constraints) await client.query(`alter table ${place} drop constraint ${name}`)
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    'select quote_ident(indexname) as name, indexdef as definition from pg_indexes where schemaname = current_schema()',
  )
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  return async () => {
    for (const { definition } of indexes) await client.query(definition)
    for (const { place, name, definition } of constraints.toReversed()) {
      const trusted = definition.startsWith('FOREIGN KEY') ? ' not valid' : ''
      await client.query(`alter table ${place} add constraint ${name} ${definition}${trusted}`)
    }
  }
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
