import { spawn } from 'node:child_process'

/** What a program did. */
export interface ProgramResult {
  /** Exit code; null when it was ended at its time limit. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Both, as they came. */
  readonly output: string
}

/** How to run a program. */
export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  readonly timeoutMs?: number
}

/**
 * Runs a program to its end. It has a time limit, since a client that waits at a prompt inside a PC/SC transaction makes
 * all others wait, without an error.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { env = {}, input = '', timeoutMs = 30_000 }: ProgramOptions = {},
): Promise<ProgramResult> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'pipe' })
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  const texts = { stdout: '', stderr: '', output: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
      texts.output += text
    })
  }
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve)
  })
  clearTimeout(timer)
  return { code, ...texts }
}
