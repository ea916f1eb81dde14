import type { DirectorySettings } from '@unlatch/contract'
import type { Client, Entry } from 'ldapts'
import { DirectoryError, type LogonRefusal, type OpenDirectory } from '../../ports/directory.ts'
import { ask } from './ask.ts'
import { DN_KEY, findValue } from './entries.ts'
import { escapeOctets, escapeValue } from './filter.ts'

/** A person signs in to a directory with a password of his own. */

/** What Active Directory says beside *invalid credentials*. [MS-ADTS, 3.1.1.5.1; Win32 error codes] */
const REFUSAL_OF_DATA: Readonly<Record<string, LogonRefusal>> = {
  '525': 'logon-wrong',
  '52e': 'logon-wrong',
  '530': 'account-not-now',
  '531': 'account-not-now',
  '532': 'account-password-expired',
  '533': 'account-disabled',
  '701': 'account-expired',
  '773': 'account-must-change',
  '775': 'account-locked',
}

/** What directories keep about an account; asked for all at once, and each has some of it. */
const ACCOUNT_ATTRIBUTES = [
  'userAccountControl',
  'badPwdCount',
  'lockoutTime',
  'pwdAccountLockedTime',
  'pwdReset',
  'shadowExpire',
  'nsAccountLock',
]
const ACCOUNT_DISABLED = 2
/** How a directory with a password policy marks an account that stays locked. [draft-behera-ldap-password-policy, 5.3.3] */
const LOCKED_FOR_EVER = '000001010000Z'
const DAY_MS = 24 * 3_600_000
/** A group in a group in a group: deeper than that nobody is looked for, and in no more groups. */
const DEEPEST = 10
const MOST_GROUPS = 500
/** Active Directory follows groups in groups itself. [MS-ADTS, 3.1.1.3.4.4.3] */
const IN_CHAIN = '1.2.840.113556.1.4.1941'

/** What is known of an account before its password is tried. */
interface Account {
  readonly dn: string
  readonly refusal: LogonRefusal | undefined
}

/** As `Directory.logOn`. */
export async function logOn(
  open: OpenDirectory,
  who: { readonly key: string; readonly dn: string },
  password: string,
): Promise<LogonRefusal | undefined> {
  const account = await ask(open, (client) => findAccount(client, open.settings, who))
  if (account.refusal) return account.refusal
  const refusal = await bindAs({ ...open, settings: { ...open.settings, bindDn: account.dn } }, password)
  if (refusal) return refusal
  const group = open.settings.logonGroup
  if (group === '') return undefined
  const isMember = await ask(open, (client) => isInGroup(client, open.settings, account.dn, group))
  return isMember ? undefined : 'account-not-member'
}

async function bindAs({ settings }: OpenDirectory, password: string): Promise<LogonRefusal | undefined> {
  try {
    await ask({ settings, secret: password }, async () => {})
    return undefined
  } catch (error) {
    if (!(error instanceof DirectoryError) || error.code !== 'directory-sign-in') throw error
    const [, data = ''] = /\bdata ([0-9a-f]+)/i.exec(error.message) ?? []
    return REFUSAL_OF_DATA[data.toLowerCase()] ?? 'logon-wrong'
  }
}

/** The entry as it is now; where it is gone, the name that it had is tried, and refused as a wrong password is. */
async function findAccount(
  client: Client,
  settings: DirectorySettings,
  { key, dn }: { readonly key: string; readonly dn: string },
): Promise<Account> {
  const isNamed = key.startsWith(DN_KEY)
  const { entry: attribute } = settings.attributes
  const filter = isNamed
    ? '(objectClass=*)'
    : `(${attribute}=${attribute === 'objectGUID' ? escapeOctets(key) : escapeValue(key)})`
  const base = isNamed ? key.slice(DN_KEY.length) : settings.baseDn
  const scope = isNamed ? ('base' as const) : ('sub' as const)
  const { searchEntries } = await client.search(base, { filter, scope, attributes: ACCOUNT_ATTRIBUTES, sizeLimit: 2 })
  const [entry] = searchEntries
  if (!entry) return { dn, refusal: undefined }
  return { dn: entry.dn, refusal: judgeAccount(entry, new Date()) ?? (await judgeThreshold(client, entry)) }
}

/** What the entry itself says: such an account is refused whatever its password is. */
function judgeAccount(entry: Entry, now: Date): LogonRefusal | undefined {
  const lockedAt = textOf(entry, 'pwdAccountLockedTime')
  if (lockedAt === LOCKED_FOR_EVER) return 'account-disabled'
  if (textOf(entry, 'nsAccountLock').toLowerCase() === 'true') return 'account-disabled'
  if ((Number(textOf(entry, 'userAccountControl')) & ACCOUNT_DISABLED) !== 0) return 'account-disabled'
  if (lockedAt !== '') return 'account-locked'
  const expires = textOf(entry, 'shadowExpire')
  if (expires !== '' && Number(expires) >= 0 && Number(expires) * DAY_MS < now.getTime()) return 'account-expired'
  return textOf(entry, 'pwdReset').toLowerCase() === 'true' ? 'account-must-change' : undefined
}

/** One wrong password more would lock the account: then this is not where it is tried. */
async function judgeThreshold(client: Client, entry: Entry): Promise<LogonRefusal | undefined> {
  const wrong = Number(textOf(entry, 'badPwdCount') || 0)
  if (wrong === 0) return undefined
  const { searchEntries: roots } = await client.search('', {
    scope: 'base',
    attributes: ['defaultNamingContext'],
  })
  const domain = roots[0] ? textOf(roots[0], 'defaultNamingContext') : ''
  if (domain === '') return undefined
  const { searchEntries } = await client.search(domain, { scope: 'base', attributes: ['lockoutThreshold'] })
  const threshold = Number(searchEntries[0] ? textOf(searchEntries[0], 'lockoutThreshold') : 0)
  return threshold > 0 && wrong >= threshold - 1 ? 'account-nearly-locked' : undefined
}

/** Whether somebody is in a group, or in a group that is in it. */
async function isInGroup(client: Client, settings: DirectorySettings, dn: string, group: string): Promise<boolean> {
  if (settings.attributes.entry === 'objectGUID') {
    const filter = `(memberOf:${IN_CHAIN}:=${escapeValue(group)})`
    const { searchEntries } = await client.search(dn, { scope: 'base', filter, attributes: ['1.1'] })
    return searchEntries.length > 0
  }
  const wanted = foldDn(group)
  const seen = new Set<string>()
  let members = [dn]
  for (let depth = 0; depth < DEEPEST && members.length > 0 && seen.size < MOST_GROUPS; depth++) {
    const some = members.flatMap((member) => [
      `(member=${escapeValue(member)})`,
      `(uniqueMember=${escapeValue(member)})`,
    ])
    const { searchEntries } = await client.search(settings.baseDn, {
      scope: 'sub',
      filter: `(|${some.join('')})`,
      attributes: ['1.1'],
    })
    const found = searchEntries.map((entry) => entry.dn).filter((name) => !seen.has(foldDn(name)))
    if (found.some((name) => foldDn(name) === wanted)) return true
    for (const name of found) seen.add(foldDn(name))
    members = found
  }
  return false
}

const foldDn = (dn: string): string => dn.toLowerCase().replace(/\s*([,=])\s*/g, '$1')

function textOf(entry: Entry, attribute: string): string {
  const value = findValue(entry, attribute)
  const [first] = Array.isArray(value) ? value : [value]
  return first === undefined ? '' : String(first)
}
