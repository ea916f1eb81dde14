import { type Kysely, sql } from 'kysely'
import { isPostgres, textType } from '../dialect.ts'

/** People, cards, operators, unblocks by telephone and their audit. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('people')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('user_name', text, (c) => c.notNull().unique())
    .addColumn('department', text, (c) => c.notNull())
    .addColumn('email', text, (c) => c.notNull())
    .addColumn('phone', text, (c) => c.notNull())
    .addColumn('manager', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('search_words')
    .addColumn('word', text, (c) => c.notNull())
    .addColumn('person_id', text, (c) => c.notNull().references('people.id'))
    .addPrimaryKeyConstraint('search_words_pk', ['word', 'person_id'])
    .execute()
  await db.schema
    .createTable('cards')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('card_uuid', text, (c) => c.notNull().unique())
    .addColumn('person_id', text, (c) => c.notNull().references('people.id'))
    .addColumn('family', text, (c) => c.notNull())
    .addColumn('label', text, (c) => c.notNull())
    .addColumn('printed_serial', text, (c) => c.notNull().unique())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('sealed_key', text)
    .addColumn('personalisation', text)
    .addColumn('created_at', text, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('cards_by_person').on('cards').column('person_id').execute()
  await db.schema
    .createTable('puk_records')
    .addColumn('card_id', text, (c) => c.primaryKey().references('cards.id'))
    .addColumn('candidates', text, (c) => c.notNull())
    .addColumn('refused', text, (c) => c.notNull())
    .addColumn('tries_at_least', 'integer', (c) => c.notNull())
    .addColumn('tries_limit', 'integer', (c) => c.notNull())
    .addColumn('restored_by_unblock', text, (c) => c.notNull())
    .addColumn('is_rotatable', 'integer', (c) => c.notNull())
    .addColumn('form', text, (c) => c.notNull())
    .addColumn('exposed_since', text)
    .addColumn('exposed_to', text)
    .addColumn('rotation', text)
    .addColumn('revision', 'integer', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('admin_key_records')
    .addColumn('card_id', text, (c) => c.primaryKey().references('cards.id'))
    .addColumn('cipher', text, (c) => c.notNull())
    .addColumn('generation', text, (c) => c.notNull())
    .addColumn('tries_limit', 'integer', (c) => c.notNull())
    .addColumn('session_given_at', text)
    .addColumn('revision', 'integer', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('management_keys')
    .addColumn('card_id', text, (c) => c.primaryKey().references('cards.id'))
    .addColumn('cipher', text, (c) => c.notNull())
    .addColumn('generation', text, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('generations')
    .addColumn('card_uuid', text, (c) => c.notNull())
    .addColumn('purpose', text, (c) => c.notNull())
    .addColumn('epoch', 'integer', (c) => c.notNull())
    .addColumn('counter', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('generations_pk', ['card_uuid', 'purpose'])
    .execute()
  await db.schema
    .createTable('operators')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('user_name', text, (c) => c.notNull().unique())
    .addColumn('password_hash', text, (c) => c.notNull())
    .addColumn('permissions', text, (c) => c.notNull())
    .addColumn('is_disabled', 'integer', (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('unblocks')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('card_id', text, (c) => c.notNull().references('cards.id'))
    .addColumn('person_id', text, (c) => c.notNull().references('people.id'))
    .addColumn('operator_id', text, (c) => c.notNull().references('operators.id'))
    .addColumn('opened_at', text, (c) => c.notNull())
    .addColumn('closed_at', text)
    .execute()
  await db.schema
    .createTable('releases')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('unblock_id', text, (c) => c.notNull().references('unblocks.id'))
    .addColumn('card_id', text, (c) => c.notNull().references('cards.id'))
    .addColumn('operator_id', text, (c) => c.notNull())
    .addColumn('session_id', text, (c) => c.notNull())
    .addColumn('idempotency_key', text, (c) => c.notNull())
    .addColumn('challenge_key', text, (c) => c.notNull())
    .addColumn('challenge', text, (c) => c.notNull())
    .addColumn('form', text, (c) => c.notNull())
    .addColumn('generation', text, (c) => c.notNull())
    .addColumn('unblock_key_id', text, (c) => c.notNull())
    .addColumn('verification', text, (c) => c.notNull())
    .addColumn('released_at', text, (c) => c.notNull())
    .addColumn('outcome', text, (c) => c.notNull())
    .addColumn('outcome_by', text)
    .addColumn('outcome_at', text)
    .addColumn('tries_at_risk', 'integer', (c) => c.notNull())
    .addColumn('receipt_misses', 'integer', (c) => c.notNull())
    .addUniqueConstraint('releases_challenge_once', ['card_id', 'challenge_key'])
    .execute()
  await db.schema.createIndex('releases_by_card').on('releases').columns(['card_id', 'released_at']).execute()
  await db.schema.createIndex('releases_by_operator').on('releases').columns(['operator_id', 'released_at']).execute()
  await db.schema.createIndex('releases_by_unblock').on('releases').columns(['unblock_id', 'released_at']).execute()
  await db.schema
    .createTable('challenge_misses')
    .addColumn('card_id', text, (c) => c.notNull())
    .addColumn('unblock_id', text, (c) => c.notNull())
    .addColumn('at', text, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('challenge_misses_by_card').on('challenge_misses').columns(['card_id', 'at']).execute()
  await db.schema.createIndex('challenge_misses_by_unblock').on('challenge_misses').column('unblock_id').execute()
  await db.schema
    .createTable('notices')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('person_id', text, (c) => c.notNull())
    .addColumn('card_id', text, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('at', text, (c) => c.notNull())
    .addColumn('delivered_at', text)
    .execute()
  await db.schema
    .createTable('sessions')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('payload', text, (c) => c.notNull())
    .addColumn('expires_at', text, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('throttles')
    .addColumn('key', text, (c) => c.notNull())
    .addColumn('at', text, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('throttles_by_key').on('throttles').columns(['key', 'at']).execute()
  await db.schema.createIndex('throttles_by_time').on('throttles').column('at').execute()
  await db.schema
    .createTable('lookups')
    .addColumn('operator_id', text, (c) => c.notNull())
    .addColumn('person_id', text, (c) => c.notNull())
    .addColumn('at', text, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('audit')
    .addColumn('seq', isPostgres(db) ? 'bigint' : 'integer', (c) =>
      isPostgres(db) ? c.primaryKey().generatedAlwaysAsIdentity() : c.primaryKey().autoIncrement(),
    )
    .addColumn('id', text, (c) => c.notNull().unique())
    .addColumn('at', text, (c) => c.notNull())
    .addColumn('subject', text, (c) => c.notNull())
    .addColumn('record', text, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('audit_by_subject').on('audit').columns(['subject', 'seq']).execute()
  for (const statement of isPostgres(db) ? APPEND_ONLY_POSTGRES : APPEND_ONLY_SQLITE) {
    await sql.raw(statement).execute(db)
  }
}

const APPEND_ONLY_SQLITE = ['update', 'delete'].map(
  (change) => `create trigger audit_takes_no_${change} before ${change} on audit
    begin select raise(abort, 'the audit log is append-only'); end`,
)

const APPEND_ONLY_POSTGRES = [
  `create function refuse_change_of_audit() returns trigger language plpgsql as $$
    begin raise exception 'the audit log is append-only'; end $$`,
  ...['update', 'delete', 'truncate'].map(
    (change) => `create trigger audit_takes_no_${change} before ${change} on audit
      for each statement execute function refuse_change_of_audit()`,
  ),
]
