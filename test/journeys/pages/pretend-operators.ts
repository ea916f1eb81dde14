import {
  type Account,
  BUILT_IN_ROLES,
  type OperatorView,
  ROLE_PERMISSIONS,
  type RoleView,
  type SessionView,
  type SetUpCode,
  type SetUpWelcome,
} from '@unlatch/contract'
import type { Reply } from './page-host.ts'

/** What the pretended server knows of operators. */
export interface OperatorScene {
  operators: OperatorView[]
  roles: RoleView[]
  sessions: SessionView[]
  account: Account
  welcome: SetUpWelcome | Reply
}

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0'
const SAFARI =
  'Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1'

const session = (id: string, userAgent: string, isThisOne: boolean): SessionView => ({
  id,
  createdAt: '2026-11-21T07:58:00Z',
  lastSeenAt: '2026-11-21T09:41:00Z',
  expiresAt: '2026-11-21T17:58:00Z',
  address: isThisOne ? '10.20.4.17' : '10.20.9.201',
  userAgent,
  isThisOne,
})

const operator = (id: string, name: string, change: Partial<OperatorView>): OperatorView => ({
  id,
  name,
  userName: name.toLowerCase().replace(/^(.)\S* /, '$1.'),
  state: 'active',
  hasOpenCode: false,
  roles: ['help-desk'],
  passkeyCount: 2,
  sessionCount: 1,
  lastSeenAt: '2026-11-21T09:41:00Z',
  ...change,
})

/** An installation with five operators, in each of the states. */
export function calmOperators(): OperatorScene {
  const sessions = [session('s-1', FIREFOX, true), session('s-2', SAFARI, false), session('s-3', 'curl/8', false)]
  const own: RoleView = {
    id: 'own-1',
    name: 'Night shift',
    isBuiltIn: false,
    permissions: ['person:read', 'unblock:release', 'unblock:supervise'],
    operatorCount: 1,
  }
  return {
    sessions,
    operators: [
      operator('op-1', 'Ines Okafor', { roles: ['administrator'] }),
      operator('op-2', 'Jonas Reich', { roles: ['help-desk', 'card-officer'] }),
      operator('op-3', 'Leila Haddad', { state: 'invited', hasOpenCode: true, passkeyCount: 0, lastSeenAt: null }),
      operator('op-4', 'Marek Nowak', { state: 'expired', passkeyCount: 0, lastSeenAt: null, roles: [] }),
      operator('op-5', 'Petra Lindqvist-Abrahamsson', { state: 'disabled', roles: ['own-1', 'supervisor'] }),
    ],
    roles: [
      ...Object.entries(BUILT_IN_ROLES).map(([id, { name, permissions }]) => {
        return { id, name, isBuiltIn: true, permissions: [...permissions], operatorCount: 1 }
      }),
      own,
      { ...own, id: 'own-2', name: 'Trainee', permissions: ['person:read'], operatorCount: 0 },
    ],
    account: {
      name: 'Ines Okafor',
      userName: 'i.okafor',
      roles: ['Administrator'],
      operatorCards: [
        {
          id: 'oc-1',
          label: 'Staff card',
          createdAt: '2026-07-01T08:00:00Z',
          lastUsedAt: '2026-11-20T15:40:00Z',
          validUntil: '2029-06-30T22:00:00Z',
        },
      ],
      passkeys: [
        { id: 'p-1', label: 'Work laptop', createdAt: '2026-06-02T08:00:00Z', lastUsedAt: '2026-11-21T07:58:00Z' },
        { id: 'p-2', label: 'Blue security key', createdAt: '2026-06-02T08:10:00Z', lastUsedAt: null },
      ],
      sessions,
    },
    welcome: {
      operator: { name: 'Leila Haddad', userName: 'l.haddad' },
      expiresAt: '2026-11-22T09:00:00Z',
      needsPasskey: true,
    },
  }
}

const CODE: SetUpCode = { operatorId: 'op-9', code: '7K3MPQ0RA4TW9XVN', expiresAt: '2026-11-22T09:41:00Z' }

/** Every permission that a role gives. */
export const EVERYTHING: string[] = [...ROLE_PERMISSIONS]

/** Answers what is asked about operators; undefined for anything else. */
export function respondAboutOperators(scene: OperatorScene, method: string, path: string): Reply | undefined {
  if (path === '/api/account') return { json: scene.account }
  if (path === '/api/roles' && method === 'GET') return { json: { roles: scene.roles } }
  if (path === '/api/operators' && method === 'GET') return { json: { operators: scene.operators, isMore: false } }
  if (/^\/api\/operators\/[^/]+\/sessions$/.test(path)) return { json: { sessions: scene.sessions.slice(1) } }
  if (path === '/api/operators' || path.endsWith('/set-up-code')) return { json: CODE, status: 201 }
  if (/^\/api\/(account|operators|roles)\//.test(path)) return { json: {} }
  return undefined
}
