import type { Kysely } from 'kysely'
import { textType } from '../dialect.ts'

/** The operator signs for a cryptogram too: what he is asked to sign stands with the call. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('unblocks').addColumn('statement', textType(db)).execute()
}
