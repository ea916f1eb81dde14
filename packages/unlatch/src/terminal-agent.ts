import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import {
  type Agent,
  asProblem,
  type CardReaders,
  openAgent,
  openPcsc,
  tracedReaders,
  trustOnly,
  virtualReaders,
} from '@unlatch/agent'
import { Problem } from '@unlatch/contract'
import { CardFileError, loadVirtualCardFile, VirtualReader } from '@unlatch/virtual-cards'

/** What every command that works at a card may be told. */
export interface AgentOptions {
  readonly reader?: string
  readonly virtualCard?: string
  readonly folder?: string
  readonly server?: string
  readonly configurationKey?: string
  readonly ca?: string
  readonly trace?: boolean
}

/** Opens this computer's agent, does the work, and lets the readers go. */
export async function withAgent(options: AgentOptions, work: (agent: Agent) => Promise<void>): Promise<void> {
  const folder = options.folder ?? join(homedir(), '.local', 'state', 'unlatch-agent')
  const { serverUrl, pinnedKeyHex } = knowServer(folder, options)
  const ca = join(folder, CA_FILE)
  if (existsSync(ca)) trustOnly(ca)
  const opened = await openReaders(options.virtualCard).catch(throwAsProblem)
  const readers = options.trace ? tracedReaders(opened, (line) => console.error(line)) : opened
  try {
    await work(openAgent({ folder, serverUrl, pinnedKeyHex, readers }))
  } finally {
    await readers.close()
  }
}

async function openReaders(virtualCard: string | undefined): Promise<CardReaders> {
  if (virtualCard === undefined) return openPcsc()
  if (!existsSync(virtualCard)) throw new Problem('wrong-usage', { detail: `there is no card ${virtualCard}` })
  const reader = new VirtualReader()
  reader.insert(readVirtualCard(virtualCard))
  return virtualReaders([reader])
}

function readVirtualCard(path: string) {
  try {
    return loadVirtualCardFile(path)
  } catch (cause) {
    if (cause instanceof CardFileError) throw new Problem('wrong-usage', { detail: cause.message, cause })
    throw cause
  }
}

/** What the readers say, in the words of problems. */
function throwAsProblem(error: unknown): never {
  throw asProblem(error)
}

/** What was kept the last time; nothing when the file is spoiled. */
function readKept(path: string): { serverUrl?: string; pinnedKeyHex?: string } {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) ?? {}
  } catch {
    return {}
  }
}

/** Which server this agent belongs to: said now, or the last time. */
function knowServer(folder: string, options: AgentOptions): { serverUrl: string; pinnedKeyHex: string } {
  const path = join(folder, 'agent.json')
  const kept = readKept(path)
  const serverUrl = options.server ?? kept.serverUrl ?? ''
  const pinnedKeyHex = options.configurationKey ?? kept.pinnedKeyHex ?? ''
  if (!URL.canParse(serverUrl) || !/^[0-9A-F]{64}$/i.test(pinnedKeyHex)) {
    throw new Problem('wrong-usage', { detail: 'say --server and --configuration-key the first time' })
  }
  if (!isSafe(new URL(serverUrl))) {
    throw new Problem('wrong-usage', { detail: `${serverUrl}: a server that is not this computer is reached by https` })
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (options.ca !== undefined) keepCa(options.ca, join(folder, CA_FILE))
  writeFileSync(path, `${JSON.stringify({ serverUrl, pinnedKeyHex })}\n`, { mode: 0o600 })
  return { serverUrl, pinnedKeyHex }
}

/** The authority that signs the server's certificate, pinned at installation. */
const CA_FILE = 'ca.pem'

const isSafe = ({ protocol, hostname }: URL) =>
  protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))

function keepCa(from: string, to: string): void {
  trustOnly(from)
  copyFileSync(from, to)
}
