import type { Permission } from '@unlatch/contract'

/** Who performs an operation, and what he may do. */
export interface Actor {
  readonly kind: 'operator' | 'agent' | 'anybody' | 'system'
  readonly id: string
  readonly name: string
  readonly permissions: ReadonlySet<Permission>
  /** The operator's session; empty for others. */
  readonly sessionId: string
}

/** Somebody who has not said who he is. */
export const ANYBODY: Actor = { kind: 'anybody', id: '', name: '', permissions: new Set(), sessionId: '' }
