import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'

/** A passkey of an operator: a public key, and where its private one is said to be. */
export type Passkey = Tables['passkeys']

export async function findPasskey(db: Db | Tx, id: string): Promise<Passkey | undefined> {
  return db.selectFrom('passkeys').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function listPasskeys(db: Db | Tx, operatorId: string): Promise<Passkey[]> {
  return db
    .selectFrom('passkeys')
    .selectAll()
    .where('operator_id', '=', operatorId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** @throws as the database does when it is registered already (`isUniqueViolation`). */
export async function insertPasskey(tx: Tx, passkey: Passkey): Promise<void> {
  await tx.insertInto('passkeys').values(passkey).execute()
}

/** Writes a use down. False when another use was faster: the counter is no longer the one that was judged. */
export async function usePasskey(tx: Tx, { id, counter }: Passkey, next: number, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('passkeys')
    .set({ counter: String(next), last_used_at: now.toISOString() })
    .where('id', '=', id)
    .where('counter', '=', counter)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deletePasskeys(tx: Tx, operatorId: string, id?: string): Promise<void> {
  let deletion = tx.deleteFrom('passkeys').where('operator_id', '=', operatorId)
  if (id !== undefined) deletion = deletion.where('id', '=', id)
  await deletion.execute()
}

/** True once anybody here has a passkey: outside the demo, once anybody can sign in. */
export async function hasAnyPasskey(db: Db | Tx): Promise<boolean> {
  return (await db.selectFrom('passkeys').select('id').limit(1).executeTakeFirst()) !== undefined
}
