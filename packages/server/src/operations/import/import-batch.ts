import { randomUUID } from 'node:crypto'
import { PERSON_FIELDS, type PersonField } from '@unlatch/contract'
import * as z from 'zod/mini'
import { isUniqueViolation, TransactionConflict } from '../../db/errors.ts'
import { COLUMN_OF, type ComparedRow, compareRows } from '../../records/imports/compare.ts'
import { endImport, type Import, lockImport, readingOf, updateImport } from '../../records/imports/imports.ts'
import type { FileRow } from '../../records/imports/read-rows.ts'
import { insertPeople, type PersonChange, updatePerson } from '../../records/people/people.ts'
import { operation, type RunContext } from '../operation.ts'

const text = z.string()

const Row = z.object({
  line: z.number(),
  person: z.partial(
    z.object({ name: text, userName: text, department: text, email: text, phone: text, manager: text, language: text }),
  ),
  isWrong: z.boolean(),
})

/**
 * Writes the next rows of an import, all or none: with one record of who was added and what was changed. Rows are compared
 * once more: whoever is as the file says already is left, and so is whoever somebody else changed after the preview.
 */
export const importBatch = operation({
  name: 'import.batch',
  permission: 'person:write',
  input: z.object({
    importId: z.string().check(z.maxLength(64)),
    /** Rows that were gone through before: a batch that was carried out already changes nothing. */
    from: z.number(),
    total: z.number(),
    rows: z.array(Row),
  }),
  subject: ({ importId }) => `import:${importId}`,
  async run(context, { importId, from, total, rows }) {
    const { tx, now } = context
    const stored = await lockImport(tx, importId)
    if (stored.state !== 'running' || stored.done !== from) {
      return { result: { isTaken: false }, event: { importId, from, isTaken: false } }
    }
    const fitting = rows.filter(({ isWrong }) => !isWrong)
    const compared = await compareRows(tx, fitting.map(asFileRow), readingOf(stored).clearsEmpty)
    const added = compared.filter(({ kind }) => kind === 'new')
    const changed = compared.filter((row) => row.kind === 'changed' && !isChangedSince(row, stored))
    const left = compared.filter((row) => row.kind === 'changed' && isChangedSince(row, stored))
    const newcomers = await addNewcomers(context, added, fitting)
    for (const { person, changes } of changed) {
      if (person) await updatePerson(tx, person, changeOf(changes), now)
    }
    const done = from + rows.length
    await updateImport(tx, importId, {
      total,
      done,
      added: stored.added + added.length,
      changed: stored.changed + changed.length,
      unchanged: stored.unchanged + compared.length - added.length - changed.length - left.length,
      wrong: stored.wrong + rows.length - fitting.length,
      left_alone: stored.left_alone + left.length,
    })
    if (done >= total) await endImport(tx, importId, 'done', now)
    const event = {
      importId,
      sha256: stored.sha256,
      fileName: stored.file_name,
      orderedBy: stored.operator_id,
      rows: rows.length,
      added: newcomers,
      changed: changed.map(({ line, person, changes }) => ({ line, personId: person?.id ?? '', changes })),
      leftAlone: left.map(({ line, person }) => ({ line, personId: person?.id ?? '' })),
    }
    return { result: { isTaken: true }, event }
  },
})

const asFileRow = ({ line, person }: z.infer<typeof Row>): FileRow => ({
  line,
  person: Object.fromEntries(Object.entries(person).filter(([, value]) => value !== undefined)) as FileRow['person'],
  faults: [],
  cells: [],
})

const isChangedSince = ({ person }: ComparedRow, { compared_at }: Import): boolean =>
  person !== undefined && compared_at !== null && person.changed_at > compared_at

const changeOf = (changes: ComparedRow['changes']): PersonChange =>
  Object.fromEntries(changes.map(({ field, to }) => [COLUMN_OF[field], to]))

async function addNewcomers(
  { tx, now }: RunContext,
  rows: readonly ComparedRow[],
  fileRows: readonly z.infer<typeof Row>[],
): Promise<{ line: number; personId: string; userName: string }[]> {
  const byLine = new Map(fileRows.map(({ line, person }) => [line, person]))
  const people = rows.map(({ line }) => {
    const person = byLine.get(line) ?? {}
    const said = (field: PersonField) => person[field] ?? ''
    const columns = Object.fromEntries(PERSON_FIELDS.map((field) => [COLUMN_OF[field], said(field)]))
    return { line, id: randomUUID(), columns: columns as Record<(typeof COLUMN_OF)[PersonField], string> }
  })
  const at = now.toISOString()
  try {
    await insertPeople(
      tx,
      people.map(({ id, columns }) => ({ id, ...columns, source: 'import', created_at: at })),
    )
  } catch (error) {
    // Somebody added one of them since the look: look again.
    if (isUniqueViolation(error)) throw new TransactionConflict('somebody else added them', { cause: error })
    throw error
  }
  return people.map(({ line, id, columns }) => ({ line, personId: id, userName: columns.user_name }))
}
