import type { Permission } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import type { Actor } from '../actors.ts'

/** Somebody who works at the Operator Console. */
export type Operator = Tables['operators']

export async function findOperator(db: Db | Tx, userName: string): Promise<Operator | undefined> {
  const key = userName.trim().toLowerCase()
  return db.selectFrom('operators').selectAll().where('user_name', '=', key).executeTakeFirst()
}

export async function findOperatorById(db: Db | Tx, id: string): Promise<Operator | undefined> {
  return db.selectFrom('operators').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Holds an operator until the transaction ends: what is counted for him is counted by one transaction at a time. */
export async function lockOperator(tx: Tx, id: string): Promise<void> {
  await tx.selectFrom('operators').select('id').where('id', '=', id).forNoKeyUpdate().execute()
}

/** The operator as an actor, with the permissions that he has now. */
export function actorOf(operator: Operator, sessionId: string): Actor {
  return {
    kind: 'operator',
    id: operator.id,
    name: operator.name,
    userName: operator.user_name,
    permissions: new Set(JSON.parse(operator.permissions) as Permission[]),
    sessionId,
  }
}
