import { createHash, randomBytes } from 'node:crypto'
import { writeSymbols } from '@unlatch/card/unblock'
import { readTypedCode } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'

/**
 * One-time codes with which an operator sets himself up: 80 random bits as 16 symbols that can be said over a bad line. The
 * server keeps their SHA-256, which at 80 bits nobody turns round.
 */

export type StoredSetUpCode = Tables['set_up_codes']

const LIFETIME_MS = 24 * 3_600_000
const OCTETS = 10

/** A typed code, as it is stored. */
export const hashSetUpCode = (typed: string): string =>
  createHash('sha256')
    .update(`unlatch/set-up-code/v1:${readTypedCode(typed)}`)
    .digest('hex')

/** Draws a code for an operator (null: the first administrator); one that he had is void. */
export async function issueSetUpCode(
  tx: Tx,
  operatorId: string | null,
  now: Date,
): Promise<{ code: string; expiresAt: string }> {
  const code = writeSymbols(randomBytes(OCTETS))
  const expiresAt = new Date(now.getTime() + LIFETIME_MS).toISOString()
  await voidSetUpCode(tx, operatorId)
  const row = {
    code_hash: hashSetUpCode(code),
    operator_id: operatorId,
    expires_at: expiresAt,
    issued_at: now.toISOString(),
  }
  await tx.insertInto('set_up_codes').values(row).execute()
  return { code, expiresAt }
}

/** The open code with this hash. */
export async function findSetUpCode(db: Db | Tx, codeHash: string, now: Date): Promise<StoredSetUpCode | undefined> {
  return db
    .selectFrom('set_up_codes')
    .selectAll()
    .where('code_hash', '=', codeHash)
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst()
}

/** Takes a code out of the world. False when somebody was faster. */
export async function spendSetUpCode(tx: Tx, codeHash: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('set_up_codes').where('code_hash', '=', codeHash).executeTakeFirst()
  return numDeletedRows > 0n
}

/** Whatever code an operator has, it no longer works. */
export async function voidSetUpCode(tx: Tx, operatorId: string | null): Promise<void> {
  await tx
    .deleteFrom('set_up_codes')
    .where('operator_id', operatorId === null ? 'is' : '=', operatorId)
    .execute()
}
