import {
  CaughtView,
  type CloseCaught,
  type CloseIncident,
  Deeds,
  IncidentClosed,
  Incidents,
  IncidentView,
  Notices,
} from '@unlatch/contract'
import { callServer } from './connection.ts'

/** What cardholders are told, and incidents; all throw `ApiFailure`. */

const at = (strings: TemplateStringsArray, ...ids: string[]) =>
  String.raw({ raw: strings }, ...ids.map(encodeURIComponent))

export const readNotices = (cardId: string, signal: AbortSignal) =>
  callServer({ method: 'GET', path: at`/api/cards/${cardId}/notices`, answer: Notices, signal })

export const retryNotice = (noticeId: string) =>
  callServer({ method: 'POST', path: at`/api/notices/${noticeId}/retry`, body: {} })

export const readIncidents = (wish: { state: 'open' | 'closed'; after: string | undefined }, signal: AbortSignal) => {
  const page = wish.after === undefined ? '' : at`&after=${wish.after}`
  return callServer({ method: 'GET', path: `/api/incidents?state=${wish.state}${page}`, answer: Incidents, signal })
}

export const readIncident = (id: string, signal: AbortSignal) =>
  callServer({ method: 'GET', path: at`/api/incidents/${id}`, answer: IncidentView, signal })

export const readDeeds = (id: string, after: string | undefined, signal: AbortSignal) => {
  const page = after === undefined ? '' : at`?after=${after}`
  return callServer({ method: 'GET', path: at`/api/incidents/${id}/deeds` + page, answer: Deeds, signal })
}

export const closeIncident = ({ incidentId, ...body }: CloseIncident) =>
  callServer({ method: 'POST', path: at`/api/incidents/${incidentId}/closing`, body, answer: IncidentClosed })

export const readCaught = (id: string, signal: AbortSignal) =>
  callServer({ method: 'GET', path: at`/api/caught-incidents/${id}`, answer: CaughtView, signal })

export const closeCaught = ({ incidentId, ...body }: CloseCaught) =>
  callServer({ method: 'POST', path: at`/api/caught-incidents/${incidentId}/closing`, body })
