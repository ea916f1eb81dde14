import type { Database } from '../../db/open.ts'
import { type ComparedRow, compareRows } from './compare.ts'
import { getImport, type Import, readingOf, readOctets } from './imports.ts'
import { type FileRow, readRows } from './read-rows.ts'

/** A file beside what is on record, as it was at one moment. */
export interface Preview {
  readonly rows: readonly ComparedRow[]
  readonly fileRows: readonly FileRow[]
  readonly header: readonly string[]
  readonly comparedAt: Date
  readonly revision: number
}

/** Whoever pages through a large file waits once. Older ones are made anew: people change. */
const KEPT_MS = 120_000
const MOST_KEPT = 3

interface Kept {
  readonly revision: number
  readonly madeAt: number
  readonly preview: Promise<Preview>
}

const kept = new WeakMap<Database, Map<string, Kept>>()

/**
 * The rows of an import and what each would do. Nothing is written.
 *
 * @throws Problem `not-found`, `too-large`.
 */
export async function previewOf(database: Database, importId: string, now: Date): Promise<Preview> {
  const stored = await getImport(database.reads, importId)
  const previews = kept.get(database) ?? new Map<string, Kept>()
  kept.set(database, previews)
  const known = previews.get(importId)
  const isFresh = known && known.revision === stored.revision && now.getTime() - known.madeAt < KEPT_MS
  if (isFresh) return known.preview
  const preview = makePreview(database, stored, now)
  previews.delete(importId)
  previews.set(importId, { revision: stored.revision, madeAt: now.getTime(), preview })
  for (const old of [...previews.keys()].slice(0, -MOST_KEPT)) previews.delete(old)
  preview.catch(() => previews.delete(importId))
  return preview
}

async function makePreview(database: Database, stored: Import, now: Date): Promise<Preview> {
  const reading = readingOf(stored)
  const { rows, header } = await readRows(await readOctets(database.reads, stored.id), reading)
  const compared = await compareRows(database.reads, rows, reading.clearsEmpty)
  return { rows: compared, fileRows: rows, header, comparedAt: now, revision: stored.revision }
}
