import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'

/** A passkey of a cardholder, who has no account: with it he proves to an operator who he is. */
export type PersonPasskey = Tables['person_passkeys']
/** A one-time invitation to add one. */
export type Invitation = Tables['person_invitations']

/** A new one counts after so long: until then its owner could still say that it is not his. [security.md, Roots] */
const SETTLES_MS = 7 * 24 * 3_600_000
const INVITATION_MS = 24 * 3_600_000

/** From when on a passkey counts that is made now. */
export const usableFrom = (now: Date): string => new Date(now.getTime() + SETTLES_MS).toISOString()

export async function listPersonPasskeys(db: Db | Tx, personId: string): Promise<PersonPasskey[]> {
  const all = db.selectFrom('person_passkeys').selectAll().where('person_id', '=', personId)
  return all.orderBy('created_at').orderBy('id').execute()
}

/** Those that count now. */
export async function listUsable(db: Db | Tx, personId: string, now: Date): Promise<PersonPasskey[]> {
  return (await listPersonPasskeys(db, personId)).filter(({ usable_from }) => usable_from <= now.toISOString())
}

/** @throws as the database does when it is registered already (`isUniqueViolation`). */
export async function insertPersonPasskey(tx: Tx, row: PersonPasskey): Promise<void> {
  await tx.insertInto('person_passkeys').values(row).execute()
}

/** Writes a use down. False when another use was faster. */
export async function usePersonPasskey(
  tx: Tx,
  { id, counter }: PersonPasskey,
  next: number,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('person_passkeys')
    .set({ counter: String(next), last_used_at: now.toISOString() })
    .where('id', '=', id)
    .where('counter', '=', counter)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** False when there was none of this person. */
export async function deletePersonPasskey(tx: Tx, personId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('person_passkeys')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** An invitation; one that the person had is void. Returns until when it is good. */
export async function insertInvitation(
  tx: Tx,
  { codeMac, personId, operatorId }: { codeMac: string; personId: string; operatorId: string },
  now: Date,
): Promise<string> {
  const expires_at = new Date(now.getTime() + INVITATION_MS).toISOString()
  await tx.deleteFrom('person_invitations').where('person_id', '=', personId).execute()
  const row = { code_mac: codeMac, person_id: personId, operator_id: operatorId, expires_at }
  await tx.insertInto('person_invitations').values(row).execute()
  return expires_at
}

export async function findInvitation(db: Db | Tx, codeMac: string, now: Date): Promise<Invitation | undefined> {
  return db
    .selectFrom('person_invitations')
    .selectAll()
    .where('code_mac', '=', codeMac)
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst()
}

/** Takes an invitation out of the world. False when somebody was faster. */
export async function spendInvitation(tx: Tx, codeMac: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('person_invitations')
    .where('code_mac', '=', codeMac)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
