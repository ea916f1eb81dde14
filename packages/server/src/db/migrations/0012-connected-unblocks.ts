import type { Kysely } from 'kysely'
import { textType } from '../dialect.ts'

/** Unblocks of cards that are in a reader: which agent, what it is sealed for, and what the operator signed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('connected_unblocks')
    .addColumn('unblock_id', text, (c) => c.primaryKey().references('unblocks.id'))
    .addColumn('card_id', text, (c) => c.notNull().references('cards.id'))
    .addColumn('agent_id', text, (c) => c.notNull())
    .addColumn('agent_key_sha256', text, (c) => c.notNull())
    .addColumn('agent_name', text, (c) => c.notNull())
    .addColumn('reader', text, (c) => c.notNull())
    .addColumn('is_remote', 'integer', (c) => c.notNull())
    .addColumn('code', text, (c) => c.notNull())
    .addColumn('verification', text, (c) => c.notNull())
    .addColumn('way', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('problem', text)
    .addColumn('tries_left', 'integer')
    .addColumn('job_key', text)
    .addColumn('binding', text)
    .addColumn('card_challenge', text)
    .addColumn('statement', text)
    .addColumn('statement_sha256', text, (c) => c.unique())
    .addColumn('signature', text)
    .addColumn('opened_at', text, (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('connected_unblocks_by_card')
    .on('connected_unblocks')
    .columns(['card_id', 'opened_at'])
    .execute()
}
