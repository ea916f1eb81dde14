import type { Root, SelfServiceDemand, SelfServiceWay } from '@unlatch/contract'

/**
 * When a holder who unblocks his card himself has shown that it is he. Pure: rows are elsewhere.
 *
 * @see [security.md, Self-service]
 */

/** A ticket of self-service is good for so long after its last way was met. */
export const TICKET_MS = 2 * 60_000
/** Wrong tries are counted for so long. */
export const WRONG_WINDOW_MS = 30 * 60_000
/** Wrong tries of a way with one card in that time. A directory locks accounts after a few wrong passwords: it is asked twice. */
export const WRONG_TRIES: Record<SelfServiceWay, number> = {
  domain: 2,
  'one-time-password': 5,
  'unblock-code': 5,
  'identity-provider': 5,
  passkey: 5,
}

/** A way, as far as it matters here. */
export interface MetSelfServiceWay {
  readonly way: SelfServiceWay
  readonly root: Root
  readonly metAt: string
}

/** The ways by which a demand is met, one for each root, and when the last one was; undefined while it is not. */
export function findMetWays(
  { count, ways }: Pick<SelfServiceDemand, 'count' | 'ways'>,
  met: readonly MetSelfServiceWay[],
): { ways: SelfServiceWay[]; metAt: string } | undefined {
  const byRoot = new Map<Root, MetSelfServiceWay>()
  for (const one of met) if (ways.includes(one.way)) byRoot.set(one.root, one)
  const chosen = [...byRoot.values()].sort((a, b) => (a.metAt < b.metAt ? 1 : -1)).slice(0, count)
  const last = chosen[0]
  if (!last || chosen.length < count) return undefined
  return { ways: chosen.map(({ way }) => way).sort(), metAt: last.metAt }
}
