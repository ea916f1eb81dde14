import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DirectorySettings, readLanguage } from '@unlatch/contract'
import { Client, type Entry, ResultCodeError, type SearchOptions } from 'ldapts'
import { type Directory, type DirectoryEntry, DirectoryError, type OpenDirectory } from '../../ports/directory.ts'
import { both, escapeOctets, escapeValue, readFirstName } from './filter.ts'

/**
 * People in an LDAP directory or Active Directory [RFC 4511]. TLS always: from the first octet (ldaps), or StartTLS before
 * anything is said (ldap). Whatever happens, the connection is closed, and nobody waits longer than the limits below.
 */

const CONNECT_MS = 5000
const ANSWER_MS = 10_000
const WHOLE_MS = 25_000
const CLOSE_MS = 1000
const PAGE = 500
const SEARCH_PAGE = 50
const DN_KEY = 'dn:'

export const ldapDirectory: Directory = {
  search: (open, words, limit) =>
    ask(open, async (client) => {
      const { name, userName, email } = open.settings.attributes
      const value = escapeValue(words)
      const starts = [name, userName, email].filter(Boolean).map((attribute) => `(${attribute}=${value}*)`)
      const filter = both(open.settings.filter, [...starts, `(${name}=* ${value}*)`])
      const entries = await readSome(client, open.settings, { filter, scope: 'sub' }, limit + 1)
      return { entries: entries.slice(0, limit), isMore: entries.length > limit }
    }),
  read: (open, keys) =>
    ask(open, async (client) => {
      const { entry } = open.settings.attributes
      const named = keys.filter((key) => !key.startsWith(DN_KEY))
      const some = named.map((key) => `(${entry}=${entry === 'objectGUID' ? escapeOctets(key) : escapeValue(key)})`)
      const filter = both(open.settings.filter, some)
      const found = some.length > 0 ? await readSome(client, open.settings, { filter, scope: 'sub' }, keys.length) : []
      for (const key of keys.filter((one) => one.startsWith(DN_KEY))) {
        const base = { ...open.settings, baseDn: key.slice(DN_KEY.length) }
        found.push(...(await readSome(client, base, { filter: open.settings.filter, scope: 'base' }, 1)))
      }
      return found
    }),
  count: (open) =>
    ask(open, async (client) => {
      const entries = await readSome(client, open.settings, { filter: open.settings.filter, scope: 'sub' }, PAGE + 1)
      return { count: Math.min(entries.length, PAGE), isMore: entries.length > PAGE }
    }),
}

/** Entries, page by page, until there are enough. [RFC 2696] */
async function readSome(
  client: Client,
  settings: DirectorySettings,
  wish: Pick<SearchOptions, 'filter' | 'scope'>,
  most: number,
): Promise<DirectoryEntry[]> {
  const { attributes } = settings
  const { entry, ...fields } = attributes
  const options: SearchOptions = {
    ...wish,
    attributes: [...new Set([...Object.values(fields).filter(Boolean), entry])],
    explicitBufferAttributes: ['objectGUID'],
    paged: { pageSize: most > PAGE ? PAGE : SEARCH_PAGE },
    timeLimit: ANSWER_MS / 1000,
  }
  const found: DirectoryEntry[] = []
  for await (const { searchEntries } of client.searchPaginated(settings.baseDn, options)) {
    found.push(...searchEntries.map((one) => readEntry(one, attributes)))
    if (found.length >= most) break
  }
  return found.slice(0, most)
}

function readEntry(entry: Entry, attributes: DirectorySettings['attributes']): DirectoryEntry {
  const textOf = (attribute: string): string => {
    const value = attribute === '' ? undefined : findValue(entry, attribute)
    const [first] = Array.isArray(value) ? value : [value]
    return (first === undefined ? '' : String(first)).replace(/\s+/g, ' ').trim().toWellFormed().replaceAll('\0', '')
  }
  const manager = textOf(attributes.manager)
  const key = attributes.entry === 'objectGUID' ? octetsOf(entry.objectGUID) : textOf(attributes.entry)
  return {
    key: key || `${DN_KEY}${entry.dn}`,
    dn: entry.dn,
    person: {
      name: textOf(attributes.name),
      userName: textOf(attributes.userName),
      department: textOf(attributes.department),
      email: textOf(attributes.email),
      phone: textOf(attributes.phone),
      language: readLanguage(textOf(attributes.language)),
      manager: /^[A-Za-z][\w-]*=/.test(manager) ? readFirstName(manager) : manager,
    },
  }
}

