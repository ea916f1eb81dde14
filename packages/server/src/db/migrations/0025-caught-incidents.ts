import type { Kysely } from 'kysely'
import { textType } from '../dialect.ts'

/** Incidents that the server caught, at agents and operators: to be looked into beside those that holders report. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('caught_incidents')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('open_key', text, (c) => c.unique())
    .addColumn('opened_at', text, (c) => c.notNull())
    .addColumn('last_at', text, (c) => c.notNull())
    .addColumn('occurrences', 'integer', (c) => c.notNull())
    .addColumn('card_id', text, (c) => c.notNull().references('cards.id'))
    .addColumn('other_card_id', text, (c) => c.references('cards.id'))
    .addColumn('person_id', text)
    .addColumn('operator_id', text)
    .addColumn('other_operator_id', text)
    .addColumn('agent_id', text)
    .addColumn('agent_name', text)
    .addColumn('other_agent_id', text)
    .addColumn('other_agent_name', text)
    .addColumn('first_record', text, (c) => c.notNull())
    .addColumn('last_record', text, (c) => c.notNull())
    .addColumn('closed_at', text)
    .addColumn('closed_by', text)
    .addColumn('note', text)
    .execute()
  await db.schema
    .createIndex('caught_incidents_by_state')
    .on('caught_incidents')
    .columns(['state', 'opened_at', 'id'])
    .execute()
  await db.schema
    .createIndex('caught_incidents_by_card')
    .on('caught_incidents')
    .columns(['card_id', 'opened_at'])
    .execute()
}
