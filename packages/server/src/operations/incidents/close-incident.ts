import { randomUUID } from 'node:crypto'
import { CloseIncident, type IncidentClosed, ROOT_OF_WAY } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { Actor } from '../../records/actors.ts'
import { applyMove } from '../../records/cards/apply-move.ts'
import { lockCard } from '../../records/cards/cards.ts'
import { findNextState } from '../../records/cards/moves.ts'
import { findClosingObstacle, needsHolder } from '../../records/incidents/closing.ts'
import {
  findIncident,
  hasOpenIncident,
  type Incident,
  lockIncident,
  updateIncident,
} from '../../records/incidents/incidents.ts'
import { endVerification, insertVerification, insertWay } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'

/**
 * Somebody other than the operator of that day closes an incident. A card that may serve again does so only once its holder was
 * seen in person: that is on record as a verification of its own. While another incident of the card is open, it stays suspended.
 *
 * @throws Problem `incident-over`, `incident-own`, `holder-not-seen`.
 */
export const closeIncident = operation({
  name: 'incident.close',
  permission: 'incident:handle',
  input: CloseIncident,
  subject: ({ incidentId }) => `incident:${incidentId}`,
  async run({ tx, now }, { incidentId, note, seen }, actor) {
    const found = await findIncident(tx, incidentId)
    if (!found) throw new Fault('not-found')
    const card = await lockCard(tx, found.card_id)
    const incident = await lockIncident(tx, incidentId)
    const obstacle = findClosingObstacle(incident, actor)
    if (obstacle) throw new Fault(obstacle)
    if (needsHolder(card.state) && seen === null) throw new Fault('holder-not-seen')
    const verificationId = seen ? await noteSeen(tx, incident, actor, seen.document, now) : null
    const isOther = card.person_id !== incident.person_id || (await hasOpenIncident(tx, card.id, incidentId))
    const wasServing = incident.suspended_from !== null
    const state = seen && wasServing && !isOther ? findNextState(card.state, 'resume', 'cleared') : undefined
    if (state) await applyMove(tx, card, state, now, actor.id)
    await updateIncident(tx, incidentId, {
      state: 'closed',
      closed_at: now.toISOString(),
      closed_by: actor.id,
      note,
      is_lifted: state ? 1 : 0,
      verification_id: verificationId,
    })
    const result: IncidentClosed = { isLifted: state !== undefined, cardState: state ?? card.state }
    const about = { incidentId, cardId: card.id, personId: incident.person_id, operatorId: incident.operator_id }
    const facts = { note, document: seen?.document ?? null, verificationId, from: card.state, to: result.cardState }
    return { result, event: { ...about, ...facts } }
  },
})

/** That the holder was seen in person, with a document, for this and nothing else. */
async function noteSeen(tx: Tx, incident: Incident, actor: Actor, document: string, now: Date): Promise<string> {
  const id = randomUUID()
  const at = now.toISOString()
  await insertVerification(tx, {
    id,
    operator_id: actor.id,
    card_id: incident.card_id,
    person_id: incident.person_id,
    procedure: 'incident',
    opened_at: at,
  })
  await insertWay(tx, {
    id: randomUUID(),
    verification_id: id,
    person_id: incident.person_id,
    way: 'in-person',
    root: ROOT_OF_WAY['in-person'],
    state: 'met',
    asked_at: at,
    met_at: at,
    sent_to: null,
    code_mac: null,
    tries: 0,
    evidence: JSON.stringify({ document }),
    approver_id: null,
  })
  await endVerification(tx, id, now)
  return id
}
