import { stringify } from 'csv-stringify/sync'
import type { Db } from '../../db/open.ts'
import { exportPeople, type PeopleFilter } from './people-list.ts'

/** First line of an export: an import takes these names. */
const HEADER = ['Name', 'User name', 'Department', 'E-mail', 'Telephone', 'Manager', 'Language', 'Added']

/** Spreadsheets that open a file without it guess its encoding, and guess wrong. */
const BYTE_ORDER_MARK = '\ufeff'

/**
 * A list of people as CSV, in pieces [RFC 4180]. A cell that a spreadsheet would take for a formula gets an apostrophe in
 * front, a telephone number too; an import takes that away again.
 */
export async function* writePeople(db: Db, filter: PeopleFilter): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + writeCsv([HEADER])
  for await (const rows of exportPeople(db, filter)) {
    yield writeCsv(
      rows.map((row) => [
        row.name,
        row.user_name,
        row.department,
        row.email,
        row.phone,
        row.manager,
        row.language,
        row.created_at.slice(0, 10),
      ]),
    )
  }
}

/** Lines of a CSV file that nobody's spreadsheet carries out. */
export const writeCsv = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  )
