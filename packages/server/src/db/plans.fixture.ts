import { CompiledQuery } from 'kysely'
import { isPostgres } from './dialect.ts'
import type { Database, Tx } from './open.ts'

/** A statement as it was sent. */
export type Statement = Pick<CompiledQuery, 'sql' | 'parameters'>

/**
 * What a database would read from end to end to carry these statements out; empty when each finds its rows by an index. A
 * table that is small today is asked about as if it were large.
 */
export async function findFullReads(database: Database, statements: readonly Statement[]): Promise<string[]> {
  const different = new Map(statements.filter(isPlanned).map((statement) => [statement.sql, statement]))
  return database.transaction(async (tx) => {
    if (isPostgres(tx)) {
      // With a few rows a join that reads the whole index costs nothing: rows are to be found one by one.
      for (const way of ['seqscan', 'mergejoin', 'hashjoin']) {
        await tx.executeQuery(CompiledQuery.raw(`set local enable_${way} = off`))
      }
    }
    const found: string[] = []
    for (const statement of different.values()) {
      const reads = await (isPostgres(tx) ? readsInPostgres(tx, statement) : readsInSqlite(tx, statement))
      found.push(...reads.map((read) => `${read}: ${statement.sql}`))
    }
    return found
  })
}

/** An upsert that is explained on SQLite has no plan; transactions have none at all. */
const isPlanned = ({ sql }: Statement) => /^\s*(select|insert|update|delete|with)\b/i.test(sql)

/** [SQLite, EXPLAIN QUERY PLAN] SCAN reads everything; SEARCH goes by an index. */
async function readsInSqlite(tx: Tx, { sql, parameters }: Statement): Promise<string[]> {
  const { rows } = await tx.executeQuery<{ detail: string }>(
    CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
  )
  return rows.map(({ detail }) => detail).filter((detail) => /^SCAN (?!(\d+|CONSTANT)\b)/.test(detail))
}

/** A node of a plan in JSON. [PostgreSQL 15, EXPLAIN] */
interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly PlanNode[]
}

/** An index counts as one here even where its first column is not asked for: SQLite's plan of the same statement tells. */
async function readsInPostgres(tx: Tx, { sql, parameters }: Statement): Promise<string[]> {
  const explained = CompiledQuery.raw(`explain (format json) ${sql}`, [...parameters])
  const { rows } = await tx.executeQuery<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(explained)
  return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => readsOf(Plan)))
}

function readsOf(node: PlanNode): string[] {
  const type = node['Node Type']
  const isFull = type === 'Seq Scan' || (/Index (Only )?Scan$/.test(type) && node['Index Cond'] === undefined)
  const below = (node.Plans ?? []).flatMap(readsOf)
  return isFull ? [`${type} of ${node['Relation Name'] ?? node['Index Name']}`, ...below] : below
}
