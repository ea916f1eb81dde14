import type { Hello } from '@unlatch/contract'
import type { Database } from '../../db/open.ts'

/** What an agent says of itself, and when it was last there: state without meaning, kept for the list of agents. */

/**
 * Notes what an agent said in its hello.
 *
 * @returns false when it was revoked or became of another kind meanwhile, or is not on record at all.
 */
export async function noteHello(
  database: Database,
  agent: { readonly id: string; readonly isStation: boolean },
  { protocol, version, platform }: Hello,
  now: Date,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const row = await tx
      .selectFrom('agents')
      .select(['is_station', 'revoked_at'])
      .where('id', '=', agent.id)
      .forUpdate()
      .executeTakeFirst()
    if (!row || row.revoked_at !== null || (row.is_station === 1) !== agent.isStation) return false
    await tx
      .updateTable('agents')
      .set({ protocol, version, platform, last_seen_at: now.toISOString() })
      .where('id', '=', agent.id)
      .execute()
    return true
  })
}

/** Notes that an agent went away. */
export async function noteLeaving(database: Database, agentId: string, now: Date): Promise<void> {
  await database.transaction((tx) =>
    tx.updateTable('agents').set({ last_seen_at: now.toISOString() }).where('id', '=', agentId).execute(),
  )
}
