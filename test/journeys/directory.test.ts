import { createServer, type Server } from 'node:net'
import { type DirectorySettings, isFilter } from '@unlatch/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ldapDirectory } from '../../packages/server/src/adapters/ldap/ldap.ts'
import { makeCertificate } from '../../packages/unlatch/src/demo/mail-server.ts'
import { needs } from '../peers/needs.ts'
import { personLdif, type Slapd, startSlapd } from '../peers/slapd.ts'

/** A real OpenLDAP server: what it is asked, and what becomes of an operator's question when it does not answer as it should. */

const BASE = 'ou=people,dc=clinic,dc=example'

const STRANGE = [
  { uid: 'star*', cn: 'Star* (Night) \\ Sky', mail: 'star@clinic.example' },
  {
    uid: 'ostrom',
    cn: 'Åsa Öström',
    telephoneNumber: '+46 8 1',
    manager: `cn=Boss\\, The,${BASE}`,
    mail: 'asa@clinic.example',
  },
  { uid: 'comma', cn: 'Smith, John', dn: `cn=Smith\\, John,${BASE}`, mail: 'john@clinic.example' },
  { uid: 'nomail', cn: 'Without Mail' },
  { uid: 'twin', cn: 'First Twin', dn: `cn=First Twin,${BASE}` },
  { uid: 'twin', cn: 'Second Twin', dn: `cn=Second Twin,${BASE}` },
]

needs('slapd')('a directory', () => {
  let slapd: Slapd
  const many = Array.from({ length: 1500 }, (_, i) => personLdif({ uid: `many${i}`, cn: `Many ${i}` }))
  beforeAll(async () => {
    slapd = await startSlapd([...STRANGE.map(personLdif), ...many].join(''))
  })
  afterAll(() => slapd?.stop())

  const open = (changes: Partial<DirectorySettings> = {}, secret: string | null = slapd.password) => ({
    settings: slapd.settings(changes),
    secret,
  })
  const search = async (words: string, changes: Partial<DirectorySettings> = {}) =>
    (await ldapDirectory.search(open(changes), words, 50)).entries
  const failing = (changes: Partial<DirectorySettings>, secret?: string | null) =>
    ldapDirectory.count(open(changes, secret)).then(
      () => 'answered',
      (error: { code: string }) => error.code,
    )

  describe('is searched', () => {
    test('over LDAPS and over StartTLS', async () => {
      for (const url of [slapd.ldaps, slapd.ldap]) {
        const [found] = await search('Ås', { urls: [url] })
        expect(found?.person).toEqual({
          name: 'Åsa Öström',
          userName: 'ostrom',
          department: '',
          email: 'asa@clinic.example',
          phone: '+46 8 1',
          manager: 'Boss, The',
          language: '',
        })
        expect(found?.key).toMatch(/^[0-9a-f-]{36}$/)
      }
    })

    test('by name, later word, user name and mail', async () => {
      for (const words of ['smith', 'john', 'comma', 'john@']) {
        expect((await search(words)).map(({ person }) => person.userName)).toContain('comma')
      }
    })

    test.each(['*', 'Star*', 'Star* (', 'Star* (Night) \\ S', ')(uid=*', '\\2a'])(
      'by %j, which means itself',
      async (words) => {
        const expected = 'Star* (Night) \\ Sky'.startsWith(words) ? ['star*'] : []
        expect((await search(words)).map(({ person }) => person.userName)).toEqual(expected)
      },
    )

    test('beyond a page, and beyond what the server gives out at once', async () => {
      expect(await ldapDirectory.count(open())).toEqual({ count: 500, isMore: true })
      const { entries, isMore } = await ldapDirectory.search(open(), 'Many', 120)
      expect([entries.length, isMore]).toEqual([120, true])
    })

    test('and an entry is read again by what names it for ever', async () => {
      const found = [...(await search('comma')), ...(await search('nomail'))]
      const keys = found.map(({ key }) => key)
      expect(await ldapDirectory.read(open(), keys)).toEqual(expect.arrayContaining(found))
      const byName = await ldapDirectory.read(open(), [`dn:cn=Smith\\, John,${BASE}`])
      expect(byName.map(({ person }) => person.userName)).toEqual(['comma'])
      expect(await ldapDirectory.read(open(), ['00000000-0000-4000-8000-000000000000'])).toEqual([])
    })
  })

  describe('does not answer as it should', () => {
    test('a wrong password, an empty one, none', async () => {
      expect(await failing({}, 'wrong')).toBe('directory-sign-in')
      for (const secret of ['', null]) expect(await failing({}, secret)).toBe('directory-sign-in')
    })

    test('another authority, another name than its certificate has', async () => {
      const { certificate } = await makeCertificate()
      for (const url of [slapd.ldaps, slapd.ldap]) {
        expect(await failing({ authority: certificate, urls: [url] })).toBe('directory-insecure')
        expect(await failing({ urls: [url.replace('localhost', '127.0.0.1')] })).toBe('directory-insecure')
      }
      expect(await failing({ authority: '' })).toBe('directory-insecure')
    })

    test('no such base, a filter that is none', async () => {
      expect(await failing({ baseDn: 'ou=nowhere,dc=clinic,dc=example' })).toBe('directory-base')
      expect(await failing({ filter: '(&(uid=x)(' })).toBe('directory-refused')
      expect(['(uid=x)', '(&(a=b)(!(c=d)))', '(uid=x', '(uid=x))', '(a=b)(c=d)', 'uid=x', '()'].map(isFilter)).toEqual([
        true,
        true,
        false,
        false,
        false,
        false,
        false,
      ])
    })

    test('it gives out fewer than there are', async () => {
      const small = await startSlapd(many.slice(0, 400).join(''), { mostByPages: 100 })
      const connection = { settings: small.settings(), secret: small.password }
      await expect(ldapDirectory.count(connection)).rejects.toMatchObject({ code: 'directory-limit' })
      expect((await ldapDirectory.search(connection, 'Many 399', 50)).entries).toHaveLength(1)
      await small.stop()
    })

    test('nobody there, and the next one asked', async () => {
      expect(await failing({ urls: ['ldaps://localhost:1'] })).toBe('directory-unreachable')
      expect(await failing({ urls: ['ldap://localhost:1', slapd.ldaps] })).toBe('answered')
    })

    test('TLS where there is none', async () => {
      expect(await failing({ urls: [slapd.ldap.replace('ldap:', 'ldaps:')] })).toMatch(/insecure|unreachable/)
    })

    test('it hangs: before TLS, in StartTLS, in the middle', { timeout: 60_000 }, async () => {
      const silent: Server = createServer(() => {}).listen(0, '127.0.0.1')
      await new Promise((resolve) => silent.once('listening', resolve))
      const { port } = silent.address() as { port: number }
      for (const scheme of ['ldaps', 'ldap']) {
        const began = performance.now()
        expect(await failing({ urls: [`${scheme}://localhost:${port}`] })).toBe('directory-unreachable')
        expect(performance.now() - began).toBeLessThan(20_000)
      }
      silent.close()
      slapd.freeze()
      expect(await failing({})).toBe('directory-unreachable')
      slapd.thaw()
      expect(await failing({})).toBe('answered')
    })
  })
})
