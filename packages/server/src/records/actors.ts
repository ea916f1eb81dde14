import type { Permission, ProblemCode } from '@unlatch/contract'

/** Who performs an operation, and what he may do. */
export interface Actor {
  readonly kind: 'operator' | 'agent' | 'anybody' | 'system'
  readonly id: string
  readonly name: string
  /** What an operator signs in with; empty for others. */
  readonly userName: string
  readonly permissions: ReadonlySet<Permission>
  /** The operator's session, as the database knows it; empty for others. */
  readonly sessionId: string
  /** SHA-256 of an agent's public key, upper-case hexadecimal; absent for others. */
  readonly keySha256?: string
}

/** The server itself, at its first start. */
export const SYSTEM: Actor = {
  kind: 'system',
  id: '',
  name: 'Unlatch',
  userName: '',
  permissions: new Set(['person:write', 'operator:write', 'restore:accept', 'server:start', 'delivery:carry-out']),
  sessionId: '',
}

/** Somebody who has not said who he is. */
export const ANYBODY: Actor = { kind: 'anybody', id: '', name: '', userName: '', permissions: new Set(), sessionId: '' }

/** An agent that an administrator enrolled as a station: it alone is given what no card protects. */
export const isStation = ({ permissions }: Pick<Actor, 'permissions'>): boolean => permissions.has('card:rotate')

/** What is demanded of an actor: a permission, to be any operator (for his own account), or nothing. */
export type Demand = Permission | 'signed-in' | 'anybody'

/** Why an actor may not pass; undefined when he may. */
export function findRefusal(demand: Demand, actor: Actor): ProblemCode | undefined {
  if (demand === 'anybody') return undefined
  const mayPass = demand === 'signed-in' ? actor.kind === 'operator' : actor.permissions.has(demand)
  if (mayPass) return undefined
  return actor.kind === 'agent' ? 'station-only' : 'not-permitted'
}
