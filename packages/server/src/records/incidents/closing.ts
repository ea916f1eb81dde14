import type { ProblemCode } from '@unlatch/contract'
import type { Actor } from '../actors.ts'
import type { Incident } from './incidents.ts'

/** States from which a card serves nobody any more: nothing is to be lifted. */
const OUT_OF_USE: readonly string[] = ['revoked', 'retired']

/** True where an incident is closed only by somebody who saw the holder. */
export const needsHolder = (cardState: string): boolean => !OUT_OF_USE.includes(cardState)

/** Why an operator cannot close an incident; undefined when he may. */
export function findClosingObstacle(
  incident: Pick<Incident, 'state' | 'operator_id'>,
  actor: Pick<Actor, 'id' | 'permissions'>,
): ProblemCode | undefined {
  if (incident.state !== 'open') return 'incident-over'
  if (!actor.permissions.has('incident:handle')) return 'not-permitted'
  return incident.operator_id === actor.id ? 'incident-own' : undefined
}
