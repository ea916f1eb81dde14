import { spawn } from 'node:child_process'
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Problem } from '@unlatch/contract'
import pg from 'pg'

/** Copies of a whole database, taken while the server works, and put back while none does. */

/** A copy of the embedded database, whole and consistent. */
export function copySqlite(path: string, to: string): void {
  if (!existsSync(path)) throw new Problem('wrong-usage', { detail: `there is no database ${path}` })
  const source = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
  try {
    source.prepare('vacuum into ?').run(to)
  } finally {
    source.close()
  }
  chmodSync(to, 0o600)
  // SQLite does not flush what it copies into.
  flush(to)
  expectWhole(to)
}

/** Puts a copy in the database's place; what was there is kept beside it, and its name returned. */
export function replaceSqlite(copy: string, path: string, at: Date): string | undefined {
  expectWhole(copy)
  const aside = `${path}.replaced-${at.toISOString().replace(/[-:]|\.\d+/g, '')}`
  const parts = readdirSync(dirname(path)).filter((name) => [basename(path), `${basename(path)}-wal`].includes(name))
  for (const name of parts) renameSync(join(dirname(path), name), `${aside}${name.slice(basename(path).length)}`)
  rmSync(`${path}-shm`, { force: true })
  renameSync(copy, path)
  flush(dirname(path))
  return parts.length > 0 ? aside : undefined
}

function expectWhole(path: string): void {
  const copy = new DatabaseSync(path, { readOnly: true })
  try {
    const [row] = copy.prepare('pragma integrity_check').all()
    if (row?.integrity_check !== 'ok') throw new Problem('backup-damaged', { detail: `${path}: not a whole database` })
  } finally {
    copy.close()
  }
}

function flush(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A copy of a PostgreSQL database by its own `pg_dump`. */
export async function dumpPostgres(url: string, to: string): Promise<void> {
  await run('pg_dump', ['--format=custom', '--no-owner', '--no-privileges', `--file=${to}`], url)
  chmodSync(to, 0o600)
  flush(to)
}

/** Puts a copy back by `pg_restore`, in one transaction: all of it or nothing. */
export async function restorePostgres(copy: string, url: string): Promise<void> {
  await expectNobodyThere(url)
  const all = ['--clean', '--if-exists', '--no-owner', '--no-privileges', '--single-transaction', '--exit-on-error']
  await run('pg_restore', [...all, '--dbname=', copy], url)
}

/** Another server on the same database must not go on while it is replaced. */
async function expectNobodyThere(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 5000 })
  try {
    await client.connect()
    const others = `select count(*)::int as others from pg_stat_activity
      where datname = current_database() and application_name = 'unlatch'`
    const { rows } = await client.query<{ others: number }>(others)
    if ((rows[0]?.others ?? 0) > 0) throw new Problem('folder-in-use', { detail: 'a server works on this database' })
  } catch (cause) {
    throw cause instanceof Problem ? cause : new Problem('database-unreachable', { cause })
  } finally {
    await client.end().catch(() => {})
  }
}

/** Runs one of PostgreSQL's programs against a database. The password goes by the environment: others can read arguments. */
async function run(program: string, args: readonly string[], url: string): Promise<void> {
  const { host, port, user, password, database } = new pg.Client({ connectionString: url })
  const env = {
    ...process.env,
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user ?? '',
    PGDATABASE: database ?? '',
    ...(password && { PGPASSWORD: password }),
  }
  const words = args.map((arg) => (arg === '--dbname=' ? `--dbname=${database}` : arg))
  const child = spawn(program, words, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (cause) => reject(new Problem('wrong-usage', { detail: `${program} is not installed`, cause })))
    child.on('close', resolve)
  })
  if (code !== 0) throw new Problem('database-unreachable', { detail: `${program}: ${said.trim().split('\n').at(-1)}` })
}
