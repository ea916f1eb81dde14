import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** `unlatch serve` as a process of its own, as an administrator starts it. */

const UNLATCH = fileURLToPath(new URL('../../packages/unlatch/bin/unlatch.mjs', import.meta.url))
const TIME_LIMIT_MS = 60_000

export interface Served {
  readonly url: string
  readonly configurationKey: string
  readonly child: ChildProcess
  /** What it has said so far on the error channel. */
  said(): string
  /** Resolves when it has said this. */
  saying(text: string | RegExp): Promise<void>
  /** Ends it as an administrator or systemd does; its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts `unlatch serve` and waits until it serves. */
export async function startServing(
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string } = {},
): Promise<Served> {
  const child = spawn(process.execPath, [UNLATCH, 'serve', '--log', 'error', ...args], {
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  })
  const fd3 = child.stdio[3] as NodeJS.WritableStream
  fd3.on('error', () => {})
  fd3.end(options.input ?? '')
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const limit = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT_MS)
  const ended = once(child, 'close').then(([code]) => {
    clearTimeout(limit)
    return code as number | null
  })
  const saying = async (text: string | RegExp) => {
    for (;;) {
      if (typeof text === 'string' ? said.includes(text) : text.test(said)) return
      if (child.exitCode !== null) throw new Error(`unlatch serve ended with ${child.exitCode}: ${said}`)
      await sleep(20)
    }
  }
  await saying(/configuration key for agents: \w+/)
  return {
    url: /serving at (\S+)/.exec(said)?.[1] ?? '',
    configurationKey: /configuration key for agents: (\w+)/.exec(said)?.[1] ?? '',
    child,
    said: () => said,
    saying,
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

/** A run of any other command; its exit code and all that it said. */
export async function runUnlatch(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [UNLATCH, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const limit = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT_MS)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(limit)
  return { code, output }
}

/** A certificate for this computer that signs itself, and its key; made by openssl. */
export function makeCertificate(folder: string, name: string): { certificate: string; key: string } {
  const [certificate, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)]
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', key, '-out', certificate],
    ],
    { stdio: 'pipe', timeout: 30_000 },
  )
  return { certificate, key }
}
