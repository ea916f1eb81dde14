import type { Kysely } from 'kysely'
import { textType } from '../dialect.ts'

/** A supervisor's approval that one try of a card is spent on a guess. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('try_approvals')
    .addColumn('card_id', text, (c) => c.primaryKey().references('cards.id'))
    .addColumn('valid_until', text, (c) => c.notNull())
    .execute()
}
