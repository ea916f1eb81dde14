import type { DirectorySettings } from '@unlatch/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ldapDirectory } from '../../packages/server/src/adapters/ldap/ldap.ts'
import { makeCertificate } from '../../packages/unlatch/src/demo/mail-server.ts'
import { needs } from '../peers/needs.ts'
import { personLdif, type Slapd, startSlapd } from '../peers/slapd.ts'

/** People sign in to a real OpenLDAP server with passwords of their own. */

const BASE = 'ou=people,dc=clinic,dc=example'
const PEOPLE = [
  { uid: 'eva', cn: 'Eva Berg', userPassword: 'seven brave swans' },
  { uid: 'kim', cn: 'Kim, of (all) *', userPassword: 'pässwörter "mit" \\ allem ✓' },
]
/** Eva is in *inner*, which is in *outer*; each is also in the other, as happens. */
const GROUPS = `dn: cn=inner,${BASE}
objectClass: groupOfNames
cn: inner
member: uid=eva,${BASE}
member: cn=outer,${BASE}

dn: cn=outer,${BASE}
objectClass: groupOfNames
cn: outer
member: cn=inner,${BASE}
`

needs('slapd')('a person signs in', () => {
  let slapd: Slapd
  beforeAll(async () => {
    slapd = await startSlapd(PEOPLE.map(personLdif).join('') + GROUPS)
  })
  afterAll(() => slapd?.stop())

  const logOn = async (uid: string, password: string, changes: Partial<DirectorySettings> = {}) => {
    const open = { settings: slapd.settings(), secret: slapd.password }
    const { entries } = await ldapDirectory.search(open, uid, 1)
    const who = { key: entries[0]?.key ?? 'gone', dn: `uid=${uid},${BASE}` }
    return ldapDirectory.logOn({ ...open, settings: slapd.settings(changes) }, who, password).then(
      (refusal) => refusal ?? 'let in',
      (error: { code: string }) => error.code,
    )
  }

  test('with the right password, whatever stands in it, over LDAPS and StartTLS', async () => {
    for (const urls of [[slapd.ldaps], [slapd.ldap]]) {
      for (const { uid, userPassword } of PEOPLE) expect(await logOn(uid, userPassword, { urls })).toBe('let in')
    }
  })

  test('wrong and unknown are one answer', async () => {
    expect(await logOn('eva', 'seven brave geese')).toBe('logon-wrong')
    expect(await logOn('nobody', 'seven brave swans')).toBe('logon-wrong')
  })

  test('from a group, or a group of it; round in circles it comes to an end', async () => {
    for (const logonGroup of [`cn=inner,${BASE}`, `CN=Outer, ${BASE}`]) {
      expect(await logOn('eva', 'seven brave swans', { logonGroup })).toBe('let in')
      expect(await logOn('kim', PEOPLE[1]?.userPassword ?? '', { logonGroup })).toBe('account-not-member')
    }
  })

  test('at the second server where the first does not answer', async () => {
    const urls = ['ldaps://localhost:1', slapd.ldaps]
    expect(await logOn('eva', 'seven brave swans', { urls })).toBe('let in')
    expect(await logOn('eva', 'wrong', { urls })).toBe('logon-wrong')
  })

  test('not where the directory does not prove who it is: the password is never sent', async () => {
    const { certificate: authority } = await makeCertificate()
    expect(await logOn('eva', 'seven brave swans', { authority })).toBe('directory-insecure')
  })

  test('not without a password: that is asked of nobody', async () => {
    expect(await logOn('eva', '')).toBe('logon-wrong')
  })
})
