import { setImmediate } from 'node:timers/promises'
import type { ImportRow, PersonField } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Contact, Person } from '../people/people.ts'
import type { FileRow } from './read-rows.ts'

/** A row of a file beside what is on record. */
export interface ComparedRow extends ImportRow {
  /** Who is on record under this user name. */
  readonly person: Person | undefined
}

/** What the wire calls a field, and what the table does. */
export const COLUMN_OF = {
  name: 'name',
  userName: 'user_name',
  department: 'department',
  email: 'email',
  phone: 'phone',
  manager: 'manager',
  language: 'language',
} as const satisfies Record<PersonField, keyof Contact>

const AT_ONCE = 500

/**
 * Compares rows with what is on record, by user name. Inside a transaction the people are held until it ends.
 *
 * @param clearsEmpty - an empty cell takes away what is on record.
 */
export async function compareRows(db: Db | Tx, rows: readonly FileRow[], clearsEmpty: boolean): Promise<ComparedRow[]> {
  const compared: ComparedRow[] = []
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    // Others are served in between; a transaction makes them wait anyway.
    if (!db.isTransaction) await setImmediate()
    const batch = rows.slice(from, from + AT_ONCE)
    const people = await readPeople(
      db,
      batch.filter(({ faults }) => faults.length === 0).map(({ person }) => person.userName ?? ''),
    )
    compared.push(...batch.map((row) => compareRow(row, people.get(row.person.userName ?? ''), clearsEmpty)))
  }
  return compared
}

async function readPeople(db: Db | Tx, userNames: readonly string[]): Promise<Map<string, Person>> {
  if (userNames.length === 0) return new Map()
  const query = db.selectFrom('people').selectAll().where('user_name', 'in', userNames)
  const rows = await (db.isTransaction ? query.orderBy('id').forUpdate() : query).execute()
  return new Map(rows.map((row) => [row.user_name, row]))
}

function compareRow({ line, person: said, faults }: FileRow, person: Person | undefined, clearsEmpty: boolean) {
  const row = { line, name: said.name ?? '', userName: said.userName ?? '', changes: [], faults, person }
  if (faults.length > 0) return { ...row, kind: 'wrong' as const }
  if (!person) return { ...row, kind: 'new' as const }
  const changes = (Object.entries(said) as [PersonField, string][])
    .filter(([, to]) => to !== '' || clearsEmpty)
    .map(([field, to]) => ({ field, from: person[COLUMN_OF[field]], to }))
    .filter(({ from, to }) => from !== to)
  return { ...row, changes, kind: changes.length > 0 ? ('changed' as const) : ('unchanged' as const) }
}
