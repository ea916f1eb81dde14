import * as z from 'zod/mini'
import { ROLE_PERMISSIONS } from './permissions.ts'

/** What crosses the wire about operators: set-up, sign-in with a passkey, roles, sessions, one's own account. */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const name = (longest: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(longest))
const userName = () =>
  z.string().check(z.trim(), z.toLowerCase(), z.minLength(1), z.maxLength(100), z.regex(/^[^\s]+$/))
const time = () => z.string().check(z.maxLength(40))

// --- passkeys ------------------------------------------------------------------------------------------------------

/** What the browser is asked: options of a WebAuthn ceremony in their JSON form. [WebAuthn 3, 5.8.1] */
export const CeremonyOptions = z.looseObject({ challenge: text(200) })
export type CeremonyOptions = z.infer<typeof CeremonyOptions>

/** What the browser answers, in its JSON form; its parts are judged by the ceremony. */
export const CeremonyAnswer = z.looseObject({
  id: text(2000),
  rawId: text(2000),
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: text(4000) }),
})
export type CeremonyAnswer = z.infer<typeof CeremonyAnswer>

export const SignInWithPasskey = z.object({ answer: CeremonyAnswer })

// --- set-up --------------------------------------------------------------------------------------------------------

/** Symbols of a set-up code, as they are typed: separators and look-alikes are forgiven. */
export const SET_UP_CODE_SYMBOLS = 16
const code = () => text(100)

export const CheckSetUpCode = z.object({ code: code() })

/** Whom a set-up code is for; the first administrator says himself who he is. */
export const SetUpWelcome = z.object({
  operator: z.nullable(z.object({ name: text(200), userName: text(100) })),
  expiresAt: time(),
  /** False in the demo, where a password alone signs in. */
  needsPasskey: z.boolean(),
})
export type SetUpWelcome = z.infer<typeof SetUpWelcome>

/** Who the first administrator is; absent from everybody else. */
const self = () => z.optional(z.object({ name: name(200), userName: userName() }))

export const BeginSetUp = z.object({ code: code(), self: self() })

export const FinishSetUp = z.object({
  code: code(),
  self: self(),
  password: text(1000),
  passkey: z.optional(z.object({ label: name(60), answer: CeremonyAnswer })),
})
export type FinishSetUp = z.infer<typeof FinishSetUp>

// --- sessions ------------------------------------------------------------------------------------------------------

export const SessionView = z.object({
  id: id(),
  createdAt: time(),
  lastSeenAt: time(),
  expiresAt: time(),
  address: text(100),
  userAgent: text(200),
  isThisOne: z.boolean(),
})
export type SessionView = z.infer<typeof SessionView>

// --- one's own account ---------------------------------------------------------------------------------------------

export const Account = z.object({
  name: text(200),
  userName: text(100),
  roles: z.array(text(100)),
  passkeys: z.array(z.object({ id: text(2000), label: text(60), createdAt: time(), lastUsedAt: z.nullable(time()) })),
  operatorCards: z.array(
    z.object({ id: id(), label: text(60), createdAt: time(), lastUsedAt: z.nullable(time()), validUntil: time() }),
  ),
  sessions: z.array(SessionView),
})
export type Account = z.infer<typeof Account>

export const ChangePassword = z.object({ password: text(1000), newPassword: text(1000) })
export const BeginPasskey = z.object({ password: text(1000) })
export const AddPasskey = z.object({ label: name(60), answer: CeremonyAnswer })
export const RemovePasskey = z.object({ passkeyId: text(2000) })
/** One of one's own sessions, or every other one. */
export const EndOwnSessions = z.object({ sessionId: z.optional(id()) })

// --- operators and roles -------------------------------------------------------------------------------------------

/** `invited`: the set-up code waits to be used; `expired`: it waited too long. */
export const OPERATOR_STATES = ['active', 'invited', 'expired', 'disabled'] as const

export const OperatorView = z.object({
  id: id(),
  name: text(200),
  userName: text(100),
  state: z.enum(OPERATOR_STATES),
  /** True while a set-up code is open, also for an operator who signs in already. */
  hasOpenCode: z.boolean(),
  roles: z.array(id()),
  passkeyCount: z.number(),
  sessionCount: z.number(),
  lastSeenAt: z.nullable(time()),
})
export type OperatorView = z.infer<typeof OperatorView>

export const OperatorsFound = z.object({ operators: z.array(OperatorView), isMore: z.boolean() })
export type OperatorsFound = z.infer<typeof OperatorsFound>

export const OperatorSessions = z.object({ sessions: z.array(SessionView) })
export type OperatorSessions = z.infer<typeof OperatorSessions>

export const RoleView = z.object({
  id: id(),
  name: text(100),
  isBuiltIn: z.boolean(),
  permissions: z.array(z.string()),
  operatorCount: z.number(),
})
export type RoleView = z.infer<typeof RoleView>

export const Roles = z.object({ roles: z.array(RoleView) })
export type Roles = z.infer<typeof Roles>

const roleIds = () => z.array(id()).check(z.maxLength(50))
const permissions = () => z.array(z.enum(ROLE_PERMISSIONS)).check(z.maxLength(100))

export const InviteOperator = z.object({ name: name(200), userName: userName(), roles: roleIds() })
export const RenewSetUpCode = z.object({ operatorId: id() })

/** Exists in this answer only; the server keeps a hash. */
export const SetUpCode = z.object({ operatorId: id(), code: text(40), expiresAt: time() })
export type SetUpCode = z.infer<typeof SetUpCode>

export const ChangeRoles = z.object({ operatorId: id(), roles: roleIds() })
export const SetOperatorState = z.object({ operatorId: id(), isDisabled: z.boolean() })
/** One session of an operator, or all. */
export const RevokeSessions = z.object({ operatorId: id(), sessionId: z.optional(id()) })

export const AddRole = z.object({ name: name(100), permissions: permissions() })
export const ChangeRole = z.object({ roleId: id(), name: name(100), permissions: permissions() })
export const DeleteRole = z.object({ roleId: id() })
