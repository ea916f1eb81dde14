import { type Kysely, sql } from 'kysely'
import { textType } from '../dialect.ts'

/**
 * Holders are told: notices know who did what, and are delivered to each address by itself; a holder who says "this was not me"
 * opens an incident, and whoever stops the card elsewhere is told. The log is found by who acted.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  for (const name of ['operator_id', 'procedure', 'card_state', 'words', 'planned_at', 'problem']) {
    await db.schema.alterTable('notices').addColumn(name, text).execute()
  }
  // Nobody is told now of what happened before.
  await sql`update notices set planned_at = at, problem = 'notice-older'`.execute(db)
  await sql`create index notices_unplanned on notices (at) where planned_at is null`.execute(db)
  await db.schema.createIndex('notices_by_card').on('notices').columns(['card_id', 'at']).execute()
  await db.schema
    .createTable('notice_deliveries')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('notice_id', text, (c) => c.notNull().references('notices.id'))
    .addColumn('address_kind', text, (c) => c.notNull())
    .addColumn('address', text, (c) => c.notNull())
    .addColumn('is_previous', 'integer', (c) => c.notNull())
    .addColumn('token_hash', text, (c) => c.notNull().unique())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('next_at', text)
    .addColumn('problem', text)
    .addColumn('detail', text)
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('delivered_at', text)
    .addColumn('answer', text)
    .addColumn('answered_at', text)
    .execute()
  await db.schema.createIndex('notice_deliveries_due').on('notice_deliveries').column('next_at').execute()
  await db.schema.createIndex('notice_deliveries_by_notice').on('notice_deliveries').column('notice_id').execute()
  await db.schema
    .createTable('incidents')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('opened_at', text, (c) => c.notNull())
    .addColumn('notice_id', text, (c) => c.notNull().references('notices.id'))
    .addColumn('delivery_id', text, (c) => c.notNull().references('notice_deliveries.id'))
    .addColumn('card_id', text, (c) => c.notNull().references('cards.id'))
    .addColumn('person_id', text, (c) => c.notNull())
    .addColumn('operator_id', text)
    .addColumn('suspended_from', text)
    .addColumn('closed_at', text)
    .addColumn('closed_by', text)
    .addColumn('note', text)
    .addColumn('is_lifted', 'integer')
    .addColumn('verification_id', text)
    .execute()
  await db.schema.createIndex('incidents_by_state').on('incidents').columns(['state', 'opened_at', 'id']).execute()
  await db.schema.createIndex('incidents_by_card').on('incidents').columns(['card_id', 'state']).execute()
  await db.schema
    .createTable('incident_reports')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('incident_id', text, (c) => c.notNull().unique().references('incidents.id'))
    .addColumn('connection_id', text, (c) => c.notNull().references('connections.id'))
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('next_at', text)
    .addColumn('problem', text)
    .addColumn('detail', text)
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('delivered_at', text)
    .execute()
  await db.schema.createIndex('incident_reports_due').on('incident_reports').column('next_at').execute()
  await db.schema.alterTable('audit').addColumn('actor_id', text).execute()
  await db.schema.createIndex('audit_by_actor').on('audit').columns(['actor_id', 'at', 'seq']).execute()
}
