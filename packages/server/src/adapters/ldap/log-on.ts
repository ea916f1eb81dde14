import type { DirectorySettings } from '@unlatch/contract'
import { type Client, type Entry, PasswordPolicyControl, PasswordPolicyError } from 'ldapts'
import { DirectoryError, type LogonRefusal, type OpenDirectory } from '../../ports/directory.ts'
import { ask } from './ask.ts'
import { DN_KEY, readTime, textOf } from './entries.ts'
import { isEntry } from './filter.ts'
import { isInGroup } from './groups.ts'
import { judgeLockout, LOCKOUT_ATTRIBUTES } from './lockout.ts'

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

/** What a directory with a password policy says, to who asks for it. [draft-behera-ldap-password-policy, 6.2] */
const REFUSAL_OF_POLICY: Readonly<Record<number, LogonRefusal>> = {
  [PasswordPolicyError.PasswordExpired]: 'account-password-expired',
  [PasswordPolicyError.AccountLocked]: 'account-locked',
  [PasswordPolicyError.ChangeAfterReset]: 'account-must-change',
}

/** What directories keep about an account; asked for all at once, and each has some of it. */
const ACCOUNT_ATTRIBUTES = [
  ...LOCKOUT_ATTRIBUTES,
  'userAccountControl',
  'pwdReset',
  'pwdStartTime',
  'pwdEndTime',
  'shadowExpire',
  'nsAccountLock',
]
const ACCOUNT_DISABLED = 2
/** How a directory with a password policy marks an account that stays locked. [draft-behera-ldap-password-policy, 5.3.3] */
const LOCKED_FOR_EVER = '000001010000Z'
const DAY_MS = 24 * 3_600_000

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
  const policy = new PasswordPolicyControl()
  const said = () => REFUSAL_OF_POLICY[policy.value?.error ?? -1]
  try {
    await ask({ settings, secret: password }, async () => {}, policy)
    return said()
  } catch (error) {
    if (!(error instanceof DirectoryError) || error.code !== 'directory-sign-in') throw error
    const [, data = ''] = /\bdata ([0-9a-f]+)/i.exec(error.message) ?? []
    return said() ?? REFUSAL_OF_DATA[data.toLowerCase()] ?? 'logon-wrong'
  }
}

/** The entry as it is now; where it is gone, the name that it had is tried, and refused as a wrong password is. */
async function findAccount(
  client: Client,
  settings: DirectorySettings,
  { key, dn }: { readonly key: string; readonly dn: string },
): Promise<Account> {
  const isNamed = key.startsWith(DN_KEY)
  const filter = isNamed ? '(objectClass=*)' : isEntry(settings.attributes.entry, key)
  const base = isNamed ? key.slice(DN_KEY.length) : settings.baseDn
  const scope = isNamed ? ('base' as const) : ('sub' as const)
  const { searchEntries } = await client.search(base, { filter, scope, attributes: ACCOUNT_ATTRIBUTES, sizeLimit: 2 })
  const [entry] = searchEntries
  if (!entry) return { dn, refusal: undefined }
  return { dn: entry.dn, refusal: judgeAccount(entry, Date.now()) ?? (await judgeLockout(client, entry)) }
}

/** What the entry itself says: such an account is refused whatever its password is. */
function judgeAccount(entry: Entry, now: number): LogonRefusal | undefined {
  if (textOf(entry, 'pwdAccountLockedTime') === LOCKED_FOR_EVER) return 'account-disabled'
  if (textOf(entry, 'nsAccountLock').toLowerCase() === 'true') return 'account-disabled'
  if ((Number(textOf(entry, 'userAccountControl')) & ACCOUNT_DISABLED) !== 0) return 'account-disabled'
  const expires = textOf(entry, 'shadowExpire')
  if (expires !== '' && Number(expires) >= 0 && Number(expires) * DAY_MS < now) return 'account-expired'
  if (readTime(textOf(entry, 'pwdEndTime')) <= now) return 'account-expired'
  if (readTime(textOf(entry, 'pwdStartTime')) > now) return 'account-not-now'
  return textOf(entry, 'pwdReset').toLowerCase() === 'true' ? 'account-must-change' : undefined
}
