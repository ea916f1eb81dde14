/**
 * Every problem that a person or a program can be told about, in one table: HTTP status, exit code of the command line,
 * title. Codes are public: never renamed, never reused. The words a person reads come from `messages/`, by code.
 *
 * Exit codes, by kind of remedy: 0 done · 1 our bug · 2 wrong usage · 3 not permitted · 4 nothing there · 5 wrong state ·
 * 6 the card refuses · 7 cannot reach.
 */

/** One row of the table. */
export interface ProblemRow {
  readonly status: number
  readonly exit: 1 | 2 | 3 | 4 | 5 | 6 | 7
  readonly title: string
}

/** The table. */
export const PROBLEMS = {
  // what was asked
  'input-invalid': { status: 400, exit: 2, title: 'The request is not well formed' },
  'not-found': { status: 404, exit: 4, title: 'There is no such thing' },
  'too-large': { status: 413, exit: 2, title: 'The request is too large' },
  'wrong-usage': { status: 400, exit: 2, title: 'The command is not used like this' },

  // who asks
  'sign-in-needed': { status: 401, exit: 3, title: 'Sign in first' },
  'sign-in-refused': { status: 401, exit: 3, title: 'User name or password is wrong' },
  'sign-in-throttled': { status: 429, exit: 3, title: 'Too many wrong attempts to sign in' },
  'set-up-code-refused': { status: 401, exit: 3, title: 'The set-up code is not valid' },
  'passkey-refused': { status: 401, exit: 3, title: 'The passkey was not accepted' },
  'passkey-copied': { status: 401, exit: 3, title: 'This passkey may have been copied' },
  'passkey-cancelled': { status: 401, exit: 3, title: 'The passkey was not used' },
  'passkey-not-possible': { status: 409, exit: 5, title: 'This browser cannot use a passkey here' },
  'passkey-exists': { status: 409, exit: 5, title: 'This authenticator holds a passkey for you already' },
  'passkey-last': { status: 409, exit: 5, title: 'The last passkey stays' },
  'password-wrong': { status: 422, exit: 3, title: 'The present password is wrong' },
  'password-unfit': { status: 422, exit: 2, title: 'The new password breaks the rules' },
  'own-account': { status: 409, exit: 3, title: 'Nobody does this to his own account' },
  'last-administrator': { status: 409, exit: 5, title: 'Somebody must be left who may write operators' },
  'permission-lacking': { status: 403, exit: 3, title: 'Nobody grants a permission that he lacks' },
  'name-taken': { status: 409, exit: 5, title: 'This name is taken' },
  'role-built-in': { status: 409, exit: 5, title: 'A built-in role stays as it is' },
  'role-in-use': { status: 409, exit: 5, title: 'Somebody still has this role' },
  'not-permitted': { status: 403, exit: 3, title: 'You may not do this' },
  'foreign-page': { status: 403, exit: 3, title: 'The request came from another page' },
  'session-not-active': { status: 403, exit: 3, title: 'Somebody else sits at this computer' },
  'agent-service-unreachable': { status: 503, exit: 7, title: 'The agent of this computer does not answer' },
  'agent-unknown': { status: 401, exit: 3, title: 'This agent is not enrolled' },
  'agent-clock': { status: 401, exit: 5, title: 'The clock of this computer is wrong' },
  'agent-exists': { status: 409, exit: 5, title: 'This key belongs to an agent already' },
  'agent-revoked': { status: 409, exit: 5, title: 'This agent is revoked' },
  'enrolment-code-refused': { status: 401, exit: 3, title: 'The enrolment code is not valid' },
  'agent-too-old': { status: 409, exit: 5, title: 'This agent is too old for the server' },
  'server-too-old': { status: 409, exit: 5, title: 'The server is too old for this agent' },
  'agent-offline': { status: 409, exit: 7, title: 'The station is not connected' },
  'station-only': { status: 403, exit: 3, title: 'This is done at a station only' },

  // people
  'person-changed': { status: 409, exit: 5, title: 'Somebody else changed this person meanwhile' },
  'import-over': { status: 409, exit: 5, title: 'This import is over, or under way' },
  'import-changed': { status: 409, exit: 5, title: 'Somebody else read this file another way meanwhile' },
  'import-unmapped': { status: 409, exit: 5, title: 'No column of the file is the name, or the user name' },
  'person-had-cards': { status: 409, exit: 5, title: 'A person who has or had a card stays on record' },

  // templates, connections, deliveries
  'template-unknown': { status: 404, exit: 4, title: 'There is no such card template' },
  'template-locked': { status: 409, exit: 5, title: 'The card template is locked' },
  'template-changed': { status: 409, exit: 5, title: 'Somebody else changed this card template meanwhile' },
  'template-not-usable': { status: 409, exit: 5, title: 'No card can be issued by this card template now' },
  'template-wrong-card': { status: 409, exit: 5, title: 'The card template is for another kind of card' },
  'connection-unknown': { status: 404, exit: 4, title: 'There is no such connection' },
  'connection-of-desk': { status: 409, exit: 5, title: 'The help desk reaches people by this connection' },
  'connection-in-use': { status: 409, exit: 5, title: 'Card templates still deliver by this connection' },
  'connection-untested': { status: 409, exit: 5, title: 'This connection was not tested as it is' },
  'directory-unreachable': { status: 502, exit: 7, title: 'The directory cannot be reached' },
  'directory-insecure': { status: 502, exit: 7, title: 'The directory does not prove who it is' },
  'directory-sign-in': { status: 502, exit: 7, title: 'The directory does not accept the sign-in' },
  'directory-base': { status: 502, exit: 7, title: 'The directory has no such place' },
  'directory-limit': { status: 502, exit: 7, title: 'The directory finds more than it gives out' },
  'directory-refused': { status: 502, exit: 7, title: 'The directory does not take the question' },
  'delivery-unreachable': { status: 502, exit: 7, title: 'The other side cannot be reached' },
  'delivery-insecure': { status: 502, exit: 7, title: 'The other side does not prove who it is' },
  'delivery-sign-in': { status: 502, exit: 7, title: 'The other side does not accept the sign-in' },
  'delivery-refused': { status: 502, exit: 7, title: 'The other side does not take it' },
  'delivery-no-address': { status: 409, exit: 5, title: 'There is no address to deliver to' },
  'delivery-over': { status: 409, exit: 5, title: 'This delivery is over' },
  'procedure-not-allowed': { status: 409, exit: 5, title: "The card's template does not allow this procedure" },
  'puc-limit-card': { status: 429, exit: 5, title: 'The PUC of this card was read too often today' },
  'puc-not-kept': { status: 409, exit: 5, title: 'There is no PUC of this card to give' },

  // a card's state
  'card-unknown': { status: 404, exit: 4, title: 'The card is not managed here' },
  'card-not-issued': { status: 409, exit: 5, title: 'The card is not issued' },
  'card-in-stock': { status: 409, exit: 5, title: 'The card is in stock' },
  'card-suspended': { status: 409, exit: 5, title: 'The card is suspended' },
  'card-revoked': { status: 409, exit: 5, title: 'The card is revoked' },
  'card-move-refused': { status: 409, exit: 5, title: 'A card in this state is not moved like this' },
  'card-cannot-be-saved': { status: 409, exit: 5, title: 'This card cannot be saved by telephone' },
  'rehearsal-failed': { status: 409, exit: 6, title: 'The card did not prove that it is the one on record' },
  'restore-not-accepted': { status: 503, exit: 5, title: 'The database is older than the key journal' },
  'card-of-issuer': { status: 409, exit: 6, title: "This card's keys are with its issuer" },
  'card-exists': { status: 409, exit: 5, title: 'This card is registered already' },
  'personalisation-refused': { status: 409, exit: 6, title: 'The card refused a step of its personalisation' },
  'admin-key-refused': { status: 409, exit: 6, title: 'The card refused the admin key on record' },
  'card-key-unknown': { status: 409, exit: 6, title: 'The card has a secret that is not known here' },
  'card-identity-conflict': { status: 409, exit: 6, title: 'The card is not the one that it says it is' },
  'card-in-two-places': { status: 409, exit: 5, title: 'Two agents say that they have this card' },

  // a challenge
  'challenge-malformed': { status: 422, exit: 2, title: 'This is not a challenge' },
  'challenge-misheard': { status: 422, exit: 2, title: 'The challenge was misheard or mistyped' },
  'challenge-other-card': { status: 409, exit: 5, title: "The challenge belongs to the person's other card" },
  'challenge-answered': { status: 409, exit: 5, title: 'This challenge was answered already' },
  'challenge-wrong-screen': { status: 409, exit: 5, title: 'This screen wants the PUC' },
  'bare-form-not-allowed': { status: 409, exit: 5, title: 'Bare hexadecimal is not allowed for this card' },
  'bare-form-unconfirmed': { status: 422, exit: 2, title: 'A bare challenge must be confirmed first' },
  'too-many-misses': { status: 429, exit: 5, title: 'Too many wrong challenges' },

  // a card in a reader
  'card-puc-only': { status: 409, exit: 5, title: 'This card is unblocked in a reader at a station alone' },
  'card-swapped': { status: 409, exit: 5, title: 'Another card is in the reader' },
  'unblock-under-way': { status: 409, exit: 5, title: 'Somebody else unblocks this card now' },
  'unblock-declined': { status: 409, exit: 5, title: 'The cardholder declined' },
  'attempt-superseded': { status: 409, exit: 5, title: 'Another attempt took its place' },
  'attempt-cancelled': { status: 409, exit: 5, title: 'The operator cancelled it' },
  'statement-expired': { status: 409, exit: 5, title: 'What was signed is too old' },
  'card-not-proved': { status: 409, exit: 5, title: 'The card does not prove what it is' },
  'seal-not-opened': { status: 409, exit: 6, title: 'The card does not open what was sealed for it' },
  'page-not-open': { status: 409, exit: 7, title: 'Nobody has the page of this agent open' },

  // a release
  'statement-refused': { status: 422, exit: 3, title: 'That is nothing that an operator card signs' },
  'signing-declined': { status: 409, exit: 5, title: 'The operator did not sign' },
  'signing-interrupted': { status: 409, exit: 7, title: 'The agent went away before anything was signed' },
  'operator-card-refused': { status: 401, exit: 3, title: 'The operator card was not accepted' },
  'operator-card-expired': { status: 401, exit: 3, title: 'The certificate of the operator card is not valid now' },
  'operator-card-untrusted': {
    status: 401,
    exit: 3,
    title: 'The operator card is not of the organisation’s authority',
  },
  'operator-card-revoked': { status: 401, exit: 3, title: 'The certificate of the operator card was revoked' },
  'operator-card-revocation-unknown': {
    status: 503,
    exit: 7,
    title: 'Nobody can say whether the operator card was revoked',
  },
  'operator-card-exists': { status: 409, exit: 5, title: 'This operator card is registered already' },
  'operator-pin-missing': { status: 422, exit: 2, title: 'The operator has not confirmed this' },
  'self-service-not-allowed': { status: 409, exit: 5, title: 'This card is not unblocked by its holder alone' },
  'self-service-closed': { status: 403, exit: 3, title: 'Self-service is closed for now' },
  'self-service-tries': { status: 429, exit: 3, title: 'Too many wrong tries with this card' },
  'unblock-code-wrong': { status: 422, exit: 3, title: 'This unblock code is not right, or was used' },
  'one-time-password-wrong': { status: 422, exit: 3, title: 'This one-time password is not right, or was used' },
  'one-time-passwords-full': { status: 409, exit: 5, title: 'There are as many one-time passwords as there may be' },
  'holder-session-over': { status: 409, exit: 5, title: 'My Smartcard was closed' },
  'identity-refused': { status: 422, exit: 3, title: 'The identity provider did not say that it is you' },
  'identity-answer-invalid': { status: 502, exit: 3, title: 'The answer of the identity provider does not hold' },
  'identity-provider-unreachable': { status: 502, exit: 7, title: 'The identity provider cannot be reached' },
  'way-not-set-up': { status: 409, exit: 5, title: 'This was never set up for you' },
  'logon-wrong': { status: 422, exit: 3, title: 'The password is not right' },
  'account-locked': { status: 409, exit: 5, title: 'The account is locked' },
  'account-nearly-locked': { status: 409, exit: 5, title: 'One wrong password more would lock the account' },
  'account-disabled': { status: 409, exit: 5, title: 'The account is disabled' },
  'account-expired': { status: 409, exit: 5, title: 'The account has expired' },
  'account-password-expired': { status: 409, exit: 5, title: 'The password of the account has expired' },
  'account-must-change': { status: 409, exit: 5, title: 'The password of the account must be changed first' },
  'account-not-now': { status: 409, exit: 5, title: 'The account may not be used now, or from here' },
  'account-not-member': { status: 403, exit: 3, title: 'The account is not in the group that may do this' },
  'caller-not-verified': { status: 403, exit: 3, title: 'The caller was not verified' },
  'verification-insufficient': { status: 403, exit: 3, title: 'The card demands more of the caller' },
  'verification-over': { status: 409, exit: 5, title: 'This verification is over' },
  'verification-limit': { status: 429, exit: 3, title: 'This person was asked too often in the last hour' },
  'verification-not-admitted': { status: 409, exit: 5, title: 'The card does not admit this way' },
  'verification-code-wrong': { status: 422, exit: 3, title: 'That is not what was sent' },
  'verification-failed': { status: 409, exit: 5, title: 'This way failed' },
  'address-missing': { status: 409, exit: 5, title: 'No such address is on record' },
  'address-too-new': { status: 409, exit: 5, title: 'This address changed less than 14 days ago' },
  'phone-missing': { status: 409, exit: 5, title: 'No telephone number is on record' },
  'no-mail-connection': { status: 409, exit: 5, title: 'No connection is chosen by which mail leaves' },
  'no-text-connection': { status: 409, exit: 5, title: 'No connection is chosen by which text messages leave' },
  'manager-missing': { status: 409, exit: 5, title: 'No manager is on record' },
  'manager-no-account': { status: 409, exit: 5, title: 'The manager has no account' },
  'approval-own': { status: 403, exit: 3, title: 'Nobody approves what he asked for himself' },
  'person-passkey-missing': { status: 409, exit: 5, title: 'The person has no passkey' },
  'person-passkey-too-new': { status: 409, exit: 5, title: 'The passkey of the person is less than 7 days old' },
  'proof-code-refused': { status: 401, exit: 3, title: 'The code is not valid' },
  'standard-refuses': { status: 403, exit: 3, title: 'The standard of the card does not allow this way' },
  'second-operator-needed': { status: 403, exit: 3, title: 'A second operator must approve this' },
  'second-operator-not-needed': { status: 409, exit: 5, title: 'No second operator is needed' },
  'release-limit-person': { status: 429, exit: 3, title: 'Too much was released for this person today' },
  'release-limit-persons': { status: 429, exit: 3, title: 'You released for too many people in a short time' },
  'release-limit-outstanding': { status: 429, exit: 3, title: 'Too many of your cryptograms have no outcome yet' },
  'desk-changed': { status: 409, exit: 5, title: 'Somebody else changed these settings meanwhile' },
  'notice-link-refused': { status: 404, exit: 4, title: 'This link is not known' },
  'notice-link-over': { status: 409, exit: 5, title: 'This link is no longer good' },
  'notice-over': { status: 409, exit: 5, title: 'This notice cannot be sent now' },
  'notice-older': { status: 409, exit: 5, title: 'Notices were not delivered yet then' },
  'incident-open': { status: 409, exit: 5, title: 'The holder said that it was not them' },
  'incident-over': { status: 409, exit: 5, title: 'This incident is closed' },
  'incident-own': { status: 403, exit: 3, title: 'Nobody closes an incident about himself' },
  'holder-not-seen': { status: 409, exit: 5, title: 'The holder was not seen in person' },
  'approval-over': { status: 409, exit: 5, title: 'This request is over' },
  'attempt-busy': { status: 409, exit: 5, title: 'Something waits in this attempt' },
  'colleague-unfit': { status: 422, exit: 2, title: 'This operator cannot take it over' },
  'attempt-closed': { status: 409, exit: 5, title: 'This unblock is closed' },
  'release-limit-card': { status: 429, exit: 5, title: 'Too many cryptograms for this card today' },
  'release-limit-operator': { status: 429, exit: 5, title: 'Too many cryptograms by this operator' },
  'supervisor-needed': { status: 403, exit: 3, title: 'A supervisor must do this' },
  'try-not-approved': { status: 403, exit: 3, title: 'No supervisor approved this try' },
  'outcome-outstanding': { status: 409, exit: 5, title: 'The outcome of the last cryptogram is not known' },
  'receipt-mismatch': { status: 422, exit: 2, title: 'The receipt is wrong' },
  'too-many-receipts': { status: 429, exit: 5, title: 'Too many wrong receipts' },
  'key-service-limit': { status: 429, exit: 5, title: 'The key service has reached its hourly limit' },
  'folder-in-use': { status: 409, exit: 5, title: 'Another server uses this folder' },
  'keys-locked': { status: 503, exit: 7, title: 'The key store is locked' },

  // at the card
  'no-reader': { status: 404, exit: 4, title: 'There is no card reader' },
  'no-card': { status: 404, exit: 4, title: 'There is no card in the reader' },
  'card-removed': { status: 409, exit: 5, title: 'The card was removed' },
  'challenge-superseded': { status: 409, exit: 5, title: 'Another program used the card' },
  'reader-in-use': { status: 409, exit: 7, title: 'Another program holds the card' },
  'outcome-unknown': { status: 409, exit: 6, title: 'It is not known whether the card took the new PIN' },
  'reader-unreachable': { status: 503, exit: 7, title: 'The card readers cannot be reached' },
  'card-not-blocked': { status: 409, exit: 5, title: 'The card is not blocked' },
  'card-not-supported': { status: 409, exit: 6, title: 'This card cannot be unblocked this way' },
  'global-pin': { status: 409, exit: 6, title: "This card's everyday PIN is set elsewhere" },
  'cryptogram-mistyped': { status: 422, exit: 2, title: 'The cryptogram is mistyped' },
  'attempt-ended': { status: 409, exit: 5, title: 'The challenge is no longer valid' },
  'pin-policy': { status: 422, exit: 2, title: 'The new PIN breaks the rules' },
  'pin-mismatch': { status: 422, exit: 2, title: 'The two PINs differ' },
  'pin-refused-by-card': { status: 409, exit: 6, title: 'The card refuses this PIN' },
  'pin-malformed': { status: 422, exit: 2, title: 'This cannot be the PIN of this card' },
  'pin-wrong': { status: 409, exit: 6, title: 'The PIN is wrong' },
  'puk-refused': { status: 409, exit: 6, title: "The server's unblock secret is not this card's" },
  'puc-malformed': { status: 422, exit: 2, title: 'A PUC has eight digits' },
  'puc-refused': { status: 409, exit: 6, title: 'The card refused this PUC' },
  'puk-blocked': { status: 409, exit: 6, title: 'The card can no longer be unblocked' },
  'last-try': { status: 409, exit: 5, title: 'This would be the last try' },
  'cryptogram-refused': { status: 409, exit: 6, title: 'The card refused the cryptogram' },
  'card-fault': { status: 502, exit: 6, title: 'The card gave an answer that makes no sense' },
  'configuration-missing': { status: 409, exit: 7, title: 'This computer has no configuration from the server yet' },

  // reaching things
  'server-unreachable': { status: 503, exit: 7, title: 'The server cannot be reached' },
  'database-unreachable': { status: 503, exit: 7, title: 'The database cannot be reached' },
  'database-full': { status: 507, exit: 7, title: 'There is no room left for the database' },
  'database-unfit': { status: 503, exit: 7, title: 'This database could lose what is entrusted to it' },
  'backup-damaged': { status: 409, exit: 5, title: 'The backup is damaged' },
  'server-not-ready': { status: 503, exit: 7, title: 'The server is not ready' },
  'session-ended': { status: 401, exit: 3, title: 'This page is no longer connected' },
} as const satisfies Record<string, ProblemRow>

/** A problem, by its public code. */
export type ProblemCode = keyof typeof PROBLEMS

/** True for a code of the table. */
export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code)

/** The path that names a problem: `type` of a problem document. [RFC 9457, 3.1.1] */
export const problemType = (code: ProblemCode): string => `/problems/${code}`

/** A problem document as it crosses the wire; extension members are the facts. [RFC 9457, 3] */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly instance?: string
  readonly [fact: string]: unknown
}

/** The code inside a problem document; undefined when it is none of ours. */
export function findProblemCode(document: { type?: unknown }): ProblemCode | undefined {
  const code = typeof document.type === 'string' ? document.type.replace(/^\/problems\//, '') : ''
  return isProblemCode(code) ? code : undefined
}

/** A refusal with a public code: what the agent throws, and the server's `Fault` extends. */
export class Problem extends Error {
  override readonly name: string = 'Problem'
  readonly code: ProblemCode
  readonly facts: Record<string, unknown>

  constructor(code: ProblemCode, options: { detail?: string; facts?: Record<string, unknown>; cause?: unknown } = {}) {
    super(options.detail ?? PROBLEMS[code].title, { cause: options.cause })
    this.code = code
    this.facts = options.facts ?? {}
  }
}
