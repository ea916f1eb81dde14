import type { Permission } from '@unlatch/contract'

/** Who performs an operation, and what he may do. */
export interface Actor {
  readonly kind: 'operator' | 'agent' | 'anybody' | 'system'
  readonly id: string
  readonly name: string
  /** What an operator signs in with; empty for others. */
  readonly userName: string
  readonly permissions: ReadonlySet<Permission>
  /** The operator's session; empty for others. */
  readonly sessionId: string
}

/** The server itself, at its first start. */
export const SYSTEM: Actor = {
  kind: 'system',
  id: '',
  name: 'Unlatch',
  userName: '',
  permissions: new Set(['person:write', 'operator:write', 'restore:accept', 'server:start']),
  sessionId: '',
}

/** Somebody who has not said who he is. */
export const ANYBODY: Actor = { kind: 'anybody', id: '', name: '', userName: '', permissions: new Set(), sessionId: '' }
