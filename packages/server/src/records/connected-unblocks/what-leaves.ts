import { Problem } from '@unlatch/contract'
import { writeCandidate } from '../puk-records/puk-records.ts'
import { type ConnectedWay, triesAtRiskOf } from './judge-card.ts'

/**
 * Which secret it is that unblocks a card in a reader, and what it may cost the card.
 *
 * @throws Problem `card-cannot-be-saved`.
 */
export function whatLeaves(judged: ConnectedWay): { generation: string; triesAtRisk: number } {
  if (judged.way === 'mutual') {
    return { generation: judged.adminKey.generation, triesAtRisk: triesAtRiskOf(judged.adminKey) }
  }
  const [likeliest, ...others] = judged.puk.record.candidates
  if (likeliest === undefined) throw new Problem('card-cannot-be-saved')
  return { generation: writeCandidate(likeliest), triesAtRisk: others.length > 0 ? 1 : 0 }
}
