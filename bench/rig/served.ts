import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ServerOptions } from '@unlatch/server'

/** The server of a bench, in a process of its own. */
export interface Served {
  readonly port: number
  readonly pid: number
  /** Milliseconds of processor time that it took so far, in all its threads. */
  cpuMs(): number
  stop(): Promise<void>
  /** Ends it as `kill -9` does. */
  kill(): void
}

const SERVE = fileURLToPath(new URL('./serve.ts', import.meta.url))
const CLOCK_TICK_MS = 10

/**
 * Starts it.
 *
 * @param before - program and arguments in front of it: `strace`, `taskset`.
 * @param node - arguments of its Node: `--cpu-prof`.
 */
export async function serve(
  options: ServerOptions,
  { before = [], node = [] }: { before?: readonly string[]; node?: readonly string[] } = {},
): Promise<Served> {
  const [program = '', ...args] = [...before, process.execPath, ...node, SERVE, JSON.stringify(options)]
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the server ended')))
    child.stdout.once('data', (text) => resolve(String(text)))
  })
  const { url, pid } = JSON.parse(line) as { url: string; pid: number }
  return {
    port: Number(new URL(url).port),
    pid,
    cpuMs: () => cpuMsOf(pid),
    stop() {
      child.stdin.end()
      return ended
    },
    kill: () => void process.kill(pid, 'SIGKILL'),
  }
}

/** [proc_pid_stat(5)] Fields 14 and 15, user and system time, counted after the name, which may hold blanks. */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS
}
