import type { Db, Tx } from '../../db/open.ts'
import type { JournalState } from '../../ports/key-service.ts'

/** How often a server with this journal has started, as far as the database knows. */
export async function countStarts(db: Db | Tx, node: string): Promise<number> {
  const row = await db.selectFrom('server_starts').select('starts').where('node', '=', node).executeTakeFirst()
  return row?.starts ?? 0
}

export async function writeStarts(tx: Tx, { node, starts }: Pick<JournalState, 'node' | 'starts'>): Promise<void> {
  await tx
    .insertInto('server_starts')
    .values({ node, starts })
    .onConflict((c) => c.column('node').doUpdateSet({ starts }))
    .execute()
}
