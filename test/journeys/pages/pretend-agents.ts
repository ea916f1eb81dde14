import type { AgentCode, AgentView } from '@unlatch/contract'
import type { Reply } from './page-host.ts'

const agent = (id: string, name: string, change: Partial<AgentView>): AgentView => ({
  id,
  name,
  isStation: false,
  state: 'enrolled',
  isOnline: false,
  keySha256: '49C8D2B70F6A11E5935B0C44A87E1FD2606B3A9914E7C05D8B12F3A4C6D7E8F9',
  addedBy: 'Ines Okafor',
  addedAt: '2026-10-02T08:00:00Z',
  codeExpiresAt: null,
  enrolledAt: '2026-10-02T09:12:00Z',
  revokedAt: null,
  lastSeenAt: '2026-11-20T16:31:00Z',
  version: '0.1.0',
  platform: 'linux x64',
  age: 'current',
  readers: [],
  ...change,
})

/** Agents in each of the states. */
export const AGENTS: readonly AgentView[] = [
  agent('00AA11BB22CC33DD', 'Desk of the installation', {
    state: 'configured',
    isStation: true,
    isOnline: true,
    addedBy: null,
    addedAt: null,
    enrolledAt: null,
    lastSeenAt: null,
    platform: null,
    readers: [{ name: 'Omnikey 3121 00', card: null }],
  }),
  agent('agent-1', 'Badge office, left desk', {
    isStation: true,
    isOnline: true,
    readers: [
      { name: 'Omnikey 3121 00', card: { kind: 'yubikey', isBlocked: true } },
      { name: 'SCM SCR 3310 01', card: { kind: null, isBlocked: null } },
      { name: 'Alcor Micro AU9540 02', card: null },
    ],
  }),
  agent('agent-2', 'Laptop of Radiology, room 4', { age: 'older', version: '0.0.9' }),
  agent('agent-3', 'Laptop of the Pharmacy', { age: 'too-old', version: '0.0.2', platform: 'win32 x64' }),
  agent('agent-4', 'Reception', {
    state: 'waiting',
    keySha256: null,
    enrolledAt: null,
    codeExpiresAt: '2026-11-22T09:41:00Z',
    lastSeenAt: null,
    version: null,
    platform: null,
    age: null,
  }),
  agent('agent-5', 'Ward 7', {
    state: 'expired',
    keySha256: null,
    enrolledAt: null,
    codeExpiresAt: '2026-11-02T09:41:00Z',
    lastSeenAt: null,
    version: null,
    platform: null,
    age: null,
  }),
]
export const REVOKED = agent('agent-6', 'Laptop that was stolen', {
  state: 'revoked',
  revokedAt: '2026-11-03T07:20:00Z',
})

const CODE: AgentCode = { agentId: 'agent-9', code: '7K3MPQ0RA4TW9XVN', expiresAt: '2026-11-22T09:41:00Z' }

/** Answers what is asked about agents; undefined for anything else. */
export function respondAboutAgents(
  agents: readonly AgentView[],
  { method, path, query }: { method: string; path: string; query: URLSearchParams },
): Reply | undefined {
  if (path === '/api/agents' && method === 'POST') return { json: CODE, status: 201 }
  if (path === '/api/agents') {
    const isRevoked = query.get('show') === 'revoked'
    const search = (query.get('search') ?? '').toLowerCase()
    const chosen = agents.filter(
      ({ state, name }) => (state === 'revoked') === isRevoked && name.toLowerCase().startsWith(search),
    )
    return { json: { agents: chosen, next: null } }
  }
  if (!path.startsWith('/api/agents/')) return undefined
  if (method === 'POST') return { json: {} }
  const found = agents.find(({ id }) => path.endsWith(`/${id}`))
  return found ? { json: found } : { problem: 'not-found' }
}
