import { randomUUID } from 'node:crypto'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'

/** Who a person is at an identity provider: by issuer and subject, never by a mail address. */
export type PersonIdentity = Tables['person_identities']

export async function listIdentities(db: Db | Tx, personId: string): Promise<PersonIdentity[]> {
  return db
    .selectFrom('person_identities')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** @throws as the database does when somebody is this already (`isUniqueViolation`). */
export async function insertIdentity(tx: Tx, identity: Omit<PersonIdentity, 'id'>): Promise<string> {
  const id = randomUUID()
  await tx
    .insertInto('person_identities')
    .values({ ...identity, id })
    .execute()
  return id
}

export async function deleteIdentity(tx: Tx, personId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('person_identities')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** True where this is the person, and has been for long enough. */
export async function isIdentityOf(
  db: Db | Tx,
  { issuer, subject, personId, now }: { issuer: string; subject: string; personId: string; now: Date },
): Promise<boolean> {
  const row = await db
    .selectFrom('person_identities')
    .select(['person_id', 'usable_from'])
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row?.person_id === personId && row.usable_from <= now.toISOString()
}
