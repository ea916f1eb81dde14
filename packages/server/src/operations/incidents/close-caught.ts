import { CloseCaught } from '@unlatch/contract'
import { closeCaughtRow, findCaughtObstacle, lockCaught } from '../../records/incidents/caught.ts'
import { Fault, operation } from '../operation.ts'

/**
 * Somebody who had no part in it closes an incident that the server caught, and says what was found. Nothing about the card
 * changes: what the refusal stopped is begun anew.
 *
 * @throws Problem `incident-over`, `incident-own`.
 */
export const closeCaught = operation({
  name: 'incident.close-caught',
  permission: 'incident:handle',
  input: CloseCaught,
  subject: ({ incidentId }) => `incident:${incidentId}`,
  async run({ tx, now }, { incidentId, note }, actor) {
    const incident = await lockCaught(tx, incidentId)
    const obstacle = findCaughtObstacle(incident, actor)
    if (obstacle) throw new Fault(obstacle)
    await closeCaughtRow(tx, incidentId, { at: now, by: actor.id, note })
    const { kind, card_id: cardId, person_id: personId, occurrences: count } = incident
    return { result: {}, event: { incidentId, kind, cardId, personId, count, note } }
  },
})
