import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ldapDirectory } from '../../packages/server/src/adapters/ldap/ldap.ts'
import { needs } from '../peers/needs.ts'
import { HIDDEN, personLdif, type Slapd, startSlapd } from '../peers/slapd.ts'

/** OpenLDAP with its password policy, and accounts of Unix: each state of an account is an answer of its own. */

const BASE = 'dc=clinic,dc=example'
const PASSWORD = 'seven brave swans'
const LONG_AGO = '20200101000000Z'
const FUTURE = '20900101000000Z'
const LOCKS_AT = 3

const policyLdif = (name: string, changes: Readonly<Record<string, string | number>>, under = `ou=policies,${BASE}`) =>
  [
    `dn: cn=${name},${under}`,
    ...['objectClass: device', 'objectClass: pwdPolicy', `cn: ${name}`, 'pwdAttribute: userPassword'],
    ...Object.entries(changes).map(([attribute, value]) => `${attribute}: ${value}`),
    '\n',
  ].join('\n')
const unitLdif = (dn: string) => `dn: ${dn}\nobjectClass: organizationalUnit\nou: ${/ou=(\w+)/.exec(dn)?.[1]}\n\n`
const own = (name: string, under = `ou=policies,${BASE}`) => ({ pwdPolicySubentry: `cn=${name},${under}` })

const LOCKS = { pwdLockout: 'TRUE', pwdMaxFailure: LOCKS_AT }
const POLICIES = [
  unitLdif(`ou=policies,${BASE}`),
  unitLdif(HIDDEN),
  policyLdif('everybody', { ...LOCKS, pwdMustChange: 'TRUE', pwdMaxAge: 20 * 365 * 86_400 }),
  policyLdif('brief', { ...LOCKS, pwdLockoutDuration: 1, pwdFailureCountInterval: 1 }),
  policyLdif('monthly', { pwdMaxAge: 30 * 86_400, pwdGraceAuthNLimit: 0 }),
  policyLdif('grace', { pwdMaxAge: 30 * 86_400, pwdGraceAuthNLimit: 1 }),
  policyLdif('secret', { ...LOCKS, pwdMaxFailure: 5 }, HIDDEN),
].join('')

const PEOPLE: readonly Parameters<typeof personLdif>[0][] = [
  { uid: 'fine', cn: 'Fine' },
  { uid: 'locked', cn: 'Locked' },
  { uid: 'nearly', cn: 'Nearly' },
  { uid: 'stopped', cn: 'Stopped', pwdAccountLockedTime: '000001010000Z' },
  { uid: 'reset', cn: 'Reset', pwdReset: 'TRUE' },
  { uid: 'left', cn: 'Left', pwdEndTime: LONG_AGO },
  { uid: 'coming', cn: 'Coming', pwdStartTime: FUTURE },
  { uid: 'unix', cn: 'Unix', objectClass: 'shadowAccount', shadowExpire: '18000' },
  { uid: 'stays', cn: 'Stays', objectClass: 'shadowAccount', shadowExpire: '-1' },
  { uid: 'brief', cn: 'Brief', ...own('brief') },
  { uid: 'expired', cn: 'Expired', pwdChangedTime: LONG_AGO, ...own('monthly') },
  { uid: 'grace', cn: 'Grace', pwdChangedTime: LONG_AGO, ...own('grace') },
  { uid: 'secret', cn: 'Secret', ...own('secret', HIDDEN) },
]

needs('slapd')('a directory with a password policy', () => {
  let slapd: Slapd
  beforeAll(async () => {
    const people = PEOPLE.map((person) => personLdif({ userPassword: PASSWORD, ...person })).join('')
    slapd = await startSlapd(POLICIES + people, { policy: `cn=everybody,ou=policies,${BASE}` })
  })
  afterAll(() => slapd?.stop())

  const dnOf = (uid: string) => `uid=${uid},ou=people,${BASE}`
  const logOn = async (uid: string, password = PASSWORD) => {
    const open = { settings: slapd.settings(), secret: slapd.password }
    const { entries } = await ldapDirectory.search(open, uid, 1)
    return (await ldapDirectory.logOn(open, { key: entries[0]?.key ?? '', dn: dnOf(uid) }, password)) ?? 'let in'
  }
  const wrongTries = (uid: string, times: number) => {
    for (let i = 0; i < times; i++) expect(slapd.tries(dnOf(uid), 'wrong')).toBe(false)
  }
  const counted = (uid: string) => slapd.read(dnOf(uid), 'pwdFailureTime').length

  test.each([
    ['fine', 'let in', 'logon-wrong'],
    ['stopped', 'account-disabled', 'account-disabled'],
    ['reset', 'account-must-change', 'account-must-change'],
    ['left', 'account-expired', 'account-expired'],
    ['coming', 'account-not-now', 'account-not-now'],
    ['unix', 'account-expired', 'account-expired'],
    ['stays', 'let in', 'logon-wrong'],
    ['expired', 'account-password-expired', 'logon-wrong'],
  ])('says of an account that is %j: %s; with a wrong password %s', async (uid, right, wrong) => {
    expect([await logOn(uid), await logOn(uid, 'wrong')]).toEqual([right, wrong])
  })

  test('lets in by grace, as often as its policy says', async () => {
    expect([await logOn('grace'), await logOn('grace')]).toEqual(['let in', 'account-password-expired'])
  })

  describe('locks an account', () => {
    test('that is not tried then', async () => {
      wrongTries('locked', LOCKS_AT)
      expect([await logOn('locked'), await logOn('locked', 'wrong')]).toEqual(['account-locked', 'account-locked'])
      expect(counted('locked')).toBe(LOCKS_AT)
    })

    test('that is not tried when the next wrong password would, until a right one was typed elsewhere', async () => {
      wrongTries('nearly', LOCKS_AT - 2)
      expect(await logOn('nearly', 'wrong')).toBe('logon-wrong')
      for (const password of ['wrong', PASSWORD]) expect(await logOn('nearly', password)).toBe('account-nearly-locked')
      expect(counted('nearly')).toBe(LOCKS_AT - 1)
      expect(slapd.tries(dnOf('nearly'), PASSWORD)).toBe(true)
      expect(await logOn('nearly')).toBe('let in')
    })

    test('for a while, and forgets wrong passwords after a while', async () => {
      wrongTries('brief', LOCKS_AT)
      expect(await logOn('brief')).toBe('account-locked')
      await sleep(2100)
      expect(slapd.read(dnOf('brief'), 'pwdAccountLockedTime')).toHaveLength(1)
      expect(await logOn('brief', 'wrong')).toBe('logon-wrong')
      expect(await logOn('brief')).toBe('let in')
    })

    test('by a policy that we may not read: one wrong password, and then no more', async () => {
      expect(await logOn('secret', 'wrong')).toBe('logon-wrong')
      expect(await logOn('secret')).toBe('account-nearly-locked')
      expect(counted('secret')).toBe(1)
    })
  })
})
