import {
  AskedUnblock,
  type AskUnblock,
  ConnectedReaders,
  ConnectedUnblock,
  type SignedStatement,
  StatementToSign,
} from '@unlatch/contract'
import { callServer } from '../connection.ts'

/** Cards in readers, and their unblock; all throw `ApiFailure`. */

const pathOf = (id: string, step = '') => `/api/connected-unblocks/${encodeURIComponent(id)}${step}`

export const readConnectedReaders = (signal: AbortSignal) =>
  callServer({ method: 'GET', path: '/api/connected-readers', answer: ConnectedReaders, signal })

export const askUnblock = (body: AskUnblock) =>
  callServer({ method: 'POST', path: '/api/connected-unblocks', body, answer: AskedUnblock })

export const readUnblock = (id: string, signal: AbortSignal) =>
  callServer({ method: 'GET', path: pathOf(id), answer: ConnectedUnblock, signal })

export const writeStatement = (id: string) =>
  callServer({ method: 'POST', path: pathOf(id, '/statement'), body: {}, answer: StatementToSign })

export const signStatement = (id: string, body: SignedStatement) =>
  callServer({ method: 'POST', path: pathOf(id, '/signature'), body })

export const cancelUnblock = (id: string) => callServer({ method: 'POST', path: pathOf(id, '/cancellation'), body: {} })
