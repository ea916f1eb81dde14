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
  const folder = folderOf(options)
  const { serverUrl, pinnedKeyHex } = knowServer(folder, options)
  trustAuthority(folder, undefined)
  const opened = await openReaders(options.virtualCard).catch(throwAsProblem)
  const readers = options.trace ? tracedReaders(opened, (line) => console.error(line)) : opened
  try {
    await work(openAgent({ folder, serverUrl, pinnedKeyHex, readers }))
  } finally {
    await readers.close()
  }
}

/** The readers of this computer, or a virtual one. */
export async function openReaders(virtualCard: string | undefined): Promise<CardReaders> {
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
export function readKept(folder: string): { serverUrl?: string; pinnedKeyHex?: string } {
  try {
    return JSON.parse(readFileSync(join(folder, SERVER_FILE), 'utf8')) ?? {}
  } catch {
    return {}
  }
}

/** Which server this agent belongs to: said now, or the last time. */
function knowServer(folder: string, options: AgentOptions): { serverUrl: string; pinnedKeyHex: string } {
  const kept = readKept(folder)
  const serverUrl = options.server ?? kept.serverUrl ?? ''
  const pinnedKeyHex = options.configurationKey ?? kept.pinnedKeyHex ?? ''
  if (!URL.canParse(serverUrl) || !/^[0-9A-F]{64}$/i.test(pinnedKeyHex)) {
    throw new Problem('wrong-usage', { detail: 'enrol this computer with: unlatch agent enrol' })
  }
  expectSafe(serverUrl)
  keepServer(folder, { serverUrl, pinnedKeyHex, ca: options.ca })
  return { serverUrl, pinnedKeyHex }
}

/** Where this computer's agent keeps its files. */
export const folderOf = ({ folder }: Pick<AgentOptions, 'folder'>): string =>
  folder ?? join(homedir(), '.local', 'state', 'unlatch-agent')

/** @throws Problem `wrong-usage` for an address that leads to another computer without TLS, or that is none. */
export function expectSafe(serverUrl: string): void {
  if (!URL.canParse(serverUrl)) throw new Problem('wrong-usage', { detail: `${serverUrl}: this is no address` })
  if (isSafe(new URL(serverUrl))) return
  throw new Problem('wrong-usage', { detail: `${serverUrl}: a server that is not this computer is reached by https` })
}

/** From now on this process trusts the authority that is said, else the one that is kept, if any. */
export function trustAuthority(folder: string, ca: string | undefined): void {
  const kept = join(folder, CA_FILE)
  if (ca !== undefined) trustOnly(ca)
  else if (existsSync(kept)) trustOnly(kept)
}

/** Keeps for the next time which server this agent belongs to. */
export function keepServer(
  folder: string,
  { serverUrl, pinnedKeyHex, ca }: { serverUrl: string; pinnedKeyHex: string; ca: string | undefined },
): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (ca !== undefined) keepCa(ca, join(folder, CA_FILE))
  writeFileSync(join(folder, SERVER_FILE), `${JSON.stringify({ serverUrl, pinnedKeyHex })}\n`, { mode: 0o600 })
}

/** Which server, and which key signs its configuration. */
const SERVER_FILE = 'agent.json'

/** The authority that signs the server's certificate, pinned at installation. */
const CA_FILE = 'ca.pem'

const isSafe = ({ protocol, hostname }: URL) =>
  protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))

function keepCa(from: string, to: string): void {
  trustOnly(from)
  copyFileSync(from, to)
}
