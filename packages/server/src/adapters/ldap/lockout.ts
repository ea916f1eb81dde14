import type { Client, Entry } from 'ldapts'
import type { LogonRefusal } from '../../ports/directory.ts'
import { findValue, readTime, textOf } from './entries.ts'

/**
 * Whether an account is locked by wrong passwords, or the next one would lock it. The directory counts them; how many lock is in
 * a policy, of the domain or of this account.
 *
 * @see [MS-ADTS, 3.1.1.5.1]; [draft-behera-ldap-password-policy, 5.2 and 5.3]
 */

/** Flags that Active Directory works out when it is asked. [MS-ADTS, 3.1.1.4.5.17] */
const COMPUTED = 'msDS-User-Account-Control-Computed'
const LOCKED_OUT = 0x10

export const LOCKOUT_ATTRIBUTES = [
  'badPwdCount',
  'badPasswordTime',
  COMPUTED,
  'msDS-ResultantPSO',
  'pwdAccountLockedTime',
  'pwdFailureTime',
  'pwdPolicySubentry',
]
/** Where a policy holds that may not be read, no more is counted on than that the first wrong password does not lock. */
const UNKNOWN_THRESHOLD = 2
const UNKNOWN: Policy = { threshold: UNKNOWN_THRESHOLD, windowMs: 0, lockMs: 0 }

/** As the policy says it. */
interface Policy {
  /** So many wrong passwords lock; 0: none do. */
  readonly threshold: number
  /** Wrong ones count so long; 0: until a right one. */
  readonly windowMs: number
  /** A lock lasts so long; 0: until somebody opens it. */
  readonly lockMs: number
}

export async function judgeLockout(client: Client, entry: Entry): Promise<LogonRefusal | undefined> {
  // A controller that never heard a wrong one counts nothing; what it works out it tells of everybody.
  const isOfDomain = textOf(entry, COMPUTED) !== '' || textOf(entry, 'badPwdCount') !== ''
  return isOfDomain ? judgeInDomain(client, entry) : judgeByPolicy(client, entry)
}

const judgeCount = (wrong: number, { threshold }: Pick<Policy, 'threshold'>): LogonRefusal | undefined =>
  threshold > 0 && wrong >= threshold - 1 ? 'account-nearly-locked' : undefined

/** Active Directory. What it counted stands there until the next right password, also when it counts no more. */
async function judgeInDomain(client: Client, entry: Entry): Promise<LogonRefusal | undefined> {
  if ((Number(textOf(entry, COMPUTED)) & LOCKED_OUT) !== 0) return 'account-locked'
  const read = async (dn: string, attributes: string[]) =>
    (await client.search(dn, { scope: 'base', attributes })).searchEntries[0]
  const root = await read('', ['defaultNamingContext', 'currentTime'])
  const domain = textOf(root, 'defaultNamingContext')
  const own = textOf(entry, 'msDS-ResultantPSO')
  if (domain === '' && own === '') return undefined
  const [at, threshold, window] =
    own === ''
      ? ([domain, 'lockoutThreshold', 'lockOutObservationWindow'] as const)
      : ([own, 'msDS-LockoutThreshold', 'msDS-LockoutObservationWindow'] as const)
  const found = await read(at, [threshold, window]).catch(() => undefined)
  const isRead = textOf(found, threshold) !== ''
  const policy = isRead
    ? { threshold: Number(textOf(found, threshold)), windowMs: readSpan(textOf(found, window)) }
    : UNKNOWN
  const last = readFileTime(textOf(entry, 'badPasswordTime'))
  const now = readTime(textOf(root, 'currentTime'))
  const isOver = policy.windowMs > 0 && last > 0 && now > last + policy.windowMs
  return judgeCount(isOver ? 0 : Number(textOf(entry, 'badPwdCount')), policy)
}

/** Spans are negative, of 100 ns. [MS-ADTS, 3.1.1.3.2] */
const readSpan = (text: string): number => Math.abs(Number(text)) / 10_000
const FILE_TIME_OF_1970 = 11_644_473_600_000
const readFileTime = (text: string): number => Number(text) / 10_000 - FILE_TIME_OF_1970

/** A directory with a password policy, such as OpenLDAP. */
async function judgeByPolicy(client: Client, entry: Entry): Promise<LogonRefusal | undefined> {
  const lockedAt = textOf(entry, 'pwdAccountLockedTime')
  const failures = [findValue(entry, 'pwdFailureTime') ?? []].flat().map(String)
  if (lockedAt === '' && failures.length === 0) return undefined
  const policies = await readPolicies(client, textOf(entry, 'pwdPolicySubentry'))
  const [now, since] = [Date.now(), readTime(lockedAt)]
  const isLocked = ({ lockMs }: Policy) => lockMs === 0 || now < since + lockMs
  if (lockedAt !== '' && policies.some(isLocked)) return 'account-locked'
  const judged = policies.map((policy) => {
    const { windowMs } = policy
    return judgeCount(failures.filter((at) => windowMs === 0 || now < readTime(at) + windowMs).length, policy)
  })
  return judged.find((refusal) => refusal !== undefined)
}

/** That of the account. Which one holds for all others is told to nobody: then each may. */
async function readPolicies(client: Client, own: string): Promise<Policy[]> {
  const attributes = ['pwdLockout', 'pwdMaxFailure', 'pwdFailureCountInterval', 'pwdLockoutDuration']
  const filter = '(objectClass=pwdPolicy)'
  const { searchEntries: roots } = await client.search('', { scope: 'base', attributes: ['namingContexts'] })
  const contexts = [(roots[0] && findValue(roots[0], 'namingContexts')) ?? []].flat().map(String)
  const found = await Promise.all(
    (own === '' ? contexts : [own]).map((base) =>
      client
        .search(base, { scope: own === '' ? 'sub' : 'base', filter, attributes, sizeLimit: 100 })
        // What this account may not read is not there for it.
        .catch(() => ({ searchEntries: [] })),
    ),
  )
  const policies = found
    .flatMap(({ searchEntries }) => searchEntries)
    .map((entry) => ({
      threshold: textOf(entry, 'pwdLockout') === 'TRUE' ? Number(textOf(entry, 'pwdMaxFailure')) : 0,
      windowMs: Number(textOf(entry, 'pwdFailureCountInterval')) * 1000,
      lockMs: Number(textOf(entry, 'pwdLockoutDuration')) * 1000,
    }))
  return policies.length === 0 ? [UNKNOWN] : policies
}
