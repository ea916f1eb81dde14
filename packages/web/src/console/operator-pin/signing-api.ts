import { type AddOperatorCard, type AskSigning, type BeginOperatorCard, Signing, SigningAsked } from '@unlatch/contract'
import { callServer } from '../connection.ts'

/** Operator cards, and what they sign; all throw `ApiFailure`. */

export const askSigning = (body: AskSigning) =>
  callServer({ method: 'POST', path: '/api/signings', body, answer: SigningAsked })

export const readSigning = (id: string, signal: AbortSignal) =>
  callServer({ method: 'GET', path: `/api/signings/${encodeURIComponent(id)}`, answer: Signing, signal })

/** Nobody waits for it any more: the agent asks for no PIN. */
export const cancelSigning = (id: string) =>
  callServer({ method: 'POST', path: `/api/signings/${encodeURIComponent(id)}/cancellation`, body: {} })

export const beginOperatorCard = (body: BeginOperatorCard) =>
  callServer({ method: 'POST', path: '/api/account/operator-card-signing', body, answer: SigningAsked })

export const addOperatorCard = (body: AddOperatorCard) =>
  callServer({ method: 'POST', path: '/api/account/operator-cards', body })

export const removeOperatorCard = (operatorCardId: string) =>
  callServer({ method: 'POST', path: '/api/account/operator-card-removal', body: { operatorCardId } })
