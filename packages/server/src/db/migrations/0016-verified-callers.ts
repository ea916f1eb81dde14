import type { Kysely } from 'kysely'
import { textType } from '../dialect.ts'

/**
 * Who is calling: how a person proved to be a card's holder, each way with its evidence; addresses that changed; how the desk
 * reaches people.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('verifications')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('operator_id', text, (c) => c.notNull())
    .addColumn('card_id', text, (c) => c.notNull().references('cards.id'))
    .addColumn('person_id', text, (c) => c.notNull())
    .addColumn('procedure', text, (c) => c.notNull())
    .addColumn('opened_at', text, (c) => c.notNull())
    .addColumn('uses', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('ended_at', text)
    .execute()
  await db.schema
    .createIndex('verifications_by_card')
    .on('verifications')
    .columns(['card_id', 'operator_id', 'opened_at'])
    .execute()
  await db.schema
    .createIndex('verifications_by_person')
    .on('verifications')
    .columns(['person_id', 'operator_id', 'opened_at'])
    .execute()
  await db.schema
    .createTable('verification_ways')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('verification_id', text, (c) => c.notNull().references('verifications.id'))
    .addColumn('person_id', text, (c) => c.notNull().references('people.id'))
    .addColumn('way', text, (c) => c.notNull())
    .addColumn('root', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('asked_at', text, (c) => c.notNull())
    .addColumn('met_at', text)
    .addColumn('sent_to', text)
    .addColumn('code_mac', text)
    .addColumn('tries', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('evidence', text, (c) => c.notNull())
    .addColumn('approver_id', text)
    .execute()
  await db.schema
    .createIndex('verification_ways_by_verification')
    .on('verification_ways')
    .columns(['verification_id', 'asked_at'])
    .execute()
  await db.schema
    .createIndex('verification_ways_by_person')
    .on('verification_ways')
    .columns(['person_id', 'asked_at'])
    .execute()
  await db.schema
    .createIndex('verification_ways_by_approver')
    .on('verification_ways')
    .columns(['approver_id', 'asked_at'])
    .execute()
  await db.schema.createIndex('verification_ways_by_code').on('verification_ways').column('code_mac').execute()
  await db.schema.createIndex('operators_by_name').on('operators').column('name').execute()
  await db.schema
    .createIndex('people_by_directory_name')
    .on('people')
    .columns(['directory_id', 'directory_dn'])
    .execute()
  await db.schema
    .alterTable('people')
    .addColumn('second_email', text, (c) => c.notNull().defaultTo(''))
    .execute()
  await db.schema
    .createTable('address_changes')
    .addColumn('person_id', text, (c) => c.notNull().references('people.id'))
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('previous', text, (c) => c.notNull())
    .addColumn('changed_at', text, (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('address_changes_by_person')
    .on('address_changes')
    .columns(['person_id', 'changed_at'])
    .execute()
  await db.schema
    .createTable('desk_settings')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('document', text, (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .execute()
  await db.schema.alterTable('releases').addColumn('verification_id', text).execute()
}
