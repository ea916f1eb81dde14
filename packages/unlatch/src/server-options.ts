import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { openTerminal } from '@unlatch/agent'
import { Problem } from '@unlatch/contract'
import type { ServerOptions } from '@unlatch/server'
import { parse, YAMLParseError } from 'yaml'
import { WEB_FOLDER } from './web-folder.ts'

/** What every command about a server may be told. */
export interface ServerWords {
  readonly config?: string
  readonly folder?: string
  readonly host?: string
  readonly port?: string
  readonly log?: ServerOptions['logLevel']
  readonly askPassphrase?: boolean
  readonly passphraseFd?: string
}

/** Read when no other file is named. */
const DEFAULT_FILE = '/etc/unlatch/unlatch.yaml'
/** Fields that are said by the program, or that have no place in a file. */
const NOT_IN_FILE = ['webFolder', 'isDemo', 'passphrase']
/** Names of systemd's credentials: what opens the key store when nobody is there. */
const CREDENTIALS = { passphrase: 'unlatch-passphrase', keyFile: 'unlatch-key' } as const

/**
 * The options of a server from its configuration file, the command line and systemd's environment, the later overruling the
 * earlier; and the passphrase of the key store from a credential or a person.
 *
 * @throws Problem `wrong-usage` that names the file and the field.
 */
export async function readServerOptions(words: ServerWords): Promise<ServerOptions> {
  const file = readFile(words.config)
  const port = words.port === undefined ? undefined : Number(words.port)
  if (port !== undefined && !Number.isInteger(port)) throw wrong(`${words.port} is no port`)
  const said = {
    ...(words.folder !== undefined && { folder: resolve(words.folder) }),
    ...(words.host !== undefined && { host: words.host }),
    ...(port !== undefined && { port }),
    ...(words.log !== undefined && { logLevel: words.log }),
  }
  return { folder: defaultFolder(), ...file, ...said, ...(await findUnlocking(words)), webFolder: WEB_FOLDER }
}

function defaultFolder(): string {
  if (process.env.STATE_DIRECTORY) return process.env.STATE_DIRECTORY
  return process.getuid?.() === 0 ? '/var/lib/unlatch' : join(homedir(), '.local', 'state', 'unlatch')
}

function readFile(named: string | undefined): Partial<ServerOptions> {
  const path = named ?? DEFAULT_FILE
  if (named === undefined && !existsSync(path)) return {}
  let content: unknown
  try {
    content = parse(readFileSync(path, 'utf8')) ?? {}
  } catch (cause) {
    if (cause instanceof YAMLParseError) throw wrong(`${path}: ${cause.message.split('\n')[0]}`, cause)
    throw wrong(`${path} cannot be read`, cause)
  }
  if (typeof content !== 'object' || Array.isArray(content)) throw wrong(`${path} holds no fields`)
  const fields = content as Record<string, unknown>
  for (const field of NOT_IN_FILE) if (field in fields) throw wrong(`${path}: ${field} has no place in the file`)
  return resolvePaths(fields, dirname(resolve(path)))
}

/** Paths in the file are relative to the file. */
function resolvePaths(fields: Record<string, unknown>, base: string): Partial<ServerOptions> {
  const absolute = (value: unknown) => (typeof value === 'string' ? resolve(base, value) : value)
  const resolved: Record<string, unknown> = { ...fields }
  for (const field of ['folder', 'keyFile']) if (field in fields) resolved[field] = absolute(fields[field])
  if (typeof fields.tls === 'object' && fields.tls !== null) {
    resolved.tls = Object.fromEntries(Object.entries(fields.tls).map(([name, value]) => [name, absolute(value)]))
  }
  const { operatorCardAuthority: authority } = fields
  if (typeof authority === 'object' && authority !== null) {
    const { certificates, revocationLists: lists } = authority as Record<string, unknown>
    resolved.operatorCardAuthority = {
      ...authority,
      ...(certificates !== undefined && { certificates: absolute(certificates) }),
      ...(Array.isArray(lists) && { revocationLists: lists.map((list) => (isAddress(list) ? list : absolute(list))) }),
    }
  }
  return resolved
}

const isAddress = (value: unknown) => typeof value === 'string' && /^[a-z][a-z0-9+.-]+:\/\//i.test(value)

async function findUnlocking(words: ServerWords): Promise<Partial<Pick<ServerOptions, 'passphrase' | 'keyFile'>>> {
  if (words.askPassphrase || words.passphraseFd !== undefined) return { passphrase: await askPassphrase(words) }
  const credentials = process.env.CREDENTIALS_DIRECTORY
  if (credentials === undefined) return {}
  const [passphrase, keyFile] = [join(credentials, CREDENTIALS.passphrase), join(credentials, CREDENTIALS.keyFile)]
  if (existsSync(passphrase)) return { passphrase: readFileSync(passphrase, 'utf8').replace(/\r?\n$/, '') }
  return existsSync(keyFile) ? { keyFile } : {}
}

async function askPassphrase({ passphraseFd }: ServerWords): Promise<string> {
  const fd = passphraseFd === undefined ? undefined : Number(passphraseFd)
  if (fd !== undefined && !Number.isInteger(fd)) throw wrong(`--passphrase-fd ${passphraseFd} is no file descriptor`)
  const terminal = openTerminal(fd)
  try {
    const typed = await terminal.ask('Passphrase of the key store: ', true)
    if (typed.length === 0) throw wrong('an empty passphrase opens nothing')
    return Buffer.from(typed).toString('utf8')
  } finally {
    terminal.close()
  }
}

const wrong = (detail: string, cause?: unknown) => new Problem('wrong-usage', { detail, cause })
