import { createHash } from 'node:crypto'
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Problem } from '@unlatch/contract'
import * as z from 'zod/mini'
import { copyKeys, KEY_FILES, restoreKeys } from './adapters/soft-keys/backup.ts'
import { type Config, placesIn, readConfig, type ServerOptions } from './config.ts'
import { copySqlite, dumpPostgres, replaceSqlite, restorePostgres } from './db/backup.ts'
import { lockFolder } from './db/folder-lock.ts'

/**
 * Backup and restore of a server: database, sealed key store and key journal, in this order, so that a journal in a backup is
 * never behind its database. A backup is a folder with a manifest, which is written last: without it a backup is none.
 */

const Manifest = z.object({
  format: z.literal('unlatch-backup/1'),
  at: z.string(),
  database: z.enum(['sqlite', 'postgresql']),
  files: z.record(z.string(), z.object({ sha256: z.string(), bytes: z.number() })),
})
type Manifest = z.infer<typeof Manifest>

const DATABASE_FILE = { sqlite: 'unlatch.db', postgresql: 'unlatch.pgdump' } as const
const MANIFEST_FILE = 'manifest.json'

/** A backup that is there. */
export interface BackupMade {
  readonly path: string
  readonly bytes: number
}

/** What a restore did. */
export interface RestoredBackup {
  /** When the backup was made. */
  readonly at: string
  /** Where the database lies that was replaced; absent where there was none, or with PostgreSQL. */
  readonly replaced: string | undefined
  /** No journal was here: cards may have secrets that no file knows. */
  readonly isJournalOld: boolean
}

/**
 * Makes a backup in a new folder inside `to`, while the server works.
 *
 * @throws Problem `wrong-usage`, `database-unreachable`, `database-full`.
 */
export async function backUp(options: ServerOptions, to: string, now = new Date()): Promise<BackupMade> {
  const config = readConfig(options)
  const places = placesIn(config.folder)
  const kind = kindOf(config)
  const path = join(to, `unlatch-${now.toISOString().replace(/[-:]|\.\d+/g, '')}`)
  if (existsSync(path)) throw new Problem('wrong-usage', { detail: `${path} is there already` })
  const unfinished = `${path}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true, mode: 0o700 })
  try {
    const copy = join(unfinished, DATABASE_FILE[kind])
    if (config.database) await dumpPostgres(config.database.url, copy)
    else copySqlite(places.database, copy)
    copyKeys(places.keys, unfinished)
    const files: Manifest['files'] = {}
    for (const name of [DATABASE_FILE[kind], ...KEY_FILES]) files[name] = await describeFile(join(unfinished, name))
    const manifest: Manifest = { format: 'unlatch-backup/1', at: now.toISOString(), database: kind, files }
    writeFileSync(join(unfinished, MANIFEST_FILE), `${JSON.stringify(manifest, null, 1)}\n`, {
      mode: 0o600,
      flush: true,
    })
    renameSync(unfinished, path)
    return { path, bytes: Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0) }
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    throw error
  }
}

/**
 * Puts a backup back, with no server running. Torn at any point it can be run again; until `unlatch restore accept` the server
 * lets nothing out.
 *
 * @throws Problem `backup-damaged` before anything is touched; `folder-in-use`; `wrong-usage`.
 */
export async function restoreBackup(options: ServerOptions, from: string, now = new Date()): Promise<RestoredBackup> {
  const config = readConfig(options)
  const places = placesIn(config.folder)
  const kind = kindOf(config)
  const manifest = await readManifest(from)
  if (manifest.database !== kind) {
    throw new Problem('wrong-usage', {
      detail: `the backup is of ${manifest.database}, the configuration says ${kind}`,
    })
  }
  mkdirSync(config.folder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(places.lock)
  try {
    const { isJournalOld } = restoreKeys(from, places.keys, now)
    const copy = join(from, DATABASE_FILE[kind])
    if (config.database) {
      await restorePostgres(copy, config.database.url)
      return { at: manifest.at, replaced: undefined, isJournalOld }
    }
    const incoming = `${places.database}.incoming`
    rmSync(incoming, { force: true })
    copyFileSync(copy, incoming)
    return { at: manifest.at, replaced: replaceSqlite(incoming, places.database, now), isJournalOld }
  } finally {
    unlock()
  }
}

const kindOf = ({ database }: Config): Manifest['database'] => (database ? 'postgresql' : 'sqlite')

async function readManifest(from: string): Promise<Manifest> {
  const path = join(from, MANIFEST_FILE)
  if (!existsSync(path))
    throw new Problem('wrong-usage', { detail: `${from} is no backup: it has no ${MANIFEST_FILE}` })
  const parsed = Manifest.safeParse(readJson(path))
  if (!parsed.success) throw new Problem('backup-damaged', { detail: `${path} is damaged` })
  for (const [name, { sha256, bytes }] of Object.entries(parsed.data.files)) {
    const found = existsSync(join(from, name)) ? await describeFile(join(from, name)) : undefined
    if (found?.sha256 !== sha256 || found.bytes !== bytes) {
      throw new Problem('backup-damaged', { detail: `${name} is not what the backup's manifest says` })
    }
  }
  return parsed.data
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

async function describeFile(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest('hex'), bytes }
}
