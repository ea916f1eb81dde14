import { randomUUID } from 'node:crypto'
import { type AgentJob, OrderIssuance, Problem } from '@unlatch/contract'
import { lockCard } from '../../records/cards/cards.ts'
import { Fault, operation } from '../operation.ts'

/** An operator lets a station issue a registered card in one of its readers; the station then asks for the rounds itself. */
export const orderIssuance = operation({
  name: 'card.order-issuance',
  permission: 'card:register',
  input: OrderIssuance,
  subject: ({ cardId }) => `card:${cardId}`,
  async prepare({ agents }, { stationId, reader }) {
    const station = agents.online().find(({ id, isStation }) => id === stationId && isStation)
    if (!station?.readers.some(({ name, card }) => name === reader && card)) throw new Problem('agent-offline')
    return station
  },
  async run({ tx }, { cardId, reader }, _actor, station) {
    const card = await lockCard(tx, cardId)
    if (card.personalisation === null) throw new Fault('attempt-closed', { detail: 'this card is issued already' })
    const jobId = randomUUID()
    const job: AgentJob = { kind: 'issue', cardId, reader }
    return { claim: { stationId: station.id, jobId, job }, event: { cardId, station: station.name, reader } }
  },
  async release({ agents }, { stationId, jobId, job }) {
    agents.order(stationId, jobId, job)
    return { jobId }
  },
})
