import { randomUUID } from 'node:crypto'

/** One agent works on a card at a time: who, in which attempt, and until when it is taken for alive. */
export interface Lease {
  readonly attempt: string
  readonly agent: string
  readonly until: string
}

/** Longer than any honest step of a station takes. */
const LEASE_MS = 2 * 60_000

export const takeLease = (agent: string, now: Date, attempt: string = randomUUID()): Lease => {
  return { attempt, agent, until: new Date(now.getTime() + LEASE_MS).toISOString() }
}

/** True while somebody works on the card. A lease from a time that never came (the clock was set back) is over. */
export function isAlive(lease: Lease | undefined, now: Date): lease is Lease {
  if (!lease) return false
  const left = Date.parse(lease.until) - now.getTime()
  return left > 0 && left <= LEASE_MS
}

/** True while another agent than this one works on the card. */
export const isHeldByOther = (lease: Lease | undefined, agent: string, now: Date): lease is Lease =>
  isAlive(lease, now) && lease.agent !== agent
