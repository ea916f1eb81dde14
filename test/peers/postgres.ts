import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * A PostgreSQL cluster of a test's own, in a folder that goes with it. It listens on a Unix socket inside the folder and on
 * no network; `fsync` stays on, since our server refuses anything else. Its default collation is linguistic, as on many
 * clusters outside: whatever relies on the order of bytes must say so.
 */
export interface Postgres {
  /** Address of a database in it. */
  url(database?: string): string
  /** Ends the postmaster and every session at once, as a crash does. */
  crash(): Promise<void>
  start(): Promise<void>
  /** The whole cluster stands still: nothing answers, nothing is refused. */
  freeze(): void
  thaw(): void
  /** Ends everything and removes the folder. */
  stop(): Promise<void>
}

/** Where PostgreSQL's programs are: the newest version's folder. */
export function findPostgres(): string | undefined {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return undefined
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
}

const POLL_MS = 50
const INITDB = ['--auth=trust', '--username=unlatch', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
const LINGUISTIC = ['--locale-provider=icu', '--icu-locale=en-US']

/** Makes a cluster with these settings, and starts it. */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<Postgres> {
  const bin = findPostgres()
  if (!bin) throw new Error('a required peer is absent: postgres')
  const program = (name: string) => join(bin, name)
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-pg-'))
  const user = findUser()
  if (user) chownSync(folder, user.uid, user.gid)
  const options = { cwd: folder, ...user }
  const data = join(folder, 'data')
  execFileSync(program('initdb'), ['-D', data, ...INITDB, ...LINGUISTIC], { ...options, stdio: 'pipe' })
  const all = { listen_addresses: '', unix_socket_directories: folder, shared_buffers: '32MB', ...settings }
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])

  let postmaster: ChildProcess | undefined
  let ended: Promise<void> = Promise.resolve()
  const isReady = () => {
    try {
      execFileSync(program('pg_isready'), ['-q', '-h', folder, '-U', 'unlatch', '-d', 'postgres'])
      return true
    } catch {
      return false
    }
  }
  async function start(): Promise<void> {
    const child = spawn(program('postgres'), ['-D', data, ...args], { ...options, stdio: 'ignore' })
    postmaster = child
    ended = new Promise((resolve) => child.once('close', () => resolve()))
    while (!isReady()) {
      if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}`)
      await sleep(POLL_MS)
    }
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    postmaster?.kill(signal)
    await ended
    postmaster = undefined
  }
  const signalAll = (signal: NodeJS.Signals) => {
    const { pid } = postmaster ?? {}
    if (pid !== undefined) for (const one of [pid, ...childrenOf(pid)]) signalIfThere(one, signal)
  }
  await start()
  return {
    url: (database = 'postgres') => `postgresql://unlatch@/${database}?host=${encodeURIComponent(folder)}`,
    start,
    crash: () => end('SIGQUIT'),
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    async stop() {
      signalAll('SIGCONT')
      await end('SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A process of the cluster may have ended since it was listed. */
function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Who runs the programs: they refuse root. */
function findUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (option: string, name: string) => Number(execFileSync('id', [option, name], { stdio: 'pipe' }))
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: idOf('-u', name), gid: idOf('-g', name) }
    } catch {}
  }
  throw new Error('PostgreSQL needs another user than root')
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return children.split(' ').filter(Boolean).map(Number)
}
