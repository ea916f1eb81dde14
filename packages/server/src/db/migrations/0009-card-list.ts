import { type Kysely, sql } from 'kysely'

/**
 * The list of cards in each order that is offered, and the cards with each finding: these are found by indexes that hold the
 * cards in question alone, under conditions that stand in `records/cards/findings.ts` in the same words. What is on record
 * about a card's secrets says when the card is out of use for good: no index of one table knows the state of another.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['puk_records', 'management_keys', 'admin_key_records']) {
    await db.schema
      .alterTable(table)
      .addColumn('is_out_of_use', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
    await sql
      .raw(`update ${table} set is_out_of_use = 1 where card_id in (select id from cards where ${GONE})`)
      .execute(db)
  }
  for (const statement of INDEXES) await sql.raw(statement).execute(db)
}

const GONE = `state in ('revoked', 'retired')`

const INDEXES = [
  'create index cards_by_time on cards (created_at, id)',
  'drop index cards_by_state',
  'create index cards_by_state on cards (state, created_at, id)',
  'create index cards_by_family on cards (family, created_at, id)',
  'create index cards_of_template on cards (template_id, created_at, id)',
  `create index cards_without_key on cards (family, id)
    where sealed_key is null and state not in ('revoked', 'retired')`,
  'create index puk_records_exposed on puk_records (card_id) where exposed_since is not null and is_out_of_use = 0',
  `create index puk_records_factory on puk_records (card_id) where candidates = '["factory"]' and is_out_of_use = 0`,
  `create index puk_records_unknown on puk_records (card_id) where candidates = '[]' and is_out_of_use = 0`,
  `create index management_keys_factory on management_keys (card_id) where generation = 'factory' and is_out_of_use = 0`,
  `create index admin_key_records_refused on admin_key_records (card_id)
    where refused_at is not null and is_out_of_use = 0`,
  `create index deliveries_open on deliveries (card_id) where next_at is not null or state = 'failed'`,
]
