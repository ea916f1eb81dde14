import { type DeskLimits, Problem } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import { readDeskSettings } from '../desk/desk-settings.ts'
import { countReleases } from './unblocks.ts'

/** How much leaves: for one card, through one operator, for one person; as the configuration says. */
export interface ReleaseLimits {
  readonly releasesPerCardAndDay: number
  readonly releasesPerOperatorAndHour: number
  readonly releasesPerPersonAndDay: number
  /** For so many people an operator releases within ten minutes. */
  readonly personsPerOperatorInTenMinutes: number
  /** So many cryptograms of an operator may have no outcome, of the last day. */
  readonly outstandingPerOperator: number
}

/** The limits that hold: what the desk says, and where it says nothing the configuration. */
function limitsOf(configured: ReleaseLimits, desk: DeskLimits): ReleaseLimits {
  const said = Object.entries(desk).filter(([, limit]) => limit !== null)
  return { ...configured, ...Object.fromEntries(said) }
}

/**
 * @returns the number of the card's last release.
 * @throws Problem `release-limit-…`: the card, the person or the operator has had enough.
 */
export async function countWithinLimits(
  tx: Tx,
  of: { card: { id: string; person_id: string }; actor: { id: string }; now: Date; settings: ReleaseLimits },
): Promise<number> {
  const { card, actor, now, settings } = of
  const limits = limitsOf(settings, (await readDeskSettings(tx)).settings.limits)
  const counted = await countReleases(tx, { cardId: card.id, personId: card.person_id, operatorId: actor.id }, now)
  const expectFewer = (count: number, limit: number, code: Parameters<typeof refuse>[0]) => {
    if (count >= limit) refuse(code, limit)
  }
  expectFewer(counted.ofCard, limits.releasesPerCardAndDay, 'release-limit-card')
  expectFewer(counted.ofOperator, limits.releasesPerOperatorAndHour, 'release-limit-operator')
  expectFewer(counted.ofPerson, limits.releasesPerPersonAndDay, 'release-limit-person')
  expectFewer(counted.others, limits.personsPerOperatorInTenMinutes, 'release-limit-persons')
  expectFewer(counted.outstanding, limits.outstandingPerOperator, 'release-limit-outstanding')
  return counted.last
}

function refuse(
  code: `release-limit-${'card' | 'operator' | 'person' | 'persons' | 'outstanding'}`,
  limit: number,
): never {
  throw new Problem(code, { facts: { limit } })
}