/** Servers answer with names of attributes as they write them. */
function findValue(entry: Entry, attribute: string) {
  const name = Object.keys(entry).find((one) => one.toLowerCase() === attribute.toLowerCase())
  return name === undefined ? undefined : entry[name]
}

const octetsOf = (value: Entry[string] | undefined): string => {
  const [first] = Array.isArray(value) ? value : [value]
  return Buffer.isBuffer(first) ? first.toString('hex').toUpperCase() : ''
}

/** Asks the first server that answers. One that refuses is not asked again elsewhere: the others would say the same. */
async function ask<T>(open: OpenDirectory, question: (client: Client) => Promise<T>): Promise<T> {
  // A server takes a name without a password for somebody who wants to be nobody, and lets him in. [RFC 4513, 5.1.2]
  if (!open.secret) throw new DirectoryError('directory-sign-in', 'no password is stored')
  let last = new DirectoryError('directory-unreachable', 'no server is named')
  for (const url of open.settings.urls) {
    try {
      return await askServer(url, open, question)
    } catch (cause) {
      last = cause instanceof DirectoryError ? cause : asDirectoryError(cause)
      if (last.code !== 'directory-unreachable') throw last
    }
  }
  throw last
}

async function askServer<T>(
  url: string,
  { settings, secret }: OpenDirectory,
  question: (client: Client) => Promise<T>,
): Promise<T> {
  const { hostname, protocol } = new URL(url)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const tlsOptions = {
    minVersion: 'TLSv1.2' as const,
    // An upgraded socket does not know by itself whom it was opened to: what the certificate must name stands here.
    host,
    // An address is compared with the certificate all the same; it is no name to ask for. [RFC 6066, 3]
    ...(isIP(host) === 0 && { servername: host }),
    ...(settings.authority !== '' && { ca: settings.authority }),
  }
  const isLdaps = protocol === 'ldaps:'
  const limits = { timeout: ANSWER_MS, connectTimeout: CONNECT_MS }
  const client = new Client({ url, ...limits, strictDN: false, ...(isLdaps && { tlsOptions }) })
  const closing = new AbortController()
  const answer = async () => {
    if (!isLdaps) await client.startTLS(tlsOptions)
    await client.bind(settings.bindDn, secret ?? '')
    return question(client)
  }
  const late = async () => {
    await sleep(WHOLE_MS, undefined, { signal: closing.signal })
    throw new DirectoryError('directory-unreachable', `no answer in ${WHOLE_MS / 1000} s`)
  }
  const asked = answer()
  try {
    return await Promise.race([asked, late()])
  } finally {
    closing.abort()
    asked.catch(() => {})
    await Promise.race([client.unbind().catch(() => {}), sleep(CLOSE_MS, undefined, { ref: false })])
  }
}

const INVALID_CREDENTIALS = 49
const NO_SUCH_OBJECT = 32
const INVALID_DN = 34
/** Time, size and administrative limit. [RFC 4511, 4.1.9] */
const LIMITS = [3, 4, 11]
/** Stronger authentication or confidentiality required. */
const WANTS_TLS = [8, 13]

function asDirectoryError(cause: unknown): DirectoryError {
  const { code = '', message = '' } = cause as { code?: string | number; message?: string }
  const said = (name: DirectoryError['code']) => new DirectoryError(name, message.slice(0, 500), { cause })
  if (cause instanceof ResultCodeError) {
    const { code: result } = cause
    if (result === INVALID_CREDENTIALS) return said('directory-sign-in')
    if (result === NO_SUCH_OBJECT || result === INVALID_DN) return said('directory-base')
    if (LIMITS.includes(result)) return said('directory-limit')
    return said(WANTS_TLS.includes(result) ? 'directory-insecure' : 'directory-refused')
  }
  if (isOfTls(cause)) return said('directory-insecure')
  const isOfNet = typeof code === 'string' && /^(E[A-Z]+|UND_)/.test(code)
  const isOfTime = /time|closed|connect|socket/i.test(message)
  return said(isOfNet || isOfTime ? 'directory-unreachable' : 'directory-refused')
}

/** Faults of a certificate or handshake carry OpenSSL's or Node's own codes. */
function isOfTls(error: unknown): boolean {
  const { code = '', message = '', cause } = error as { code?: string | number; message?: string; cause?: unknown }
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(String(code))) return true
  if (/certificate|wrong version number|altnames|TLS/i.test(message)) return true
  return cause !== undefined && cause !== null && isOfTls(cause)
}
