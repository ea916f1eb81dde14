import { type DirectorySettings, readLanguage } from '@unlatch/contract'
import type { Client, Entry, SearchOptions } from 'ldapts'
import type { Directory, DirectoryEntry } from '../../ports/directory.ts'
import { ANSWER_MS, ask } from './ask.ts'
import { DN_KEY, findValue } from './entries.ts'
import { both, escapeValue, isEntry, readFirstName } from './filter.ts'
import { logOn } from './log-on.ts'

/**
 * People in an LDAP directory or Active Directory [RFC 4511]. TLS always: from the first octet (ldaps), or StartTLS before
 * anything is said (ldap). Whatever happens, the connection is closed, and nobody waits longer than the limits below.
 */

const PAGE = 500
const SEARCH_PAGE = 50

export const ldapDirectory: Directory = {
  logOn,
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
      const some = named.map((key) => isEntry(entry, key))
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

const octetsOf = (value: Entry[string] | undefined): string => {
  const [first] = Array.isArray(value) ? value : [value]
  return Buffer.isBuffer(first) ? first.toString('hex').toUpperCase() : ''
}
