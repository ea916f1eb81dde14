import { type Account, type OperatorSessions, type OperatorsFound, type OperatorView, Problem } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import type { Actor } from '../actors.ts'
import { listPasskeys } from '../passkeys/passkeys.ts'
import { findPermissions, findRoles, listRoleIds } from '../roles/roles.ts'
import { listSessions } from '../sessions/sessions.ts'
import { viewOfSession } from '../sessions/views.ts'
import { view } from '../view.ts'
import { findOperatorById, type Operator } from './operators.ts'

/** Operators on one page of the list. */
const PAGE = 200

/** The operator of a session, with the permissions that he has now; undefined when he is no operator any more. */
export async function findActor(db: Db, operatorId: string, sessionId: string): Promise<Actor | undefined> {
  const operator = await findOperatorById(db, operatorId)
  if (!operator || operator.is_disabled === 1) return undefined
  return {
    kind: 'operator',
    id: operator.id,
    name: operator.name,
    userName: operator.user_name,
    permissions: await findPermissions(db, operator.id),
    sessionId,
  }
}

/** All operators, by their user names. */
export const allOperators = view({
  name: 'operators.list',
  permission: 'operator:read',
  query: z.object({ after: z.prefault(z.string().check(z.maxLength(100)), '') }),
  async read({ db, now, limits }, { after }): Promise<OperatorsFound> {
    const found = await db
      .selectFrom('operators')
      .selectAll()
      .where('user_name', '>', after)
      .orderBy('user_name')
      .limit(PAGE + 1)
      .execute()
    const operators = found.slice(0, PAGE)
    const ids = operators.map(({ id }) => id)
    if (ids.length === 0) return { operators: [], isMore: false }
    const roles = await db.selectFrom('operator_roles').selectAll().where('operator_id', 'in', ids).execute()
    const codes = await db.selectFrom('set_up_codes').selectAll().where('operator_id', 'in', ids).execute()
    const passkeys = await db.selectFrom('passkeys').select(['operator_id']).where('operator_id', 'in', ids).execute()
    const sessions = await listSessions(db, ids, now, limits)
    const belongsTo = (operator: Operator) => (row: { operator_id: string | null }) => row.operator_id === operator.id
    return {
      isMore: found.length > PAGE,
      operators: operators.map((operator) => {
        const hasOpenCode = codes.some((code) => belongsTo(operator)(code) && code.expires_at > now.toISOString())
        return {
          id: operator.id,
          name: operator.name,
          userName: operator.user_name,
          state: stateOf(operator, hasOpenCode),
          hasOpenCode,
          roles: roles.filter(belongsTo(operator)).map(({ role_id }) => role_id),
          passkeyCount: passkeys.filter(belongsTo(operator)).length,
          sessionCount: sessions.filter(belongsTo(operator)).length,
          lastSeenAt: operator.last_seen_at,
        }
      }),
    }
  },
})

function stateOf(operator: Operator, hasOpenCode: boolean): OperatorView['state'] {
  if (operator.is_disabled === 1) return 'disabled'
  if (operator.password_hash !== '') return 'active'
  return hasOpenCode ? 'invited' : 'expired'
}

/** The sessions of one operator. */
export const operatorSessions = view({
  name: 'operators.sessions',
  permission: 'operator:read',
  query: z.object({ operatorId: z.string().check(z.maxLength(64)) }),
  async read({ db, now, limits }, { operatorId }, actor): Promise<OperatorSessions> {
    if (!(await findOperatorById(db, operatorId))) throw new Problem('not-found')
    const sessions = await listSessions(db, [operatorId], now, limits)
    return { sessions: sessions.map((session) => viewOfSession(session, actor.sessionId)) }
  },
})

/** What an operator sees of himself. */
export const ownAccount = view({
  name: 'account.details',
  permission: 'signed-in',
  query: z.object({}),
  async read({ db, now, limits }, _, actor): Promise<Account> {
    const roles = await findRoles(db, await listRoleIds(db, actor.id))
    const passkeys = await listPasskeys(db, actor.id)
    const sessions = await listSessions(db, [actor.id], now, limits)
    return {
      name: actor.name,
      userName: actor.userName,
      roles: roles.map(({ name }) => name),
      passkeys: passkeys.map((passkey) => ({
        id: passkey.id,
        label: passkey.label,
        createdAt: passkey.created_at,
        lastUsedAt: passkey.last_used_at,
      })),
      sessions: sessions.map((session) => viewOfSession(session, actor.sessionId)),
    }
  },
})
