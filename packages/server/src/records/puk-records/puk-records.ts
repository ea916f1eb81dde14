import type { Selectable } from 'kysely'
import { TransactionConflict } from '../../db/errors.ts'
import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Tables } from '../../db/tables.ts'
import type { Lease } from '../cards/leases.ts'
import type { PukCandidate, PukRecord } from './puk-record.ts'

type Row = Selectable<Tables['puk_records']>

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
  readonly lease: Lease
  /** The holder agreed to spend one try on a PUK that is not sure. */
  readonly hasConsent: boolean
  /** The unblock whose PUK a holder's agent exchanges; null at a station. */
  readonly holderUnblock: string | null
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
  /** Number of the last release that this record no longer speaks of. */
  readonly rotatedAfter: number
  readonly revision: number
}

export async function findPukRecord(db: Db | Tx, cardId: string): Promise<StoredPukRecord | undefined> {
  const [row] = (await recordOfCard(db, { cardId })).rows
  if (!row) return undefined
  return {
    record: readPukRecord(row),
    rotation: readRotation(row.rotation),
    rotatedAfter: row.rotated_after,
    revision: row.revision,
  }
}

const recordOfCard = prepared((db, { cardId }: { cardId: string }) =>
  db.selectFrom('puk_records').selectAll().where('card_id', '=', cardId),
)

/** What an earlier version of this program began has no lease, and is begun again. */
function readRotation(text: string | null): Rotation | null {
  const rotation = text === null ? null : (JSON.parse(text) as Partial<Rotation>)
  return rotation?.lease ? (rotation as Rotation) : null
}

export async function insertPukRecord(tx: Tx, cardId: string, record: PukRecord): Promise<void> {
  await tx
    .insertInto('puk_records')
    .values({ card_id: cardId, revision: 1, rotation: null, rotated_after: 0, ...writeRow(record) })
    .execute()
}

/** A card was issued, perhaps not for the first time: what was known about its PUK before is over. */
export async function replacePukRecord(tx: Tx, cardId: string, record: PukRecord): Promise<void> {
  const stored = await findPukRecord(tx, cardId)
  if (stored) await updatePukRecord(tx, cardId, stored, record, null)
  else await insertPukRecord(tx, cardId, record)
  await outdateReleases(tx, cardId)
}

/** Another PUK is meant for the card: what became of a release so far changes the record no more. */
export async function outdateReleases(tx: Tx, cardId: string): Promise<void> {
  const { last } = await tx
    .selectFrom('releases')
    .select((e) => e.fn.coalesce(e.fn.max('number'), e.val(0)).as('last'))
    .where('card_id', '=', cardId)
    .executeTakeFirstOrThrow()
  await tx
    .updateTable('puk_records')
    .set({ rotated_after: Number(last) })
    .where('card_id', '=', cardId)
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
  const { revision } = from
  const values = { ...writeRow(to), rotation: rotation && JSON.stringify(rotation) }
  const { numAffectedRows } = await recordUpdate(tx, { ...values, cardId, revision, next: revision + 1 })
  if (numAffectedRows !== 1n) throw new TransactionConflict(`PUK record of card ${cardId} changed meanwhile`)
}

type Update = ReturnType<typeof writeRow> & {
  readonly rotation: string | null
  readonly cardId: string
  readonly revision: number
  readonly next: number
}

const recordUpdate = prepared((db, to: Update) =>
  db
    .updateTable('puk_records')
    .set({
      candidates: to.candidates,
      refused: to.refused,
      tries_at_least: to.tries_at_least,
      tries_limit: to.tries_limit,
      restored_by_unblock: to.restored_by_unblock,
      is_rotatable: to.is_rotatable,
      form: to.form,
      exposed_since: to.exposed_since,
      exposed_to: to.exposed_to,
      rotation: to.rotation,
      revision: to.next,
    })
    .where('card_id', '=', to.cardId)
    .where('revision', '=', to.revision),
)
