import { Paired, ScreenState } from '@unlatch/contract'
import { ApiFailure, callApi } from '../shared/call-api.ts'

/**
 * The page's own connection to the agent on this computer. The token of the address is exchanged once for a bearer value, which
 * lives as long as this tab. No cookie: one of 127.0.0.1 would go to every port.
 */

const BEARER = 'unlatch.bearer'

/** The token that opened this page, taken out of the address; undefined when there was none. */
export function takeToken(): string | undefined {
  const token = location.hash.replace(/^#/, '')
  if (token === '') return undefined
  history.replaceState(null, '', location.pathname)
  return token
}

/** True when this tab was connected before (a reload). */
export const isPaired = (): boolean => sessionStorage.getItem(BEARER) !== null

/** Exchanges a token, or a pairing code that somebody typed, for the bearer value. */
export async function pair(token: string): Promise<void> {
  sessionStorage.removeItem(BEARER)
  const { bearer } = await callApi({ method: 'POST', path: '/pair', body: { token }, answer: Paired })
  sessionStorage.setItem(BEARER, bearer)
}

/** Waits for a state newer than `after`; the agent answers after 25 seconds at the latest. */
export function readState(after: number | undefined, signal: AbortSignal): Promise<ScreenState> {
  const path = after === undefined ? '/state' : `/state?after=${after}`
  return authorised({ method: 'GET', path, signal, answer: ScreenState })
}

/** Does something; the new state comes by `readState`. */
export const post = (path: string, body: unknown = {}): Promise<unknown> => authorised({ method: 'POST', path, body })

async function authorised<Answer>(call: Parameters<typeof callApi<Answer>>[0]): Promise<Answer> {
  const bearer = sessionStorage.getItem(BEARER)
  if (bearer === null) throw new ApiFailure({ code: 'session-ended' })
  return callApi({ ...call, bearer })
}

/** True for a failure after which only a new pairing helps. */
export const isSessionEnd = (failure: ApiFailure): boolean =>
  failure.code === 'session-ended' || failure.code === 'sign-in-needed'
