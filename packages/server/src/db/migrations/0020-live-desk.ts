import type { Kysely } from 'kysely'
import { textType } from '../dialect.ts'

/** The desk as it is now, found by when something began; and as it was, counted by events that name nobody. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema.createIndex('unblocks_by_time').on('unblocks').columns(['opened_at', 'id']).execute()
  await db.schema.createIndex('verifications_by_time').on('verifications').columns(['opened_at', 'id']).execute()
  await db.schema
    .createTable('desk_events')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('at', text, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('seconds', 'integer')
    .execute()
  await db.schema
    .createIndex('desk_events_by_time')
    .on('desk_events')
    .columns(['kind', 'at', 'name', 'seconds'])
    .execute()
}
