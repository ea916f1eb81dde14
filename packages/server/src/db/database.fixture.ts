import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dialect, Kysely } from 'kysely'
import pg from 'pg'
import { inject } from 'vitest'
import { type Database, type Db, type OpenOptions, openPostgres, openSqlite } from './open.ts'
import { ScaleOutDialect } from './postgres.ts'
import { EmbeddedDialect } from './sqlite.ts'
import type { Tables } from './tables.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The cluster in which each staged database is; absent where the suites run on SQLite. */
    postgresUrl: string
  }
}

/** Address of the cluster that this run of the suites uses; undefined on SQLite. */
export const postgresUrl = (): string | undefined => inject('postgresUrl')

/** An empty database of a test's own, on the kind that this run of the suites is about. */
export interface StagedDatabase extends Database {
  /** Opens it once more, as another node does; an embedded one has a single server, which is given again. */
  another(options?: OpenOptions): Promise<Database>
}

export async function stageDatabase(options: OpenOptions = {}): Promise<StagedDatabase> {
  const cluster = postgresUrl()
  const place = cluster === undefined ? makeFile() : await createDatabase(cluster)
  const opened: Database[] = []
  const another = async (more: OpenOptions = {}) => {
    if (cluster === undefined && opened[0]) return opened[0]
    const database = await place.open(more)
    opened.push(database)
    return database
  }
  const { reads, ping, transaction } = await another(options)
  return {
    reads,
    ping,
    transaction,
    another,
    async close() {
      for (const database of opened) await database.close()
      await place.remove()
    },
  }
}

interface Place {
  open(options: OpenOptions): Promise<Database>
  dialect(): Dialect
  remove(): Promise<void>
}

function makeFile(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-db-'))
  return {
    open: (options) => openSqlite(join(folder, 'unlatch.db'), options),
    dialect: () => new EmbeddedDialect(join(folder, 'unlatch.db')),
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A database without a schema, for migrations one by one; `open` brings it up to date as a start does. */
export async function stageEmptyDatabase(): Promise<{ db: Db; open(): Promise<Database>; close(): Promise<void> }> {
  const cluster = postgresUrl()
  const place = cluster === undefined ? makeFile() : await createDatabase(cluster, null)
  const db = new Kysely<Tables>({ dialect: place.dialect() })
  return {
    db,
    open: () => place.open({}),
    async close() {
      await db.destroy()
      await place.remove()
    },
  }
}

const TEMPLATE = 'unlatch_template'
const TEMPLATE_LOCK = 1

async function createDatabase(cluster: string, template: string | null = TEMPLATE): Promise<Place> {
  const name = `unlatch_${randomBytes(8).toString('hex')}`
  await asAdministrator(cluster, async (admin) => {
    if (template === null) return void (await admin.query(`create database ${name}`))
    await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [TEMPLATE])
    if (rowCount === 0) {
      await admin.query(`create database ${TEMPLATE}`)
      await (await openPostgres(addressOf(cluster, TEMPLATE))).close()
    }
    await admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK])
    await admin.query(`create database ${name} template ${TEMPLATE}`)
  })
  return {
    open: (options) => openPostgres(addressOf(cluster, name), options),
    dialect: () => new ScaleOutDialect(addressOf(cluster, name), { maxConnections: 1 }),
    remove: () => asAdministrator(cluster, async (admin) => void (await admin.query(`drop database ${name}`))),
  }
}

/** Address of another database in the same cluster. */
export function addressOf(cluster: string, name: string): string {
  return cluster.replace(/\/[^/?]*\?/, `/${name}?`)
}

/** Does something in the cluster itself. */
export async function asAdministrator<T>(cluster: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: cluster })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}
