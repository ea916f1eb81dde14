import type { Kysely } from 'kysely'
import { textType } from '../dialect.ts'

/** Holders look after themselves with a card that works: a session of one card at one agent. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('holder_sessions')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('card_id', text, (c) => c.notNull().references('cards.id'))
    .addColumn('person_id', text, (c) => c.notNull().references('people.id'))
    .addColumn('agent_id', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('opened_at', text, (c) => c.notNull())
    .addColumn('until', text, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('holder_sessions_by_card').on('holder_sessions').column('card_id').execute()
  await db.schema.createIndex('holder_sessions_by_person').on('holder_sessions').column('person_id').execute()
}
