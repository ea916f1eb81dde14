import type { Kysely } from 'kysely'
import { textType } from '../dialect.ts'

/** Passkeys of cardholders, and invitations to add one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('person_passkeys')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('person_id', text, (c) => c.notNull().references('people.id'))
    .addColumn('label', text, (c) => c.notNull())
    .addColumn('public_key', text, (c) => c.notNull())
    .addColumn('counter', text, (c) => c.notNull())
    .addColumn('transports', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('usable_from', text, (c) => c.notNull())
    .addColumn('last_used_at', text)
    .execute()
  await db.schema.createIndex('person_passkeys_by_person').on('person_passkeys').column('person_id').execute()
  await db.schema
    .createTable('person_invitations')
    .addColumn('code_mac', text, (c) => c.primaryKey())
    .addColumn('person_id', text, (c) => c.notNull().references('people.id'))
    .addColumn('operator_id', text, (c) => c.notNull())
    .addColumn('expires_at', text, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('person_invitations_by_person').on('person_invitations').column('person_id').execute()
}
