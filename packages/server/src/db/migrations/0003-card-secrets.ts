import { type Kysely, sql } from 'kysely'
import { textType } from '../dialect.ts'

/** Hardware numbers, imported secrets, the order of releases, and which agent did an unblock. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema.alterTable('cards').addColumn('hardware_number', text).execute()
  await db.schema.alterTable('cards').addColumn('imported_secrets', text).execute()
  await db.schema.createIndex('cards_by_hardware').unique().on('cards').column('hardware_number').execute()
  await db.schema
    .alterTable('puk_records')
    .addColumn('rotated_after', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema.alterTable('releases').addColumn('reported_by', text).execute()
  await db.schema
    .alterTable('releases')
    .addColumn('number', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await sql`update releases set number = (select count(*) from releases earlier
    where earlier.card_id = releases.card_id and earlier.released_at <= releases.released_at)`.execute(db)
  await db.schema.createIndex('releases_in_order').on('releases').columns(['card_id', 'number']).execute()
  await db.schema.createIndex('unblocks_by_card').on('unblocks').column('card_id').execute()
  await db.schema.createIndex('unblocks_by_person').on('unblocks').column('person_id').execute()
}
