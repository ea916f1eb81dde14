import { type Kysely, sql } from 'kysely'
import { textType } from '../dialect.ts'

/** Agents that are added in the console and enrol themselves with a code. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('agents')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('search_name', text, (c) => c.notNull())
    .addColumn('is_station', 'integer', (c) => c.notNull())
    .addColumn('public_key', text, (c) => c.unique())
    .addColumn('code_hash', text, (c) => c.unique())
    .addColumn('code_expires_at', text, (c) => c.notNull())
    .addColumn('added_by', text, (c) => c.notNull())
    .addColumn('added_at', text, (c) => c.notNull())
    .addColumn('enrolled_at', text)
    .addColumn('last_seen_at', text)
    .addColumn('protocol', 'integer')
    .addColumn('version', text)
    .addColumn('platform', text)
    .addColumn('revoked_at', text)
    .execute()
  for (const statement of INDEXES) await sql.raw(statement).execute(db)
}

const INDEXES = [
  'create unique index agents_present on agents (search_name) where revoked_at is null',
  'create index agents_revoked on agents (revoked_at, id) where revoked_at is not null',
]
