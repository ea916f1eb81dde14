import {
  type AddPerson,
  ChallengeVerdict,
  Cryptogram,
  IssuanceOrdered,
  PeopleFound,
  PersonAdded,
  PersonalisationRound,
  PersonDetails,
  type RegisterCard,
  Registration,
  Registrations,
  ServerStatus,
  Session,
  type SignedStatement,
  StatementToSign,
  Stations,
  TryApproved,
  Unblock,
  UnblockOutcomeView,
} from '@unlatch/contract'
import { callServer } from './connection.ts'

/** The server's API, one function for each call; all throw `ApiFailure`. */

const at = (strings: TemplateStringsArray, ...ids: string[]) =>
  String.raw({ raw: strings }, ...ids.map(encodeURIComponent))

export const readStatus = () => callServer({ method: 'GET', path: '/api/status', answer: ServerStatus })

export const readSession = () => callServer({ method: 'GET', path: '/api/session', answer: Session })

export const signIn = (body: { userName: string; password: string }) =>
  callServer({ method: 'POST', path: '/api/session', body, answer: Session })

export const signOut = () => callServer({ method: 'DELETE', path: '/api/session' })

/** How many people a search answers with at most. */
const FOUND_AT_MOST = '20'

export const findPeople = (search: string, signal: AbortSignal) =>
  callServer({
    method: 'GET',
    path: at`/api/people?search=${search}&limit=${FOUND_AT_MOST}`,
    answer: PeopleFound,
    signal,
  })

export const readPerson = (id: string, signal: AbortSignal) =>
  callServer({ method: 'GET', path: at`/api/people/${id}`, answer: PersonDetails, signal })

export const openUnblock = (cardId: string) =>
  callServer({ method: 'POST', path: '/api/unblocks', body: { cardId }, answer: Unblock })

export const checkChallenge = (unblockId: string, challenge: string, signal: AbortSignal) =>
  callServer({
    method: 'POST',
    path: at`/api/unblocks/${unblockId}/challenge-check`,
    body: { challenge },
    answer: ChallengeVerdict,
    signal,
  })

export const addPerson = (body: AddPerson) =>
  callServer({ method: 'POST', path: '/api/people', body, answer: PersonAdded })

export const readStations = (signal: AbortSignal) =>
  callServer({ method: 'GET', path: '/api/stations', answer: Stations, signal })

export const readRegistrations = (signal: AbortSignal) =>
  callServer({ method: 'GET', path: '/api/registrations', answer: Registrations, signal })

export const readRegistration = (cardId: string, signal: AbortSignal) =>
  callServer({ method: 'GET', path: at`/api/registrations/${cardId}`, answer: Registration, signal })

export const registerCard = (body: RegisterCard) =>
  callServer({ method: 'POST', path: '/api/registrations', body, answer: PersonalisationRound })

export const orderIssuance = (cardId: string, body: { stationId: string; reader: string }) =>
  callServer({ method: 'POST', path: at`/api/registrations/${cardId}/issuance`, body, answer: IssuanceOrdered })

/** What a release needs, beside the attempt. */
export interface Release {
  readonly challenge: string
  /** One for each challenge: a repeated request then gets the same answer. */
  readonly idempotencyKey: string
  readonly bare?: { readonly challengeAgain: string; readonly serialEnd: string }
  readonly signed: SignedStatement
}

/** What is to be signed before a release. */
export const writeOfflineStatement = (unblockId: string, body: Pick<Release, 'challenge'>) =>
  callServer({ method: 'POST', path: at`/api/unblocks/${unblockId}/statement`, body, answer: StatementToSign })

export const releaseCryptogram = (unblockId: string, body: Release) =>
  callServer({ method: 'POST', path: at`/api/unblocks/${unblockId}/cryptogram`, body, answer: Cryptogram })

/** How the outcome comes back. */
export type Closing = { readonly receipt: string } | { readonly told: 'unblocked' | 'refused' | 'unknown' }

/** The same for the last cryptogram of a card, whoever gave it. */
export const closeOpenOutcome = (cardId: string, body: Closing) =>
  callServer({ method: 'POST', path: at`/api/cards/${cardId}/outcome`, body, answer: UnblockOutcomeView })

export const approveTry = (cardId: string) =>
  callServer({ method: 'POST', path: at`/api/cards/${cardId}/try-approval`, body: {}, answer: TryApproved })

export const confirmUnblock = (unblockId: string, body: Closing) =>
  callServer({ method: 'POST', path: at`/api/unblocks/${unblockId}/outcome`, body, answer: UnblockOutcomeView })
