import type { SessionView } from '@unlatch/contract'
import type { SessionRow } from './sessions.ts'

/** A session as its operator sees it. */
export const viewOfSession = (session: SessionRow, actorSessionId: string): SessionView => ({
  id: session.id,
  createdAt: session.created_at,
  lastSeenAt: session.last_seen_at,
  expiresAt: session.expires_at,
  address: session.address,
  userAgent: session.user_agent,
  isThisOne: session.id === actorSessionId,
})
