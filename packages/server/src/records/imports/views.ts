import {
  type ImportRow,
  type ImportRows,
  type ImportsFound,
  type ImportView,
  ROW_KINDS,
  type RowKind,
} from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import * as z from 'zod/mini'
import { writeCsv } from '../people/people-csv.ts'
import { view } from '../view.ts'
import { getImport, readingOf, readOctets } from './imports.ts'
import { findMissing } from './mapping.ts'
import { previewOf } from './previews.ts'
import { type FileRow, readRows } from './read-rows.ts'

const importId = z.string().check(z.maxLength(64))

/** The last imports, for whoever goes on with one. */
export const recentImports = view({
  name: 'imports.recent',
  permission: 'person:write',
  query: z.object({}),
  async read({ db }): Promise<ImportsFound> {
    const rows = await db
      .selectFrom('imports')
      .innerJoin('operators', 'operators.id', 'imports.operator_id')
      .select(['imports.id', 'imports.file_name', 'operators.name', 'imports.state', 'imports.created_at'])
      .where('imports.created_at', '>', '')
      .orderBy('imports.created_at', 'desc')
      .limit(10)
      .execute()
    return {
      imports: rows.map((row) => ({
        id: row.id,
        fileName: row.file_name,
        operatorName: row.name,
        state: row.state as ImportView['state'],
        createdAt: row.created_at,
      })),
    }
  },
})

/** One import: how its file is read, and how far it is. */
export const oneImport = view({
  name: 'imports.one',
  permission: 'person:write',
  query: z.object({ importId }),
  async read({ db, now }, { importId }): Promise<ImportView> {
    const stored = await getImport(db, importId)
    const operator = await db
      .selectFrom('operators')
      .select('name')
      .where('id', '=', stored.operator_id)
      .executeTakeFirst()
    const reading = readingOf(stored)
    const file =
      stored.state === 'preview'
        ? await readRows(await readOctets(db, importId), reading, 4)
        : { header: [], samples: [] }
    const { total, done, added, changed, unchanged, wrong, left_alone: leftAlone } = stored
    return {
      id: stored.id,
      fileName: stored.file_name,
      sha256: stored.sha256,
      operatorName: operator?.name ?? '',
      state: stored.state as ImportView['state'],
      createdAt: stored.created_at,
      startedAt: stored.started_at,
      endedAt: stored.ended_at,
      now: now.toISOString(),
      revision: stored.revision,
      reading,
      header: file.header.map(shorten),
      samples: file.samples.map((cells) => cells.map(shorten)),
      missing: findMissing(reading.mapping),
      progress: stored.started_at === null ? null : { total, done, added, changed, unchanged, wrong, leftAlone },
    }
  },
})

const shorten = (cell: string) => cell.slice(0, 200).toWellFormed().replaceAll('\0', '\ufffd')

/** The rows of an import and what each would do, page by page. */
export const importRows = view({
  name: 'imports.rows',
  permission: 'person:write',
  query: z.object({
    importId,
    kind: z.optional(z.enum(ROW_KINDS)),
    after: z.prefault(z.coerce.number().check(z.int(), z.minimum(0)), 0),
    limit: z.prefault(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(200)), 50),
  }),
  async read({ database, now }, { importId, kind, after, limit }): Promise<ImportRows> {
    const { rows, comparedAt, revision } = await previewOf(database, importId, now)
    const counts: Record<RowKind, number> = { new: 0, changed: 0, unchanged: 0, wrong: 0 }
    for (const row of rows) counts[row.kind]++
    const fitting = rows.filter((row) => row.line > after && (kind === undefined || row.kind === kind))
    const page = fitting.slice(0, limit)
    return {
      counts,
      comparedAt: comparedAt.toISOString(),
      revision,
      rows: page.map(({ line, kind, name, userName, changes, faults }) => {
        return { line, kind, name: name.slice(0, 1000), userName: userName.slice(0, 1000), changes, faults }
      }),
      next: fitting.length > limit ? (page.at(-1)?.line ?? null) : null,
    }
  },
})

const WORDS = MESSAGES.en.people.import

/** The rows that are wrong as a file, with the line and the reason of each: to be put right and imported. */
export const wrongRows = view({
  name: 'imports.wrong-rows',
  permission: 'person:write',
  query: z.object({ importId }),
  async read({ database, now }, { importId }): Promise<AsyncGenerator<string>> {
    const { fileRows, header } = await previewOf(database, importId, now)
    const wrong = fileRows.filter(({ faults }) => faults.length > 0)
    return (async function* () {
      yield `\ufeff${writeCsv([[...header, WORDS.fileLine, WORDS.fileReason]])}`
      for (let from = 0; from < wrong.length; from += 500) {
        yield writeCsv(
          wrong.slice(from, from + 500).map(({ cells, line, faults }) => {
            const filled = header.map((_, at) => cells[at] ?? '')
            return [...filled, String(line), faults.map(reasonOf).join('; ')]
          }),
        )
      }
    })()
  },
})

function reasonOf({ field, fault, otherLine }: ImportRow['faults'][number]): string {
  const words = WORDS.faults[fault].replace('{{line}}', String(otherLine ?? ''))
  return field === null ? words : `${WORDS.fields[field]}: ${words}`
}

/** The imports that are under way; and the rows of one, as its file has them. For the job that carries them out. */
export const runningImports = view({
  name: 'imports.running',
  permission: 'person:write',
  query: z.object({}),
  async read({ db }): Promise<{ id: string; done: number }[]> {
    return db.selectFrom('imports').select(['id', 'done']).where('state', '=', 'running').execute()
  },
})

export const fileRows = view({
  name: 'imports.file-rows',
  permission: 'person:write',
  query: z.object({ importId }),
  async read({ db }, { importId }): Promise<readonly FileRow[]> {
    const stored = await getImport(db, importId)
    return (await readRows(await readOctets(db, importId), readingOf(stored))).rows
  },
})
