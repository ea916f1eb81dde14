import type { Kysely } from 'kysely'
import { textType } from '../dialect.ts'

/** Starts of servers, counted beside the key journal; cards by their state. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('server_starts')
    .addColumn('node', textType(db), (c) => c.primaryKey())
    .addColumn('starts', 'integer', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('cards_by_state').on('cards').columns(['state', 'created_at']).execute()
}
