import type { Kysely } from 'kysely'
import { textType } from '../dialect.ts'

/** The language in which a person is written to; empty: the organisation's own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('people')
    .addColumn('language', textType(db), (c) => c.notNull().defaultTo(''))
    .execute()
}
