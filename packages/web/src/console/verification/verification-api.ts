import {
  type AttestWay,
  type BeginWay,
  VerificationOpened,
  VerificationView,
  type VerifiedProcedure,
  WayBegun,
} from '@unlatch/contract'
import { callServer } from '../connection.ts'

/** How a caller proves to be a card's holder; all throw `ApiFailure`. */

const pathOf = (id: string, step: string) => `/api/verifications/${encodeURIComponent(id)}/${step}`

export const readVerification = (cardId: string, procedure: VerifiedProcedure, signal: AbortSignal) =>
  callServer({
    method: 'GET',
    path: `/api/cards/${encodeURIComponent(cardId)}/verification?procedure=${procedure}`,
    answer: VerificationView,
    signal,
  })

export const openVerification = (cardId: string, procedure: VerifiedProcedure) =>
  callServer({ method: 'POST', path: '/api/verifications', body: { cardId, procedure }, answer: VerificationOpened })

/** A wish without the verification that it is about. */
type Without<T> = T extends unknown ? Omit<T, 'verificationId'> : never
export type WayWish = Without<BeginWay>
export type Sighting = Without<AttestWay>

export const beginWay = (id: string, body: WayWish) =>
  callServer({ method: 'POST', path: pathOf(id, 'ways'), body, answer: WayBegun })

export const attestWay = (id: string, body: Sighting) =>
  callServer({ method: 'POST', path: pathOf(id, 'sightings'), body })

export const answerWay = (id: string, wayId: string, said: string) =>
  callServer({ method: 'POST', path: pathOf(id, `ways/${encodeURIComponent(wayId)}/answer`), body: { said } })
