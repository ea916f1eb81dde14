import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Reachable } from './call-stage.fixture.ts'

/** Processes of these journeys, to be killed. */
export interface StartedProcess {
  readonly child: ChildProcess
  nextLine(): Promise<string>
  tell(line: string): void
}

const started = new Set<ChildProcess>()

/** Starts a fixture in a process of its own. */
export function start(name: string, ...args: string[]): StartedProcess {
  const path = fileURLToPath(new URL(`${name}.fixture.ts`, import.meta.url))
  // What Node made of our sources is kept: a process is there in half the time.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'unlatch-compile-cache') }
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'], env })
  child.stdin.on('error', () => {})
  started.add(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    child,
    tell: (line) => void child.stdin.write(`${line}\n`),
    async nextLine() {
      const { value, done } = await lines.next()
      if (done) throw new Error(`${name} ended`)
      return value as string
    },
  }
}

/** SIGKILL: nothing in the process hears of it. */
export async function kill(child: ChildProcess): Promise<void> {
  started.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

export async function killAll(): Promise<void> {
  for (const child of [...started]) await kill(child)
}

/** One process is always ready, its program loaded: what takes over from a killed one is there at once. */
export function keepReady(name: string): () => StartedProcess {
  let spare = start(name)
  return () => {
    const ready = spare
    spare = start(name)
    return ready
  }
}

/** The server over a folder, in a process of its own. */
export async function openServerProcess(
  folder: string,
  server = start('tears-server'),
): Promise<Reachable & { child: ChildProcess }> {
  server.tell(folder)
  return { ...JSON.parse(await server.nextLine()), child: server.child }
}
