import { DatabaseError } from 'pg'

/** What a broken UNIQUE or PRIMARY KEY constraint is called: by node:sqlite, by PostgreSQL. */
const UNIQUE_ERRCODES = [2067, 1555]
const UNIQUE_SQLSTATE = '23505'

/** True when a statement failed because such a row exists already. */
export function isUniqueViolation(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code === UNIQUE_SQLSTATE
  return error instanceof Error && UNIQUE_ERRCODES.includes((error as Error & { errcode?: number }).errcode ?? 0)
}

/** Somebody else changed in between what this transaction had read: it is run again from its beginning. */
export class TransactionConflict extends Error {
  override readonly name = 'TransactionConflict'
}

/** A serialisation failure, a deadlock: PostgreSQL has rolled back, and the same again may well succeed. */
const CONFLICT_SQLSTATES = ['40001', '40P01']

/** True when the transaction certainly changed nothing and is worth running again. */
export function isConflict(error: unknown): boolean {
  if (error instanceof DatabaseError) return CONFLICT_SQLSTATES.includes(error.code ?? '')
  return error instanceof TransactionConflict
}

/** @throws TypeError for a parameter that a driver would bind as something else without a word: NULL, JSON, local time. */
export function expectScalars(parameters: readonly unknown[]): void {
  for (const parameter of parameters) {
    const isScalar =
      parameter === null || ['string', 'number', 'bigint'].includes(typeof parameter) || ArrayBuffer.isView(parameter)
    if (!isScalar) throw new TypeError(`SQL parameter of type ${Object.prototype.toString.call(parameter)}`)
  }
}
