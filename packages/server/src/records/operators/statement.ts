import { createHash } from 'node:crypto'
import { type SelfServiceStatement, type SignedByCard, writeCanonicalJson, writeSignedOctets } from '@unlatch/contract'

/** SHA-256 of a statement's canonical JSON: 32 bytes. A statement is executed once under it, and a secret is sealed for it. */
export const hashStatement = (statement: SignedByCard | SelfServiceStatement): Buffer =>
  createHash('sha256').update(writeCanonicalJson(statement)).digest()

/** What a passkey signs: SHA-256 of the octets that an operator card would sign, as base64url. */
export const challengeOf = (statement: SignedByCard): string =>
  createHash('sha256')
    .update(writeSignedOctets(hashStatement(statement)))
    .digest('base64url')
