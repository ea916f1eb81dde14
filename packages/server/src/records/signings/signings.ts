import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'

/** A signature that was asked of an operator card at an agent: kept until the console has used it, for minutes. */
export type SigningRow = Tables['signings']

const KEPT_MS = 10 * 60_000

export async function findSigning(db: Db | Tx, id: string): Promise<SigningRow | undefined> {
  return db.selectFrom('signings').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function insertSigning(
  tx: Tx,
  row: Pick<SigningRow, 'id' | 'operator_id' | 'agent_id' | 'statement'>,
  now: Date,
): Promise<void> {
  const old = new Date(now.getTime() - KEPT_MS).toISOString()
  await tx.deleteFrom('signings').where('created_at', '<', old).execute()
  await tx
    .insertInto('signings')
    .values({ ...row, state: 'asked', created_at: now.toISOString() })
    .execute()
}

/** How it ended; false when that is known already. */
export async function endSigning(
  tx: Tx,
  id: string,
  end: Pick<SigningRow, 'state' | 'problem' | 'certificate' | 'signature'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('signings')
    .set(end)
    .where('id', '=', id)
    .where('state', '=', 'asked')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** False when somebody was faster. */
export async function deleteSigning(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('signings').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}
