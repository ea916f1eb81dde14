import { type AnswerFourEyes, FourEyesAsked, FourEyesRequests, StatementToSign } from '@unlatch/contract'
import { callServer } from '../connection.ts'

/** Four eyes; all throw `ApiFailure`. */

const pathOf = (id: string, end = '') => `/api/four-eyes/${encodeURIComponent(id)}${end}`

export const askFourEyes = (verificationId: string, note: string) =>
  callServer({
    method: 'POST',
    path: `/api/verifications/${encodeURIComponent(verificationId)}/four-eyes`,
    body: { note },
    answer: FourEyesAsked,
  })

export const breakGlass = (verificationId: string, reason: string) =>
  callServer({
    method: 'POST',
    path: `/api/verifications/${encodeURIComponent(verificationId)}/broken-glass`,
    body: { reason },
  })

export const readRequests = (signal: AbortSignal) =>
  callServer({ method: 'GET', path: '/api/four-eyes', answer: FourEyesRequests, signal })

export const writeApprovalStatement = (id: string) =>
  callServer({ method: 'POST', path: pathOf(id, '/statement'), body: {}, answer: StatementToSign })

export const answerRequest = (id: string, signed: AnswerFourEyes['signed']) =>
  callServer({ method: 'POST', path: pathOf(id), body: { signed } })
