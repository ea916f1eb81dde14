import { Problem } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import { countReleases } from './unblocks.ts'

/** How much leaves for one card, and through one operator. */
export interface ReleaseLimits {
  readonly releasesPerCardAndDay: number
  readonly releasesPerOperatorAndHour: number
}

/**
 * @returns the number of the card's last release.
 * @throws Problem `release-limit-card`, `release-limit-operator`: the card or the operator has had enough.
 */
export async function countWithinLimits(
  tx: Tx,
  of: { card: { id: string }; actor: { id: string }; now: Date; settings: ReleaseLimits },
): Promise<number> {
  const { card, actor, now, settings } = of
  const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
  const since = { ofCard: ago(24), ofOperator: ago(1) }
  const { ofCard, ofOperator, last } = await countReleases(tx, { cardId: card.id, operatorId: actor.id }, since)
  if (ofCard >= settings.releasesPerCardAndDay) {
    throw new Problem('release-limit-card', { facts: { limit: settings.releasesPerCardAndDay } })
  }
  if (ofOperator >= settings.releasesPerOperatorAndHour) {
    throw new Problem('release-limit-operator', { facts: { limit: settings.releasesPerOperatorAndHour } })
  }
  return last
}
