import { type Account, type OperatorSessions, type OperatorsFound, type OperatorView, Problem } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Actor } from '../actors.ts'
import { listOperatorCards, readCertificate } from '../operator-cards/operator-cards.ts'
import { listPasskeys } from '../passkeys/passkeys.ts'
import { findRoles, listRoleIds, permissionsOfRole } from '../roles/roles.ts'
import {
  askForSession,
  listSessions,
  type SessionLimits,
  type SessionRow,
  selectSession,
} from '../sessions/sessions.ts'
import { viewOfSession } from '../sessions/views.ts'
import { view } from '../view.ts'
import { findOperatorById, type Operator } from './operators.ts'

/** Operators on one page of the list. */
const PAGE = 200

const rolesOfSession = prepared((db, asked: ReturnType<typeof askForSession>) =>
  selectSession(db, asked)
    .innerJoin('operators', 'operators.id', 'sessions.operator_id')
    .leftJoin('operator_roles', 'operator_roles.operator_id', 'operators.id')
    .leftJoin('roles', 'roles.id', 'operator_roles.role_id')
    .where('operators.is_disabled', '=', 0)
    .select(['sessions.id', 'sessions.operator_id', 'sessions.last_seen_at', 'operators.name', 'operators.user_name'])
    .select(['operator_roles.role_id', 'roles.permissions']),
)

/** Who is signed in, by the session that his browser holds. */
export interface SignedIn {
  readonly actor: Actor
  readonly session: Pick<SessionRow, 'id' | 'operator_id' | 'last_seen_at'>
}

/**
 * The operator of a session, with the permissions that he has now; undefined when the session is over, or he is no operator
 * any more. It is asked at each request, so it is one statement: a row for each of his roles.
 */
export async function findSignedIn(
  db: Db,
  token: string,
  now: Date,
  limits: SessionLimits,
): Promise<SignedIn | undefined> {
  const { rows } = await rolesOfSession(db, askForSession(token, now, limits))
  const [session] = rows
  if (!session) return undefined
  const { id: sessionId, operator_id: id, name, user_name: userName } = session
  const permissions = new Set(rows.flatMap((row) => permissionsOfRole(row.role_id, row.permissions)))
  return { actor: { kind: 'operator', id, name, userName, permissions, sessionId }, session }
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
      operatorCards: (await listOperatorCards(db, actor.id)).map((card) => ({
        id: card.id,
        label: card.label,
        createdAt: card.created_at,
        lastUsedAt: card.last_used_at,
        validUntil: readCertificate(card.certificate)?.x509.validToDate.toISOString() ?? card.created_at,
      })),
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
