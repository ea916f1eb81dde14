import { setTimeout as sleep } from 'node:timers/promises'
import type { DirectorySettings } from '@unlatch/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ldapDirectory } from '../../packages/server/src/adapters/ldap/ldap.ts'
import { verifies } from '../../packages/unlatch/src/demo/stage.ts'
import { needs } from '../peers/needs.ts'
import { DOMAIN, type Samba, startSamba } from '../peers/samba.ts'
import { NEW_PIN } from './played-call.ts'
import { openSelfServiceAt } from './self-service-stage.fixture.ts'

/** A real domain: people are found and taken, and sign in with the passwords of their accounts. Samba, as Active Directory. */

const WARD = `OU=Pflege\\, Station 2,${DOMAIN}`
const EVA = `CN=Eva Öström\\, Dr.,${WARD}`
const PASSWORD = 'Sieben mutige Schwäne ✓ 7'
const GROUPS = { inner: `CN=Inner (1),${WARD}`, outer: `CN=Outer,${WARD}`, staff: `CN=Staff,${WARD}` }
const EVERYBODY = `CN=Domain Users,CN=Users,${DOMAIN}`
const POLICIES = `CN=Password Settings Container,CN=System,${DOMAIN}`
const LOCKS_AT = 4
const NEVER = '-9223372036854775808'
/** Spans are of 100 ns. */
const HALF_AN_HOUR = '-18000000000'
const MILLISECOND = '-10000'

