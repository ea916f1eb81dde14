import type { Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'

/** True when the log has this operation about this subject as done. */
export async function hasDone(tx: Tx, operation: string, subject: string): Promise<boolean> {
  const { rows } = await recordsAbout(tx, { subject })
  return rows.some(({ record }) => {
    const told = JSON.parse(record) as { operation: string; outcome: string }
    return told.operation === operation && told.outcome === 'done'
  })
}

const recordsAbout = prepared((db, { subject }: { subject: string }) =>
  db.selectFrom('audit').select('record').where('subject', '=', subject),
)
