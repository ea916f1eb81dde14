import { ImportReading, Problem } from '@unlatch/contract'
import type { Selectable } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'

/**
 * Files of people on their way in. The file is kept until its import ended: what its rows say is read out of it whenever
 * somebody looks, and nothing about a person is stored before somebody starts it.
 */
export type Import = Selectable<Tables['imports']>

/** Octets of a file in one row: a statement with all of it would be long. */
const PIECE = 256 * 1024

export async function insertImport(
  tx: Tx,
  row: Pick<Import, 'id' | 'operator_id' | 'file_name' | 'sha256'> & { reading: ImportReading; at: Date },
  octets: Uint8Array,
): Promise<void> {
  const { reading, at, ...given } = row
  const counts = { total: 0, done: 0, added: 0, changed: 0, unchanged: 0, wrong: 0, left_alone: 0 }
  const times = { created_at: at.toISOString(), compared_at: null, started_at: null, ended_at: null }
  await tx
    .insertInto('imports')
    .values({ ...given, ...counts, ...times, state: 'preview', reading: JSON.stringify(reading), revision: 1 })
    .execute()
  for (let from = 0; from < octets.length; from += PIECE) {
    const piece = Buffer.from(octets.subarray(from, from + PIECE))
      .toString('hex')
      .toUpperCase()
    await tx
      .insertInto('import_pieces')
      .values({ import_id: given.id, number: from / PIECE, octets: piece })
      .execute()
  }
}

/** @throws Problem `not-found`. */
export async function getImport(db: Db | Tx, id: string): Promise<Import> {
  const row = await db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new Problem('not-found', { detail: 'no such import' })
  return row
}

/**
 * An import that nobody else changes until the transaction ends.
 *
 * @throws Problem `not-found`.
 */
export async function lockImport(tx: Tx, id: string): Promise<Import> {
  const row = await tx.selectFrom('imports').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Problem('not-found', { detail: 'no such import' })
  return row
}

export async function updateImport(tx: Tx, id: string, change: Partial<Omit<Import, 'id'>>): Promise<void> {
  await tx.updateTable('imports').set(change).where('id', '=', id).execute()
}

/** An import is over: what the file said about people is not kept. */
export async function endImport(tx: Tx, id: string, state: 'done' | 'stopped', at: Date): Promise<void> {
  await updateImport(tx, id, { state, ended_at: at.toISOString() })
  await tx.deleteFrom('import_pieces').where('import_id', '=', id).execute()
}

/** Previews that nobody went on with since then. */
export async function listForgotten(tx: Tx, before: Date): Promise<string[]> {
  const rows = await tx
    .selectFrom('imports')
    .select('id')
    .where('state', '=', 'preview')
    .where('created_at', '<', before.toISOString())
    .execute()
  return rows.map(({ id }) => id)
}

/** The file, octet by octet; nothing when its import is over. */
export async function readOctets(db: Db | Tx, id: string): Promise<Uint8Array> {
  const pieces = await db
    .selectFrom('import_pieces')
    .select('octets')
    .where('import_id', '=', id)
    .orderBy('number')
    .execute()
  return Buffer.concat(pieces.map(({ octets }) => Buffer.from(octets, 'hex')))
}

export const readingOf = ({ reading }: Import): ImportReading => ImportReading.parse(JSON.parse(reading))
