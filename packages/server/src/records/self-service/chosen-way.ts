import { Problem, type SelfServiceDemand, type SelfServiceWay } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { Card } from '../cards/cards.ts'
import { isProved, lockConnected } from '../connected-unblocks/connected-unblocks.ts'
import { countTriesLeft, findSelfServiceDemand } from './ways.ts'

/** A way that a holder chose, in an attempt of his own. */
interface Chosen {
  readonly unblockId: string
  readonly way: SelfServiceWay
  /** Who asks: the attempt is at this agent, or nowhere. */
  readonly agentId: string
  readonly now: Date
}

/**
 * The attempt's card, held until the transaction ends, and what its template demands.
 *
 * @throws Problem `not-found`; `attempt-closed` where the card has not proved itself, or the attempt is over;
 *   `verification-not-admitted` for a way that the template does not know.
 */
export async function lockChosenWay(
  tx: Tx,
  { unblockId, way, agentId, now }: Chosen,
): Promise<{ card: Card; demand: SelfServiceDemand }> {
  const { connected, card, isClosed } = await lockConnected(tx, unblockId, { agentId })
  if (!isProved({ connected, isClosed }, now)) throw new Problem('attempt-closed')
  const demand = await findSelfServiceDemand(tx, card)
  if (!demand.ways.includes(way)) throw new Problem('verification-not-admitted')
  return { card, demand }
}

/**
 * How many tries of a way the card has left, this one among them.
 *
 * @throws Problem `self-service-tries` when it has none.
 */
export async function expectTries(tx: Tx, { id }: Card, way: SelfServiceWay, now: Date): Promise<number> {
  const left = await countTriesLeft(tx, { cardId: id, way, now })
  if (left === 0) throw new Problem('self-service-tries')
  return left
}
