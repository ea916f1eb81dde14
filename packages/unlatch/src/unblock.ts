import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import {
  type CardReaders,
  openAgent,
  openPcsc,
  openTerminal,
  tracedReaders,
  unblock,
  virtualReaders,
} from '@unlatch/agent'
import { Problem } from '@unlatch/contract'
import { loadVirtualCardFile, VirtualReader } from '@unlatch/virtual-cards'

/** What the command line may say. */
interface Options {
  readonly reader?: string
  readonly virtualCard?: string
  readonly folder?: string
  readonly server?: string
  readonly configurationKey?: string
  readonly inputFd?: string
  readonly force?: boolean
  readonly json?: boolean
  readonly trace?: boolean
}

/** `unblock --offline`. */
export async function unblockAtTerminal(options: Options): Promise<void> {
  const folder = options.folder ?? join(homedir(), '.local', 'state', 'unlatch-agent')
  const { serverUrl, pinnedKeyHex } = knowServer(folder, options)
  const opened = await openReaders(options.virtualCard)
  const readers = options.trace ? tracedReaders(opened, (line) => console.error(line)) : opened
  const terminal = openTerminal(options.inputFd === undefined ? undefined : Number(options.inputFd))
  try {
    const agent = openAgent({ folder, serverUrl, pinnedKeyHex, readers })
    const { reader, force = false, json = false } = options
    await unblock(agent, terminal, { reader, isForced: force, isJson: json })
  } finally {
    terminal.close()
    await readers.close()
  }
}

async function openReaders(virtualCard: string | undefined): Promise<CardReaders> {
  if (virtualCard === undefined) return openPcsc()
  if (!existsSync(virtualCard)) throw new Problem('wrong-usage', { detail: `there is no card ${virtualCard}` })
  const reader = new VirtualReader()
  reader.insert(loadVirtualCardFile(virtualCard))
  return virtualReaders([reader])
}

/** Which server this agent belongs to: said now, or the last time. */
function knowServer(folder: string, options: Options): { serverUrl: string; pinnedKeyHex: string } {
  const path = join(folder, 'agent.json')
  const kept = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  const serverUrl = options.server ?? kept.serverUrl
  const pinnedKeyHex = options.configurationKey ?? kept.pinnedKeyHex
  if (!URL.canParse(serverUrl) || !/^[0-9A-F]{64}$/i.test(pinnedKeyHex)) {
    throw new Problem('wrong-usage', { detail: 'say --server and --configuration-key the first time' })
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(path, `${JSON.stringify({ serverUrl, pinnedKeyHex })}\n`, { mode: 0o600 })
  return { serverUrl, pinnedKeyHex }
}
