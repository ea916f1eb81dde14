import type { Kysely } from 'kysely'

/**
 * The releases of one card are few and are found by their order (`releases_in_order`): an index of their times as well was
 * one more page to write with each release.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('releases_by_card').execute()
}
