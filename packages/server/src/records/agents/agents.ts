import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { writeSymbols } from '@unlatch/card/unblock'
import { Problem, readTypedCode } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import { foldWord } from '../people/people.ts'

/**
 * Agents that were added in the console. Each enrols itself once, with a code that is made like a set-up code: 80 random
 * bits as 16 symbols, of which the server keeps the SHA-256.
 */

export type StoredAgent = Tables['agents']

/** An agent of the server's configuration file. */
export interface ConfiguredAgent {
  /** Ed25519, 32 bytes in upper-case hexadecimal. */
  readonly publicKeyHex: string
  readonly name: string
  readonly isStation: boolean
}

const CODE_LIFETIME_MS = 24 * 3_600_000
const CODE_OCTETS = 10

/** A typed code, as it is stored. */
export const hashEnrolmentCode = (typed: string): string =>
  createHash('sha256')
    .update(`unlatch/enrolment-code/v1:${readTypedCode(typed)}`)
    .digest('hex')

/** What records and statements call a key by. */
export const hashAgentKey = (publicKeyHex: string): string =>
  createHash('sha256').update(Buffer.from(publicKeyHex, 'hex')).digest('hex').toUpperCase()

/**
 * Adds an agent that waits for its key, and draws its code.
 *
 * @throws a unique violation when one that is not revoked has this name.
 */
export async function insertAgent(
  tx: Tx,
  { name, isStation, by, at }: { name: string; isStation: boolean; by: string; at: Date },
): Promise<{ id: string; code: string; expiresAt: string }> {
  const id = randomUUID()
  const code = writeSymbols(randomBytes(CODE_OCTETS))
  const expiresAt = new Date(at.getTime() + CODE_LIFETIME_MS).toISOString()
  const row = { id, name, search_name: foldWord(name), is_station: isStation ? 1 : 0, added_by: by }
  const open = { code_hash: hashEnrolmentCode(code), code_expires_at: expiresAt, added_at: at.toISOString() }
  await tx
    .insertInto('agents')
    .values({ ...row, ...open })
    .execute()
  return { id, code, expiresAt }
}

/**
 * An agent that nobody else changes until the transaction ends.
 *
 * @throws Problem `not-found`; `agent-revoked`, since nothing of such a one is changed any more.
 */
export async function lockAgent(tx: Tx, id: string): Promise<StoredAgent> {
  const row = await tx.selectFrom('agents').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Problem('not-found', { detail: 'no such agent' })
  if (row.revoked_at !== null) throw new Problem('agent-revoked')
  return row
}

/** The agent whose code this is, while it is good; nobody else uses it until the transaction ends. */
export async function lockByCode(tx: Tx, codeHash: string, now: Date): Promise<StoredAgent | undefined> {
  const row = await tx.selectFrom('agents').selectAll().where('code_hash', '=', codeHash).forUpdate().executeTakeFirst()
  // One that was revoked has no code any more.
  return row && row.code_expires_at > now.toISOString() ? row : undefined
}

/** True when an agent has this key, or had it when it was revoked. */
export async function isKeyTaken(db: Db | Tx, publicKeyHex: string): Promise<boolean> {
  const row = await db.selectFrom('agents').select('id').where('public_key', '=', publicKeyHex).executeTakeFirst()
  return row !== undefined
}

export async function updateAgent(
  tx: Tx,
  id: string,
  change: Partial<Omit<StoredAgent, 'id' | 'search_name'>>,
): Promise<void> {
  const search = change.name === undefined ? {} : { search_name: foldWord(change.name) }
  await tx
    .updateTable('agents')
    .set({ ...change, ...search })
    .where('id', '=', id)
    .execute()
}
