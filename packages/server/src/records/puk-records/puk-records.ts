import { TransactionConflict } from '../../db/errors.ts'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import type { PukCandidate, PukRecord } from './puk-record.ts'

type Row = Tables['puk_records']

/** A candidate as text: `factory`, `imported`, or `epoch.counter`. */
export const writeCandidate = (candidate: PukCandidate): string =>
  typeof candidate === 'string' ? candidate : `${candidate.epoch}.${candidate.counter}`

export function readCandidate(text: string): PukCandidate {
  if (text === 'factory' || text === 'imported') return text
  const [epoch, counter] = text.split('.').map(Number)
  if (epoch === undefined || counter === undefined) throw new Error(`not a candidate: ${text}`)
  return { epoch, counter }
}

export function readPukRecord(row: Row): PukRecord {
  return {
    candidates: (JSON.parse(row.candidates) as string[]).map(readCandidate),
    refused: (JSON.parse(row.refused) as string[]).map(readCandidate),
    triesAtLeast: row.tries_at_least,
    triesLimit: row.tries_limit,
    restoredByUnblock: row.restored_by_unblock as PukRecord['restoredByUnblock'],
    isRotatable: row.is_rotatable === 1,
    form: row.form as PukRecord['form'],
    exposedSince: row.exposed_since,
    exposedTo: row.exposed_to,
  }
}

/** Where a rotation stands, between two rounds. */
export interface Rotation {
  readonly step: 'rehearsal' | 'probe' | 'change'
  readonly nonce: string | null
  /** The generation that the last command tried to set. */
  readonly toward: string | null
}

const writeRow = (record: PukRecord) => ({
  candidates: JSON.stringify(record.candidates.map(writeCandidate)),
  refused: JSON.stringify(record.refused.map(writeCandidate)),
  tries_at_least: record.triesAtLeast,
  tries_limit: record.triesLimit,
  restored_by_unblock: record.restoredByUnblock,
  is_rotatable: record.isRotatable ? 1 : 0,
  form: record.form,
  exposed_since: record.exposedSince,
  exposed_to: record.exposedTo,
})

/** A record with the revision that a change must name. */
export interface StoredPukRecord {
  readonly record: PukRecord
  readonly rotation: Rotation | null
  readonly revision: number
}

export async function findPukRecord(db: Db | Tx, cardId: string): Promise<StoredPukRecord | undefined> {
  const row = await db.selectFrom('puk_records').selectAll().where('card_id', '=', cardId).executeTakeFirst()
  if (!row) return undefined
  const rotation = row.rotation === null ? null : (JSON.parse(row.rotation) as Rotation)
  return { record: readPukRecord(row), rotation, revision: row.revision }
}

export async function insertPukRecord(tx: Tx, cardId: string, record: PukRecord): Promise<void> {
  await tx
    .insertInto('puk_records')
    .values({ card_id: cardId, revision: 1, rotation: null, ...writeRow(record) })
    .execute()
}

/**
 * Changes a record from the revision that was read (compare-and-set).
 *
 * @param rotation - where a rotation then stands; absent leaves it as it is.
 * @throws TransactionConflict when somebody else changed it in between: the caller's transaction rolls back and runs again.
 */
export async function updatePukRecord(
  tx: Tx,
  cardId: string,
  from: StoredPukRecord,
  to: PukRecord,
  rotation: Rotation | null = from.rotation,
): Promise<void> {
  const result = await tx
    .updateTable('puk_records')
    .set({ ...writeRow(to), rotation: rotation && JSON.stringify(rotation), revision: from.revision + 1 })
    .where('card_id', '=', cardId)
    .where('revision', '=', from.revision)
    .executeTakeFirst()
  if (result.numUpdatedRows !== 1n) throw new TransactionConflict(`PUK record of card ${cardId} changed meanwhile`)
}
