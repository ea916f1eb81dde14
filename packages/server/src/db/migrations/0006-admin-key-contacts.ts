import type { Kysely } from 'kysely'
import { textType } from '../dialect.ts'

/** A GIDS card proves its admin key at a station: where that stands, what it may have cost, and whether the card refused. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema.alterTable('admin_key_records').addColumn('contact', text).execute()
  await db.schema.alterTable('admin_key_records').addColumn('refused_at', text).execute()
  for (const counter of ['settled_after', 'contact_tries']) {
    await db.schema
      .alterTable('admin_key_records')
      .addColumn(counter, 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
  }
}
