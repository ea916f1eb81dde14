import type { Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'

/** True when the log has this operation about this subject as done. */
export async function hasDone(tx: Tx, operation: string, subject: string): Promise<boolean> {
  return (await countDone(tx, operation, subject, new Date(0))) > 0
}

/** How often the log has this operation about this subject as done since then. */
export async function countDone(tx: Tx, operation: string, subject: string, since: Date): Promise<number> {
  const { rows } = await recordsAbout(tx, { subject })
  return rows.filter(({ at, record }) => {
    const told = JSON.parse(record) as { operation: string; outcome: string }
    return at > since.toISOString() && told.operation === operation && told.outcome === 'done'
  }).length
}

const recordsAbout = prepared((db, { subject }: { subject: string }) =>
  db.selectFrom('audit').select(['at', 'record']).where('subject', '=', subject),
)
