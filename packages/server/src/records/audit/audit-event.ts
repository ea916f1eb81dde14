import type { CanonicalValue } from '@unlatch/contract'

/** What an operation tells the audit log about itself. Never a PIN, PUK, key, cryptogram or password. */
export type AuditEvent = Readonly<Record<string, CanonicalValue>>
