import { AGENT_PROTOCOL, type AgentsFound, AgentsQuery, type AgentView, Problem } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Agents, OnlineAgent } from '../../ports/agents.ts'
import { foldWord, PREFIX_END } from '../people/people.ts'
import { view } from '../view.ts'
import { type ConfiguredAgent, hashAgentKey, type StoredAgent } from './agents.ts'

export { hashAgentKey } from './agents.ts'

/** Agents on one page of the list. */
const PAGE = 100

/** What a signature is judged by. */
export interface KnownAgent {
  readonly id: string
  readonly name: string
  readonly isStation: boolean
  readonly isRevoked: boolean
}

const byKey = prepared((db, { publicKeyHex }: { publicKeyHex: string }) =>
  db.selectFrom('agents').select(['id', 'name', 'is_station', 'revoked_at']).where('public_key', '=', publicKeyHex),
)

/** The agent with this key, also one that was revoked. It is asked at each request of an agent. */
export async function findAgentByKey(db: Db, publicKeyHex: string): Promise<KnownAgent | undefined> {
  const { rows } = await byKey(db, { publicKeyHex })
  const [row] = rows
  if (!row) return undefined
  return { id: row.id, name: row.name, isStation: row.is_station === 1, isRevoked: row.revoked_at !== null }
}

/** By what an agent of the configuration file is called in records. */
export const idOfConfigured = ({ publicKeyHex }: ConfiguredAgent): string => publicKeyHex.slice(0, 16)

/** Agents, a page at a time: those that are there by name, or those that were revoked. */
export const agentList = (agents: Agents, configured: readonly ConfiguredAgent[]) =>
  view({
    name: 'agents.list',
    permission: 'agent:read',
    query: AgentsQuery,
    async read({ db, now }, { show, search, after }): Promise<AgentsFound> {
      const rows = show === 'present' ? await findPresent(db, search, after) : await findRevoked(db, after)
      const page = rows.slice(0, PAGE)
      const last = page.at(-1)
      const found = await viewsOf(db, agents, page, now)
      const isFirstOfPresent = show === 'present' && after === ''
      const ours = isFirstOfPresent ? configured.filter(({ name }) => foldWord(name).startsWith(foldWord(search))) : []
      return {
        agents: [...ours.map((agent) => viewOfConfigured(agents, agent)), ...found],
        next: last && rows.length > PAGE ? cursorOf(last) : null,
      }
    },
  })

/** One agent, with what it sees now. */
export const agentDetails = (agents: Agents, configured: readonly ConfiguredAgent[]) =>
  view({
    name: 'agents.details',
    permission: 'agent:read',
    query: z.object({ agentId: z.string().check(z.maxLength(64)) }),
    async read({ db, now }, { agentId }): Promise<AgentView> {
      const row = await db.selectFrom('agents').selectAll().where('id', '=', agentId).executeTakeFirst()
      const [stored] = row ? await viewsOf(db, agents, [row], now) : []
      const ours = configured.find((agent) => idOfConfigured(agent) === agentId)
      const found = stored ?? (ours && viewOfConfigured(agents, ours))
      if (!found) throw new Problem('not-found', { detail: 'no such agent' })
      return found
    },
  })

/** `revoked_at`, a space, `id`; or the folded name, which no two agents that are there share. */
const cursorOf = ({ revoked_at, id, search_name }: StoredAgent) =>
  revoked_at === null ? search_name : `${revoked_at} ${id}`

function findPresent(db: Db, search: string, after: string): Promise<StoredAgent[]> {
  const prefix = foldWord(search)
  const first = db
    .selectFrom('agents')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where('search_name', '>=', prefix)
    .where('search_name', '<', prefix + PREFIX_END)
    .orderBy('search_name')
    .limit(PAGE + 1)
  return (after === '' ? first : first.where('search_name', '>', after)).execute()
}

function findRevoked(db: Db, after: string): Promise<StoredAgent[]> {
  const [revokedAt = '', id = ''] = after === '' ? [PREFIX_END, ''] : after.split(' ')
  return db
    .selectFrom('agents')
    .selectAll()
    .where('revoked_at', 'is not', null)
    .where('revoked_at', '<=', revokedAt)
    .where((e) => e.or([e('revoked_at', '<', revokedAt), e('id', '<', id)]))
    .orderBy('revoked_at', 'desc')
    .orderBy('id', 'desc')
    .limit(PAGE + 1)
    .execute()
}

async function viewsOf(db: Db, agents: Agents, rows: readonly StoredAgent[], now: Date): Promise<AgentView[]> {
  if (rows.length === 0) return []
  const ids = [...new Set(rows.map(({ added_by }) => added_by))]
  const names = await db.selectFrom('operators').select(['id', 'name']).where('id', 'in', ids).execute()
  const online = new Map(agents.online().map((agent) => [agent.id, agent]))
  return rows.map((row) => {
    const there = online.get(row.id)
    return {
      id: row.id,
      name: row.name,
      isStation: row.is_station === 1,
      state: stateOf(row, now),
      isOnline: there !== undefined,
      keySha256: row.public_key === null ? null : hashAgentKey(row.public_key),
      addedBy: names.find(({ id }) => id === row.added_by)?.name ?? null,
      addedAt: row.added_at,
      codeExpiresAt: row.public_key === null ? row.code_expires_at : null,
      enrolledAt: row.enrolled_at,
      revokedAt: row.revoked_at,
      lastSeenAt: row.last_seen_at,
      version: row.version,
      platform: row.platform,
      age: ageOf(row.protocol),
      readers: readersOf(there),
    }
  })
}

function viewOfConfigured(agents: Agents, agent: ConfiguredAgent): AgentView {
  const there = agents.online().find(({ id }) => id === idOfConfigured(agent))
  return {
    id: idOfConfigured(agent),
    name: agent.name,
    isStation: agent.isStation,
    state: 'configured',
    isOnline: there !== undefined,
    keySha256: hashAgentKey(agent.publicKeyHex),
    addedBy: null,
    addedAt: null,
    codeExpiresAt: null,
    enrolledAt: null,
    revokedAt: null,
    lastSeenAt: null,
    version: there?.version ?? null,
    platform: null,
    age: ageOf(there?.protocol ?? null),
    readers: readersOf(there),
  }
}

function stateOf(row: StoredAgent, now: Date): AgentView['state'] {
  if (row.revoked_at !== null) return 'revoked'
  if (row.public_key !== null) return 'enrolled'
  return row.code_expires_at > now.toISOString() ? 'waiting' : 'expired'
}

function ageOf(protocol: number | null): AgentView['age'] {
  if (protocol === null) return null
  if (protocol < AGENT_PROTOCOL.oldest) return 'too-old'
  return protocol < AGENT_PROTOCOL.newest ? 'older' : 'current'
}

const readersOf = (agent: OnlineAgent | undefined): AgentView['readers'] =>
  (agent?.readers ?? []).map(({ name, card }) => ({
    name,
    card: card && { kind: card.kind, isBlocked: card.isBlocked },
  }))
