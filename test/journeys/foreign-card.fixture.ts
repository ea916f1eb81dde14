import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { ascii, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { createVirtualCard } from '@unlatch/virtual-cards'

const UNLATCH = fileURLToPath(new URL('../../packages/unlatch/bin/unlatch.mjs', import.meta.url))

/** The secrets of a card that another system took over. */
export interface ForeignSecrets {
  /** Six digits. */
  readonly puk: string
  /** Key 9B, AES-192. */
  readonly managementKey: Uint8Array
}

/** A YubiKey of another system, in a file. */
export function writeForeignCard(path: string): ForeignSecrets {
  const secrets: ForeignSecrets = { puk: '730946', managementKey: nodeCrypto.random(24) }
  const memory = createVirtualCard('yubikey').save() as never as { puk: object; managementKey: object }
  const changed = {
    ...memory,
    puk: { ...memory.puk, valueHex: `${writeHex(ascii(secrets.puk))}FFFF` },
    managementKey: { ...memory.managementKey, keyHex: writeHex(secrets.managementKey) },
  }
  writeFileSync(path, JSON.stringify(changed), { mode: 0o600 })
  return secrets
}

/** What is typed for `--current-keys-fd`. */
export const linesOf = ({ puk, managementKey }: ForeignSecrets): string =>
  `${puk}\naes192:${writeHex(managementKey).toLowerCase()}\n`

/** A station's command, with what is written to its file descriptor 3. */
export async function runStation(args: readonly string[], lines = '') {
  const child = spawn(process.execPath, [UNLATCH, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  const told = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) child[name]?.on('data', (octets) => (told[name] += octets))
  const third = child.stdio[3] as Writable
  third.on('error', () => {})
  third.end(lines)
  const [status] = await once(child, 'close')
  return { status: status as number | null, ...told }
}
