import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { writeHex } from '@unlatch/card'
import {
  loadVirtualCard,
  type PowerCut,
  serveVpcd,
  type VirtualCard,
  type VirtualCardState,
} from '@unlatch/virtual-cards'

/**
 * Runs inside the network namespace of one test file: pcscd as its child, and the virtual cards in its slots. It obeys
 * orders on standard input, one JSON text a line, and answers each on standard output.
 */

/** An order; the answer to `save` is the card's memory, to `commands` what it was sent since the last such order. */
export type HostOrder =
  | { readonly order: 'insert'; readonly slot: number; readonly card: VirtualCardState }
  | { readonly order: 'remove' | 'save' | 'commands'; readonly slot: number }
  | { readonly order: 'cut-power'; readonly slot: number; readonly cut: PowerCut }
  | { readonly order: 'start-pcscd' | 'stop-pcscd' }
  /** Runs `unlatch` in the namespace, until the host ends. */
  | { readonly order: 'unlatch'; readonly args: readonly string[] }

const UNLATCH = fileURLToPath(new URL('../../packages/unlatch/bin/unlatch.mjs', import.meta.url))
const SOCKET = '/run/pcscd/pcscd.comm'

const sent = new Map<number, string[]>()
/** The card that is or was last in a slot: also a torn one can be looked into. */
const cards = new Map<number, VirtualCard>()
const bridge = serveVpcd({ cards: [undefined, undefined] })
const programs: ChildProcess[] = []
let pcscd: ChildProcess | undefined

function recording(slot: number, card: VirtualCard): VirtualCard {
  sent.set(slot, [])
  cards.set(slot, card)
  return {
    kind: card.kind,
    atr: card.atr,
    reset: () => card.reset(),
    save: () => card.save(),
    transmit(command) {
      sent.get(slot)?.push(writeHex(command))
      return card.transmit(command)
    },
  }
}

async function startPcscd(): Promise<void> {
  const child = spawn('pcscd', ['--foreground'], { stdio: 'ignore' })
  pcscd = child
  while (!existsSync(SOCKET) && child.exitCode === null) await sleep(20)
  if (child.exitCode !== null) throw new Error(`pcscd ended with ${child.exitCode}`)
}

async function stopPcscd(): Promise<void> {
  const child = pcscd
  pcscd = undefined
  if (!child) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
  rmSync(SOCKET, { force: true })
  rmSync('/run/pcscd/pcscd.pid', { force: true })
}

async function obey(order: HostOrder): Promise<unknown> {
  switch (order.order) {
    case 'insert':
      return bridge.insert(order.slot, recording(order.slot, loadVirtualCard(order.card)))
    case 'remove':
      return bridge.remove(order.slot)
    case 'save':
      return cards.get(order.slot)?.save()
    case 'commands':
      return sent.get(order.slot)?.splice(0)
    case 'cut-power':
      return bridge.readers[order.slot]?.cutPower(order.cut)
    case 'start-pcscd':
      return startPcscd()
    case 'stop-pcscd':
      return stopPcscd()
    case 'unlatch':
      programs.push(spawn(process.execPath, [UNLATCH, ...order.args], { stdio: 'ignore' }))
      return
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await obey(JSON.parse(line)).then(
    (result) => ({ result }),
    (error: unknown) => ({ error: String(error) }),
  )
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
for (const program of programs) program.kill()
await stopPcscd()
bridge.close()
