import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Tables } from '../../db/tables.ts'

/** Somebody who works at the Operator Console. */
export type Operator = Tables['operators']

/** A user name as it is kept and compared. */
export const foldUserName = (userName: string): string => userName.trim().toLowerCase()

export async function findOperator(db: Db | Tx, userName: string): Promise<Operator | undefined> {
  return db.selectFrom('operators').selectAll().where('user_name', '=', foldUserName(userName)).executeTakeFirst()
}

export async function findOperatorById(db: Db | Tx, id: string): Promise<Operator | undefined> {
  return db.selectFrom('operators').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The hash to compare a password with; undefined, as for an unknown operator, while there is none. */
export const passwordHashOf = (operator: Operator | undefined): string | undefined =>
  operator?.password_hash === '' ? undefined : operator?.password_hash

/** Holds an operator until the transaction ends: what is counted for him is counted by one transaction at a time. */
export async function lockOperator(tx: Tx, id: string): Promise<void> {
  await operatorLock(tx, { id })
}

const operatorLock = prepared((db, { id }: { id: string }) =>
  db.selectFrom('operators').select('id').where('id', '=', id).forNoKeyUpdate(),
)

/** @throws as the database does when the user name is taken (`isUniqueViolation`). */
export async function insertOperator(
  tx: Tx,
  operator: { id: string; name: string; userName: string; passwordHash: string; at: Date },
): Promise<void> {
  const row = {
    id: operator.id,
    name: operator.name,
    user_name: foldUserName(operator.userName),
    password_hash: operator.passwordHash,
    is_disabled: 0,
    created_at: operator.at.toISOString(),
    last_seen_at: null,
  }
  await tx.insertInto('operators').values(row).execute()
}

export async function updateOperator(
  tx: Tx,
  id: string,
  change: Partial<Pick<Operator, 'password_hash' | 'is_disabled' | 'last_seen_at'>>,
): Promise<void> {
  await tx.updateTable('operators').set(change).where('id', '=', id).execute()
}
