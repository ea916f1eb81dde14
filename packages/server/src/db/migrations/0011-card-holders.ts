import { type Kysely, sql } from 'kysely'
import { textType } from '../dialect.ts'

/** Cards that nobody holds, and cards that take the place of another. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('cards')
    .addColumn('is_unheld', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema.alterTable('cards').addColumn('replaces_card_id', textType(db)).execute()
  for (const statement of INDEXES) await sql.raw(statement).execute(db)
}

const INDEXES = [
  'create index cards_by_replaced on cards (replaces_card_id) where replaces_card_id is not null',
  'create index cards_unheld on cards (printed_serial) where is_unheld = 1',
]
