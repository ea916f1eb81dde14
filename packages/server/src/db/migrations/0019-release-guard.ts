import type { Kysely } from 'kysely'
import { textType } from '../dialect.ts'

/** What a release takes beside a verified caller: a second operator, where something demands him; who is told of an alarm. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('approvals')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('verification_id', text, (c) => c.notNull().references('verifications.id'))
    .addColumn('card_id', text, (c) => c.notNull())
    .addColumn('person_id', text, (c) => c.notNull())
    .addColumn('asked_by', text, (c) => c.notNull())
    .addColumn('reasons', text, (c) => c.notNull())
    .addColumn('note', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('asked_at', text, (c) => c.notNull())
    .addColumn('expires_at', text, (c) => c.notNull())
    .addColumn('answered_by', text)
    .addColumn('answered_at', text)
    .addColumn('is_break_glass', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('statement', text)
    .addColumn('signature', text)
    .execute()
  await db.schema
    .createIndex('approvals_by_verification')
    .on('approvals')
    .columns(['verification_id', 'asked_at'])
    .execute()
  await db.schema.createIndex('approvals_by_time').on('approvals').column('asked_at').execute()
  await db.schema
    .createTable('alerts')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('recipient', text, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('facts', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('next_at', text)
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('problem', text)
    .addColumn('delivered_at', text)
    .execute()
  await db.schema.createIndex('alerts_by_due').on('alerts').column('next_at').execute()
  await db.schema
    .alterTable('people')
    .addColumn('is_sensitive', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema
    .alterTable('sessions')
    .addColumn('browser', text, (c) => c.notNull().defaultTo(''))
    .execute()
  await db.schema.createIndex('sessions_by_browser').on('sessions').columns(['operator_id', 'browser']).execute()
}
