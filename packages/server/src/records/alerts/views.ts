import type { Db } from '../../db/open.ts'

/** True when an alarm waits to be sent: asked first, so that the log does not fill with looks at which nothing was due. */
export async function hasDueAlert(db: Db, now: Date): Promise<boolean> {
  const due = db.selectFrom('alerts').select('id').where('next_at', '<=', now.toISOString())
  return (await due.limit(1).executeTakeFirst()) !== undefined
}
