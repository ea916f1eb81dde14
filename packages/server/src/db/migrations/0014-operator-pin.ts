import type { Kysely } from 'kysely'
import { textType } from '../dialect.ts'

/**
 * The operator signs for a cryptogram too: what he is asked to sign stands with the call. And he may sign with a card of his
 * own, at an agent.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema.alterTable('unblocks').addColumn('statement', text).execute()
  await db.schema
    .createTable('operator_cards')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('operator_id', text, (c) => c.notNull().references('operators.id'))
    .addColumn('certificate_sha256', text, (c) => c.notNull().unique())
    .addColumn('certificate', text, (c) => c.notNull())
    .addColumn('label', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('last_used_at', text)
    .execute()
  await db.schema.createIndex('operator_cards_by_operator').on('operator_cards').column('operator_id').execute()
  await db.schema
    .createTable('signings')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('operator_id', text, (c) => c.notNull().references('operators.id'))
    .addColumn('agent_id', text, (c) => c.notNull())
    .addColumn('statement', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('problem', text)
    .addColumn('certificate', text)
    .addColumn('signature', text)
    .addColumn('created_at', text, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('signings_by_time').on('signings').column('created_at').execute()
}
