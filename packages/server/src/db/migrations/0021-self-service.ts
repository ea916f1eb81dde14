import { type Kysely, sql } from 'kysely'
import { textType } from '../dialect.ts'

/**
 * Self-service: no operator takes part in such an unblock; by which ways its holder proved to be who he is, and the codes that
 * he may prove it with.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)

  // A column that may be empty from now on: one beside it takes its values and its name, which both databases can.
  await db.schema.dropIndex('releases_by_operator').execute()
  for (const [table, references] of [
    ['unblocks', true],
    ['releases', false],
  ] as const) {
    await db.schema
      .alterTable(table)
      .addColumn('anybody_id', text, (c) => (references ? c.references('operators.id') : c))
      .execute()
    await sql`update ${sql.table(table)} set anybody_id = operator_id`.execute(db)
    await db.schema.alterTable(table).dropColumn('operator_id').execute()
    await db.schema.alterTable(table).renameColumn('anybody_id', 'operator_id').execute()
  }
  await db.schema.createIndex('releases_by_operator').on('releases').columns(['operator_id', 'released_at']).execute()

  await db.schema
    .createTable('self_service_ways')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('unblock_id', text, (c) => c.notNull().references('unblocks.id'))
    .addColumn('card_id', text, (c) => c.notNull().references('cards.id'))
    .addColumn('person_id', text, (c) => c.notNull().references('people.id'))
    .addColumn('way', text, (c) => c.notNull())
    .addColumn('root', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('asked_at', text, (c) => c.notNull())
    .addColumn('met_at', text)
    .addColumn('code_mac', text, (c) => c.unique())
    .addColumn('evidence', text, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('self_service_ways_by_unblock').on('self_service_ways').column('unblock_id').execute()
  await db.schema
    .createIndex('self_service_ways_by_card')
    .on('self_service_ways')
    .columns(['card_id', 'way', 'asked_at'])
    .execute()
  await db.schema
    .createIndex('self_service_ways_by_person')
    .on('self_service_ways')
    .columns(['person_id', 'asked_at'])
    .execute()

  await db.schema
    .createTable('unblock_codes')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('code_mac', text, (c) => c.notNull())
    .addColumn('card_id', text, (c) => c.notNull().references('cards.id'))
    .addColumn('person_id', text, (c) => c.notNull().references('people.id'))
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('operator_id', text, (c) => c.references('operators.id'))
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('expires_at', text)
    .addColumn('wrong_tries', 'integer', (c) => c.notNull())
    .addColumn('used_at', text)
    .addColumn('voided_at', text)
    .execute()
  await db.schema.createIndex('unblock_codes_by_card').on('unblock_codes').columns(['card_id', 'created_at']).execute()
  await db.schema.createIndex('unblock_codes_by_person').on('unblock_codes').column('person_id').execute()
  await db.schema.createIndex('unblock_codes_by_operator').on('unblock_codes').column('operator_id').execute()

  await db.schema
    .createTable('one_time_passwords')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('person_id', text, (c) => c.notNull().references('people.id'))
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('label', text, (c) => c.notNull())
    .addColumn('sealed_secret', text, (c) => c.notNull())
    .addColumn('counter', 'bigint', (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('confirmed_at', text)
    .addColumn('usable_from', text)
    .addColumn('last_used_at', text)
    .execute()
  await db.schema.createIndex('one_time_passwords_by_person').on('one_time_passwords').column('person_id').execute()

  await db.schema
    .createTable('person_identities')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('person_id', text, (c) => c.notNull().references('people.id'))
    .addColumn('issuer', text, (c) => c.notNull())
    .addColumn('subject', text, (c) => c.notNull())
    .addColumn('added_by', text)
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('usable_from', text, (c) => c.notNull())
    .addUniqueConstraint('person_identities_once', ['issuer', 'subject'])
    .execute()
  await db.schema.createIndex('person_identities_by_person').on('person_identities').column('person_id').execute()
}
