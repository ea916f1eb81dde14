import {
  Account,
  type CeremonyAnswer,
  CeremonyOptions,
  OperatorSessions,
  OperatorsFound,
  Roles,
  Session,
  SetUpCode,
  SetUpWelcome,
} from '@unlatch/contract'
import { callServer } from './connection.ts'

/** The server's API about operators, one function for each call; all throw `ApiFailure`. */

const post = <Answer>(path: string, body: object, answer?: { parse(value: unknown): Answer }) =>
  callServer({ method: 'POST', path, body, ...(answer && { answer }) })

const part = encodeURIComponent

// --- signing in and setting up -------------------------------------------------------------------------------------

export const checkPassword = (body: { userName: string; password: string }) =>
  post('/api/session/password', body, CeremonyOptions)

export const askForPasskey = () => post('/api/session/passkey-challenge', {}, CeremonyOptions)

export const signInWithPasskey = (answer: CeremonyAnswer) => post('/api/session/passkey', { answer }, Session)

export const checkSetUpCode = (code: string) => post('/api/set-up/code', { code }, SetUpWelcome)

/** Who the first administrator says he is; nobody else says it. */
export interface Self {
  readonly name: string
  readonly userName: string
}

export const beginSetUp = (code: string, self: Self | undefined) =>
  post('/api/set-up/passkey-challenge', { code, self }, CeremonyOptions)

export const finishSetUp = (body: {
  code: string
  self: Self | undefined
  password: string
  passkey: { label: string; answer: CeremonyAnswer } | undefined
}) => post('/api/set-up', body, Session)

// --- one's own account ---------------------------------------------------------------------------------------------

export const readAccount = () => callServer({ method: 'GET', path: '/api/account', answer: Account })

export const changePassword = (body: { password: string; newPassword: string }) => post('/api/account/password', body)

export const beginPasskey = (password: string) => post('/api/account/passkey-challenge', { password }, CeremonyOptions)

export const addPasskey = (body: { label: string; answer: CeremonyAnswer }) => post('/api/account/passkeys', body)

export const removePasskey = (passkeyId: string) => post('/api/account/passkey-removal', { passkeyId })

/** One of one's own sessions; without an id, all others. */
export const endOwnSessions = (sessionId?: string) => post('/api/account/session-end', { sessionId })

// --- operators and roles -------------------------------------------------------------------------------------------

export const readOperators = () => callServer({ method: 'GET', path: '/api/operators', answer: OperatorsFound })

export const readRoles = () => callServer({ method: 'GET', path: '/api/roles', answer: Roles })

export const readOperatorSessions = (id: string) =>
  callServer({ method: 'GET', path: `/api/operators/${part(id)}/sessions`, answer: OperatorSessions })

export const inviteOperator = (body: { name: string; userName: string; roles: string[] }) =>
  post('/api/operators', body, SetUpCode)

export const renewSetUpCode = (id: string) => post(`/api/operators/${part(id)}/set-up-code`, {}, SetUpCode)

export const changeRoles = (id: string, roles: string[]) => post(`/api/operators/${part(id)}/roles`, { roles })

export const setOperatorState = (id: string, isDisabled: boolean) =>
  post(`/api/operators/${part(id)}/state`, { isDisabled })

/** One session of an operator; without its id, all. */
export const revokeSessions = (id: string, sessionId?: string) =>
  post(`/api/operators/${part(id)}/session-end`, { sessionId })

/** A role as it is to be. */
export interface RoleWish {
  readonly name: string
  readonly permissions: string[]
}

export const addRole = (wish: RoleWish) => post('/api/roles', wish)

export const changeRole = (id: string, wish: RoleWish) => post(`/api/roles/${part(id)}`, wish)

export const deleteRole = (id: string) => post(`/api/roles/${part(id)}/removal`, {})
