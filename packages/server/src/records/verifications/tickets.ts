import {
  DEFAULT_DEMAND,
  type Root,
  rootsOf,
  type VerificationDemand,
  type VerificationWay,
  type VerifiedProcedure,
} from '@unlatch/contract'

/**
 * When a verification is a ticket. Pure: rows are elsewhere.
 *
 * @see [security.md, Tickets and limits]
 */

/** So long a way counts after it was met. */
export const FRESH_MS = 15 * 60_000
/** So long a person may take for an answer. */
export const ANSWER_MS = 10 * 60_000
/** Releases of one ticket: a challenge that was misheard, a card that was pulled. */
export const TICKET_USES = 3
/** A code may be wrong so often. */
export const CODE_TRIES = 5

/** A way, as far as it matters here. */
export interface MetWay {
  readonly way: VerificationWay
  readonly root: Root
  readonly metAt: string
}

/** What is demanded of a caller about a card with this template, or without one. */
export const demandOf = (document: { readonly verification: VerificationDemand } | undefined): VerificationDemand =>
  document?.verification ?? DEFAULT_DEMAND

/** The same while the threat level is raised: two roots, by all ways where those of the card rest on one alone. */
export const raised = ({ ways }: VerificationDemand): VerificationDemand => ({
  count: 2,
  ways: rootsOf(ways).size < 2 ? DEFAULT_DEMAND.ways : ways,
})

/** True for a way that the demand admits. */
export const isAdmitted = (demand: VerificationDemand, way: VerificationWay): boolean => demand.ways.includes(way)

/** True while a way counts. */
export const isFresh = ({ metAt }: Pick<MetWay, 'metAt'>, now: Date): boolean =>
  metAt > new Date(now.getTime() - FRESH_MS).toISOString()

/**
 * The ways by which a demand is met now, one for each root, the freshest; and until when. Undefined while it is not met.
 */
export function findMet(
  demand: VerificationDemand,
  met: readonly MetWay[],
  now: Date,
): { ways: VerificationWay[]; notAfter: string } | undefined {
  const freshest = new Map<Root, MetWay>()
  for (const way of met) {
    if (!isFresh(way, now) || !isAdmitted(demand, way.way)) continue
    const other = freshest.get(way.root)
    if (!other || other.metAt < way.metAt) freshest.set(way.root, way)
  }
  const chosen = [...freshest.values()].sort((a, b) => (a.metAt < b.metAt ? 1 : -1)).slice(0, demand.count)
  const last = chosen.at(-1)
  if (!last || chosen.length < demand.count) return undefined
  return {
    ways: chosen.map(({ way }) => way).sort(),
    notAfter: new Date(Date.parse(last.metAt) + FRESH_MS).toISOString(),
  }
}

/** For what a ticket is good. */
export interface TicketUse {
  readonly operatorId: string
  readonly cardId: string
  readonly personId: string
  readonly procedure: VerifiedProcedure
}
