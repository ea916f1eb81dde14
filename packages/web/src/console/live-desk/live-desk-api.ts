import { Colleagues, DeskNumbers, LiveDesk, ResumedAttempt } from '@unlatch/contract'
import { callServer } from '../connection.ts'

/** What is open at the desk, and the desk in numbers; all throw `ApiFailure`. */

const pathOf = (attemptId: string, step: string) => `/api/live-desk/${encodeURIComponent(attemptId)}/${step}`

export const readLiveDesk = (after: string | undefined, signal: AbortSignal) =>
  callServer({
    method: 'GET',
    path: `/api/live-desk${after === undefined ? '' : `?${new URLSearchParams({ after })}`}`,
    answer: LiveDesk,
    signal,
  })

/** The operator's own attempt about a card; the server knows which. */
export const readAttempt = (cardId: string) =>
  callServer({ method: 'GET', path: `/api/cards/${encodeURIComponent(cardId)}/attempt`, answer: ResumedAttempt })

export const readColleagues = (signal: AbortSignal) =>
  callServer({ method: 'GET', path: '/api/live-desk/colleagues', answer: Colleagues, signal })

export const handOver = (attemptId: string, body: { operatorId: string; reason: string }) =>
  callServer({ method: 'POST', path: pathOf(attemptId, 'hand-over'), body })

export const takeOver = (attemptId: string) =>
  callServer({ method: 'POST', path: pathOf(attemptId, 'take-over'), body: {} })

export const endAttempt = (attemptId: string) =>
  callServer({ method: 'POST', path: pathOf(attemptId, 'end'), body: {} })

export const readNumbers = (days: number, signal: AbortSignal) =>
  callServer({ method: 'GET', path: `/api/desk-numbers?days=${days}`, answer: DeskNumbers, signal })

export const numbersFileAddress = (days: number) => `/api/desk-numbers-file?days=${days}`