needs('samba')('Active Directory', () => {
  let samba: Samba
  beforeAll(async () => {
    samba = await startSamba()
    await samba.change(DOMAIN, { lockoutThreshold: String(LOCKS_AT), lockOutObservationWindow: HALF_AN_HOUR })
    await samba.add(WARD, { objectClass: 'organizationalUnit' })
    const facts = { displayName: 'Eva Öström', mail: 'eva@clinic.example', department: 'Pflege, Station 2' }
    const boss = `CN=Administrator,CN=Users,${DOMAIN}`
    await samba.addPerson(EVA, { sAMAccountName: 'eva', ...facts, manager: boss, preferredLanguage: 'de-AT' }, PASSWORD)
    await samba.add(GROUPS.inner, { objectClass: 'group', sAMAccountName: 'inner', member: EVA })
    await samba.add(GROUPS.outer, { objectClass: 'group', sAMAccountName: 'outer', member: GROUPS.inner })
    await samba.add(GROUPS.staff, { objectClass: 'group', sAMAccountName: 'staff', member: EVERYBODY })
  }, 180_000)
  afterAll(() => samba?.stop())

  const open = (changes: Partial<DirectorySettings> = {}) => ({
    settings: samba.settings(changes),
    secret: samba.password,
  })
  let count = 0
  /** Somebody of this name, whom a search finds, and then what is the matter with the account. */
  async function add(changes: Readonly<Record<string, string | Buffer>> = {}) {
    const name = `p${++count}`
    const dn = `CN=${name},${WARD}`
    await samba.addPerson(dn, { sAMAccountName: name, displayName: name }, PASSWORD)
    const { entries } = await ldapDirectory.search(open(), name, 1)
    if (Object.keys(changes).length > 0) await samba.change(dn, changes)
    return { dn, key: entries[0]?.key ?? '' }
  }
  type Who = Awaited<ReturnType<typeof add>>
  const eva = async (): Promise<Who> => {
    const { entries } = await ldapDirectory.search(open(), 'eva', 1)
    return { dn: EVA, key: entries[0]?.key ?? '' }
  }
  const logOn = (who: Who, password = PASSWORD, changes: Partial<DirectorySettings> = {}) =>
    ldapDirectory.logOn(open(changes), who, password).then(
      (refusal) => refusal ?? 'let in',
      (error: { code: string }) => error.code,
    )
  const wrongTries = async (dn: string, times: number) => {
    for (let i = 0; i < times; i++) expect(await samba.tries(dn, 'wrong')).toBe(false)
  }
  const counted = (dn: string) => samba.read(dn, 'badPwdCount')

  describe('people', () => {
    test('are found, over LDAPS and StartTLS, and read again by what names them for ever', async () => {
      for (const url of [samba.ldaps, samba.ldap]) {
        const { entries } = await ldapDirectory.search(open({ urls: [url] }), 'Eva Ö', 5)
        expect(entries).toEqual([
          {
            key: expect.stringMatching(/^[0-9A-F]{32}$/),
            dn: EVA,
            person: {
              name: 'Eva Öström',
              userName: 'eva',
              department: 'Pflege, Station 2',
              email: 'eva@clinic.example',
              phone: '',
              manager: 'Administrator',
              language: 'de',
            },
          },
        ])
        expect(await ldapDirectory.read(open({ urls: [url] }), [entries[0]?.key ?? ''])).toEqual(entries)
      }
    })

    test('in a unit with a comma in its name, when that is the base', async () => {
      expect((await ldapDirectory.search(open({ baseDn: WARD }), 'Ös', 5)).entries).toHaveLength(1)
    })

    test('whose accounts are disabled are not found', async () => {
      const { key } = await add({ userAccountControl: '514' })
      expect(await ldapDirectory.read(open(), [key])).toEqual([])
    })
  })

  describe('a person signs in', () => {
    test('with the right password, whatever stands in it, over LDAPS and StartTLS', async () => {
      for (const url of [samba.ldaps, samba.ldap]) {
        expect(await logOn(await eva(), PASSWORD, { urls: [url] })).toBe('let in')
        expect(await logOn(await eva(), PASSWORD.toLowerCase(), { urls: [url] })).toBe('logon-wrong')
        expect(await samba.tries(EVA, PASSWORD)).toBe(true)
      }
    })

    test('who is unknown gets the answer of a wrong password', async () => {
      expect(await logOn({ key: '00'.repeat(16), dn: `CN=Nobody,${WARD}` })).toBe('logon-wrong')
    })

    test('who was renamed and moved is known all the same', async () => {
      const who = await add()
      await samba.rename(who.dn, `CN=Renamed,CN=Users,${DOMAIN}`)
      expect(await logOn(who)).toBe('let in')
    })

    test('at the second server where the first does not answer', async () => {
      const urls = ['ldaps://127.0.0.1:1', samba.ldaps]
      expect(await logOn(await eva(), PASSWORD, { urls })).toBe('let in')
    })

    test('not where the certificate names another: the password is never sent', async () => {
      const who = await add()
      const address = samba.ldaps.replace('DC1.clinic.example', samba.address)
      expect(await logOn(who, 'wrong', { urls: [address] })).toBe('directory-insecure')
      expect(await counted(who.dn)).toBe('0')
    })
  })

  describe('an account', () => {
    test.each([
      ['is disabled', { userAccountControl: '514' }, 'account-disabled'],
      ['has expired', { accountExpires: '130000000000000000' }, 'account-expired'],
      ['must get another password first', { pwdLastSet: '0' }, 'account-must-change'],
      ['may not be used at this hour', { logonHours: Buffer.alloc(21) }, 'account-not-now'],
      ['may not be used from here', { userWorkstations: 'ELSEWHERE' }, 'account-not-now'],
    ])('that %s', async (_, changes, expected) => {
      const who = await add(changes)
      expect(await logOn(who)).toBe(expected)
      // What is the matter is told to who knows the password; that it is disabled stands at the account.
      expect(await logOn(who, 'wrong')).toBe(expected === 'account-disabled' ? expected : 'logon-wrong')
    })

    test('whose password has expired', async () => {
      const who = await add()
      await samba.agePassword(who.dn, 365)
      expect([await logOn(who), await logOn(who, 'wrong')]).toEqual(['account-password-expired', 'logon-wrong'])
    })

    test('that wrong passwords have locked is not tried', async () => {
      const who = await add()
      await wrongTries(who.dn, LOCKS_AT)
      expect([await logOn(who), await logOn(who, 'wrong')]).toEqual(['account-locked', 'account-locked'])
      await samba.change(who.dn, { lockoutTime: '0' })
      expect(await logOn(who)).toBe('let in')
    })

    test('that one wrong password more would lock is not tried, until a right one was typed elsewhere', async () => {
      const who = await add()
      await wrongTries(who.dn, LOCKS_AT - 2)
      // The last that we try; from then on nothing is counted.
      expect(await logOn(who, 'wrong')).toBe('logon-wrong')
      for (const password of ['wrong', PASSWORD]) expect(await logOn(who, password)).toBe('account-nearly-locked')
      expect(await counted(who.dn)).toBe(String(LOCKS_AT - 1))
      expect(await samba.tries(who.dn, PASSWORD)).toBe(true)
      expect(await logOn(who)).toBe('let in')
    })

    test('whose wrong passwords count no more is tried', async () => {
      const who = await add()
      await wrongTries(who.dn, LOCKS_AT - 1)
      expect(await logOn(who)).toBe('account-nearly-locked')
      await samba.change(DOMAIN, { lockOutObservationWindow: MILLISECOND, lockoutDuration: MILLISECOND })
      // The domain tells its time in seconds.
      await sleep(1100)
      expect(await counted(who.dn)).toBe(String(LOCKS_AT - 1))
      expect(await logOn(who, 'wrong')).toBe('logon-wrong')
      expect(await counted(who.dn)).toBe('1')
      expect(await logOn(who)).toBe('let in')
      await samba.change(DOMAIN, { lockoutDuration: HALF_AN_HOUR, lockOutObservationWindow: HALF_AN_HOUR })
    })

    test('where the first wrong password locks is never tried', async () => {
      await samba.change(DOMAIN, { lockoutThreshold: '1' })
      const who = await add()
      expect(await logOn(who, 'wrong')).toBe('account-nearly-locked')
      expect(await counted(who.dn)).toBe('0')
      await samba.change(DOMAIN, { lockoutThreshold: String(LOCKS_AT) })
    })

    test('with a policy of its own: by that; one that we may not read is taken for strict', async () => {
      const who = await add()
      const policy = await addPolicy('Own', who.dn, { 'msDS-LockoutThreshold': '3' })
      expect(await logOn(who, 'wrong')).toBe('logon-wrong')
      expect(await logOn(who)).toBe('account-nearly-locked')
      await samba.grantReading(policy)
      expect(await logOn(who, 'wrong')).toBe('logon-wrong')
      expect(await logOn(who, 'wrong')).toBe('account-nearly-locked')
      expect(await counted(who.dn)).toBe('2')
    })
  })

  describe('a group', () => {
    test.each([
      ['the person’s', GROUPS.inner, 'let in'],
      ['one that it is in', GROUPS.outer.toUpperCase(), 'let in'],
      ['the primary group, of which nothing stands at the person', EVERYBODY, 'let in'],
      ['one that the primary group is in', GROUPS.staff, 'let in'],
      ['another', `CN=Domain Admins,CN=Users,${DOMAIN}`, 'account-not-member'],
      ['one that is not there', `CN=Gone,${WARD}`, 'account-not-member'],
    ])('%s', async (_, logonGroup, expected) => {
      expect(await logOn(await eva(), PASSWORD, { logonGroup })).toBe(expected)
    })

    test('is not looked for after a wrong password', async () => {
      expect(await logOn(await add(), 'wrong', { logonGroup: GROUPS.inner })).toBe('logon-wrong')
    })
  })

  test('a person is taken over, and unblocks a card with the password of the account', async () => {
    const self = await openSelfServiceAt({ settings: samba.settings(), secret: samba.password }, 'Eva Ö')
    try {
      const card = await self.issueBlocked('yubikey')
      await self.unblock(card, PASSWORD)
      expect(verifies(card, NEW_PIN)).toBe(true)
    } finally {
      await self.close()
    }
  })

  /** A policy for one account, stricter than that of the domain. [MS-ADTS, 3.1.1.4.5.36] */
  async function addPolicy(name: string, person: string, changes: Readonly<Record<string, string>>) {
    const dn = `CN=${name},${POLICIES}`
    await samba.add(dn, {
      objectClass: 'msDS-PasswordSettings',
      'msDS-PasswordSettingsPrecedence': '1',
      'msDS-PasswordReversibleEncryptionEnabled': 'FALSE',
      'msDS-PasswordHistoryLength': '0',
      'msDS-PasswordComplexityEnabled': 'FALSE',
      'msDS-MinimumPasswordLength': '0',
      'msDS-MinimumPasswordAge': '0',
      'msDS-MaximumPasswordAge': NEVER,
      'msDS-LockoutThreshold': '0',
      'msDS-LockoutObservationWindow': HALF_AN_HOUR,
      'msDS-LockoutDuration': HALF_AN_HOUR,
      'msDS-PSOAppliesTo': person,
      ...changes,
    })
    return dn
  }
})
