import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { ImportField, ImportReading, ImportRow, PersonField } from '@unlatch/contract'
import { Problem, readLanguage } from '@unlatch/contract'
import { type CsvError, parse } from 'csv-parse'
import { readText } from './read-text.ts'

/** A row of a file, with what its columns say about a person; nothing in the database is asked. */
export interface FileRow {
  readonly line: number
  /** What the row says; a field without a column, or without a cell, is absent. */
  readonly person: Partial<Record<PersonField, string>>
  readonly faults: ImportRow['faults']
  /** As they stand in the file, of a row that is wrong. */
  readonly cells: readonly string[]
}

/** A file as it was read. */
export interface FileRows {
  readonly header: readonly string[]
  /** The first rows, cell by cell. */
  readonly samples: readonly (readonly string[])[]
  readonly rows: readonly FileRow[]
}

/** More rows, or longer ones, are no list of people. */
const MOST_ROWS = 250_000
const LONGEST_ROW = 100_000
const SAMPLES = 3
const PIECE = 1 << 16
const BREATH = 500

/** As the wire takes them. */
const LONGEST = {
  name: 200,
  userName: 200,
  department: 200,
  email: 320,
  phone: 60,
  manager: 200,
  language: 200,
} as const

/**
 * Reads a file of people. The first line names the columns. [RFC 4180]
 *
 * @param most - rows that are wanted; the file may have more.
 * @throws Problem `too-large` when it has more rows than anybody imports.
 */
export async function readRows(octets: Uint8Array, reading: ImportReading, most = MOST_ROWS): Promise<FileRows> {
  const rows: FileRow[] = []
  const samples: (readonly string[])[] = []
  let header: readonly string[] | undefined
  // One kind of line end: then the parser counts lines as an editor does.
  const text = readText(octets, reading.encoding).replace(/\r\n?/g, '\n')
  for await (const { cells, line, isTorn } of readRecords(text, reading.delimiter)) {
    if (!header) {
      header = cells.map((name) => name.trim())
      continue
    }
    // Others are served in between.
    if (rows.length % BREATH === 0) await setImmediate()
    if (samples.length < SAMPLES) samples.push(cells)
    if (rows.length === most) {
      if (most < MOST_ROWS) break
      throw new Problem('too-large', { detail: `more than ${MOST_ROWS} rows` })
    }
    rows.push(isTorn ? tornRow(line, cells) : readRow(cells, line, header.length, reading.mapping))
  }
  return { header: header ?? [], samples, rows: markTwice(rows.sort((a, b) => a.line - b.line).map(beginTorn)) }
}

/** The parser knows where a torn row ends; it begins after the row before it. */
const beginTorn = (row: FileRow, at: number, rows: readonly FileRow[]): FileRow =>
  row.faults.some(({ fault }) => fault === 'quotes') ? { ...row, line: (rows[at - 1]?.line ?? 1) + 1 } : row

interface FileRecord {
  readonly cells: readonly string[]
  readonly line: number
  /** Its quotation marks do not fit. */
  readonly isTorn: boolean
}

/** Records in the order of the file, and then the torn ones; the event loop breathes between pieces of it. */
async function* readRecords(text: string, delimiter: string): AsyncGenerator<FileRecord> {
  const torn: FileRecord[] = []
  const parser = parse({
    delimiter,
    record_delimiter: '\n',
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: LONGEST_ROW,
    on_skip(error?: CsvError) {
      torn.push({ cells: recordOf(error), line: Number(error?.lines ?? 0), isTorn: true })
      return undefined
    },
  })
  Readable.from(pieces(text)).pipe(parser)
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const breaks = record.reduce((sum, cell) => sum + (cell.match(/\n/g)?.length ?? 0), 0)
      yield { cells: record, line: info.lines - breaks, isTorn: false }
    }
  } catch (error) {
    // What follows a mark that is never closed is one endless cell.
    yield { cells: [], line: Number((error as CsvError).lines ?? 0), isTorn: true }
  }
  yield* torn
}

const recordOf = (error: CsvError | undefined): string[] =>
  Array.isArray(error?.record) ? error.record.map(String) : []

function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE)
}

const tornRow = (line: number, cells: readonly string[]): FileRow => ({
  line,
  person: {},
  faults: [{ field: null, fault: 'quotes', otherLine: null }],
  cells,
})

function readRow(cells: readonly string[], line: number, columns: number, mapping: ImportReading['mapping']): FileRow {
  const said = new Map<ImportField, string>()
  for (const [at, field] of mapping.entries()) {
    const cell = cells[at]
    if (field !== null && cell !== undefined) said.set(field, tidy(cell))
  }
  const person = personOf(said)
  const faults: FileRow['faults'] = findFaults(person)
  // No name or number goes over two lines: a quotation mark swallowed the rows between.
  const isSwallowed = mapping.some(
    (field, at) => field !== null && field !== 'department' && /\n/.test(cells[at] ?? ''),
  )
  if (isSwallowed) faults.unshift({ field: null, fault: 'quotes', otherLine: null })
  if (cells.length > columns) faults.unshift({ field: null, fault: 'cells', otherLine: null })
  return { line, person, faults, cells: faults.length > 0 ? cells : [] }
}

/** Single blanks; and without the apostrophe that an export puts before what looks like a formula. */
const tidy = (cell: string): string =>
  cell
    .replace(/^'(?=[=+\-@])/, '')
    .replace(/\s+/g, ' ')
    .trim()

function personOf(said: ReadonlyMap<ImportField, string>): FileRow['person'] {
  const halves = [said.get('givenName'), said.get('surname')].filter(Boolean).join(' ')
  const person: Partial<Record<PersonField, string>> = { name: said.get('name') || halves }
  for (const field of ['userName', 'department', 'email', 'phone', 'manager'] as const) {
    const value = said.get(field)
    if (value !== undefined) person[field] = value
  }
  const language = said.get('language')
  if (language !== undefined) person.language = readLanguage(language)
  return person
}

function findFaults(person: FileRow['person']): FileRow['faults'] {
  const faults: FileRow['faults'] = []
  const add = (field: PersonField, fault: FileRow['faults'][number]['fault']) =>
    faults.push({ field, fault, otherLine: null })
  for (const field of ['name', 'userName'] as const) if (!person[field]) add(field, 'missing')
  for (const [field, value] of Object.entries(person) as [PersonField, string][]) {
    if (value.length > LONGEST[field]) add(field, 'too-long')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    if (/[\u0000-\u001f\u007f\ufffd]/.test(value) || !value.isWellFormed()) add(field, 'no-text')
  }
  if (person.userName && /\s/.test(person.userName)) add('userName', 'blank')
  if (person.email && !/^[^\s@<>]+@[^\s@<>]+$/.test(person.email)) add('email', 'no-address')
  return faults
}

/** Of rows with one user name nobody knows which is right: all are wrong, and each names another. */
function markTwice(rows: readonly FileRow[]): FileRow[] {
  const lines = new Map<string, number[]>()
  for (const { person, line } of rows) {
    const name = person.userName
    if (!name) continue
    const others = lines.get(name)
    if (others) others.push(line)
    else lines.set(name, [line])
  }
  return rows.map((row) => {
    const all = lines.get(row.person.userName ?? '') ?? []
    const otherLine = all.find((line) => line !== row.line)
    if (otherLine === undefined) return row
    const cells = row.cells.length > 0 ? row.cells : Object.values(row.person)
    return { ...row, cells, faults: [...row.faults, { field: 'userName', fault: 'twice', otherLine }] }
  })
}
