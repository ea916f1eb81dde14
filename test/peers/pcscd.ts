import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { PowerCut, VirtualCardState } from '@unlatch/virtual-cards'
import { runProgram } from './run-program.ts'
import type { HostOrder } from './vpcd-host.ts'

/**
 * A pcscd of one test file's own, with vpcd's two slots. It lives in a network namespace, since vpcd listens on all
 * addresses, and has a folder of its own for its socket: so files run side by side, and beside the machine's own pcscd.
 */
export interface Pcscd {
  /** Environment that makes clients find this pcscd. */
  readonly env: { readonly PCSCLITE_CSOCK_NAME: string }
  /** Name of a slot's reader: slot 0 or 1. */
  readerName(slot: number): string
  /** Puts a card into a slot and waits until pcscd shows it. */
  insert(slot: number, card: VirtualCardState): Promise<void>
  /** Takes the card out and waits until pcscd shows that. */
  remove(slot: number): Promise<void>
  /** Takes the card out and returns at once. */
  pull(slot: number): Promise<void>
  /** The memory of the card that is in a slot, or was in it last. */
  save<State extends VirtualCardState>(slot: number): Promise<State>
  /** The commands that the card got since the last call, in hexadecimal. */
  commands(slot: number): Promise<string[]>
  cutPower(slot: number, cut: PowerCut): Promise<void>
  /** Runs `unlatch` where vpcd can be reached, and waits until pcscd shows cards in these slots. */
  unlatch(args: readonly string[], ...slots: number[]): Promise<void>
  /** Ends pcscd, as `kill -9` does. */
  stopDaemon(): Promise<void>
  startDaemon(): Promise<void>
  /** Ends everything. */
  stop(): Promise<void>
}

const HOST = fileURLToPath(new URL('./vpcd-host.ts', import.meta.url))
const ROUTE = 'dev lo table local proto kernel scope host src 127.0.0.1'
/**
 * vpcd writes a message's length and body apart, and the body waits until the length is acknowledged: 40 ms a command.
 * The namespace is ours alone, so acknowledgements go out at once in it.
 */
const INSIDE = [
  'mkdir -p /run/pcscd',
  'mount --bind "$1" /run/pcscd',
  'ip link set lo up',
  `ip route change local 127.0.0.0/8 ${ROUTE} quickack 1`,
  `ip route change local 127.0.0.1 ${ROUTE} quickack 1`,
  'exec "$2" "$3"',
].join(' && ')
const POLL_MS = 50
/** pcscd looks at a slot every 0.4 s; a card that is back before it looked was never away for it. */
const NOTICE_MS = 500

/** Starts pcscd with empty slots. */
export async function startPcscd(): Promise<Pcscd> {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-pcscd-'))
  const args = ['--net', '--mount', 'sh', '-c', INSIDE, 'sh', folder, process.execPath, HOST]
  const host = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => host.once('close', () => resolve()))
  const answers = createInterface({ input: host.stdout })[Symbol.asyncIterator]()
  let turn: Promise<unknown> = Promise.resolve()
  const tell = (order: HostOrder): Promise<unknown> => {
    const asked = turn.then(async () => {
      host.stdin.write(`${JSON.stringify(order)}\n`)
      const { value, done } = await answers.next()
      if (done) throw new Error('the host of pcscd ended')
      const { result, error } = JSON.parse(value) as { result?: unknown; error?: string }
      if (error) throw new Error(error)
      return result
    })
    turn = asked.catch(() => {})
    return asked
  }
  const env = { PCSCLITE_CSOCK_NAME: join(folder, 'pcscd.comm') }
  const shows = async (slot: number, isThere: boolean) => {
    while ((await isCardShown(env, slot)) !== isThere) await sleep(POLL_MS)
  }
  const used = new Set<number>()
  await tell({ order: 'start-pcscd' })
  return {
    env,
    readerName: (slot) => `Virtual PCD 00 0${slot}`,
    async insert(slot, card) {
      await tell({ order: 'remove', slot })
      await shows(slot, false)
      if (used.has(slot)) await sleep(NOTICE_MS)
      used.add(slot)
      await tell({ order: 'insert', slot, card })
      await shows(slot, true)
    },
    async remove(slot) {
      await tell({ order: 'remove', slot })
      await shows(slot, false)
    },
    pull: async (slot) => void (await tell({ order: 'remove', slot })),
    save: async <State extends VirtualCardState>(slot: number) => (await tell({ order: 'save', slot })) as State,
    commands: async (slot) => ((await tell({ order: 'commands', slot })) ?? []) as string[],
    cutPower: async (slot, cut) => void (await tell({ order: 'cut-power', slot, cut })),
    async unlatch(args, ...slots) {
      await tell({ order: 'unlatch', args })
      for (const slot of slots) await shows(slot, true)
    },
    stopDaemon: async () => void (await tell({ order: 'stop-pcscd' })),
    startDaemon: async () => void (await tell({ order: 'start-pcscd' })),
    async stop() {
      host.stdin.end()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One line a reader: number, "Yes" or "No", features, name. */
async function isCardShown(env: Pcscd['env'], slot: number): Promise<boolean> {
  const { stdout } = await runProgram('opensc-tool', ['--list-readers'], { env })
  return new RegExp(`^${slot} +Yes`, 'm').test(stdout)
}
