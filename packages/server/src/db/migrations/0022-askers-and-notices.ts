import { type Kysely, sql } from 'kysely'
import { textType } from '../dialect.ts'

/**
 * The browser from which somebody asked for an answer is kept with the question: his session there may be over when it is
 * answered. A notice knows what was released and waits a moment for how that ended: one unblock, one notice.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  for (const table of ['approvals', 'verification_ways']) {
    await db.schema
      .alterTable(table)
      .addColumn('asked_browser', text, (c) => c.notNull().defaultTo(''))
      .execute()
  }
  for (const name of ['release_id', 'released_at']) {
    await db.schema.alterTable('notices').addColumn(name, text).execute()
  }
  await db.schema
    .alterTable('notices')
    .addColumn('due_at', text, (c) => c.notNull().defaultTo(''))
    .execute()
  await db.schema.dropIndex('notices_unplanned').execute()
  await sql`create index notices_unplanned on notices (due_at) where planned_at is null`.execute(db)
  await sql`create index notices_unplanned_by_release on notices (release_id) where planned_at is null`.execute(db)
}
