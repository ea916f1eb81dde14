import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DIRECTORY_PRESETS, type DirectorySettings } from '@unlatch/contract'
import { makeCertificate } from '../../packages/unlatch/src/demo/mail-server.ts'

/** An OpenLDAP server of a test's own, on loopback, over LDAPS and StartTLS; it goes with its folder. */
export interface Slapd {
  readonly ldaps: string
  readonly ldap: string
  /** Authority of its certificate, as PEM. */
  readonly authority: string
  readonly password: string
  /** A connection to it, as somebody would set it up. */
  settings(changes?: Partial<DirectorySettings>): DirectorySettings
  /** Changes one attribute of an entry, as its administrator would. */
  change(dn: string, attribute: string, value: string): void
  /** All values of one attribute, as its administrator sees them. */
  read(dn: string, attribute: string): string[]
  /** Signs in as somebody does at another place; whether he is let in. */
  tries(dn: string, password: string): boolean
  /** It stands still: nothing answers, nothing is refused. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

const BASE = 'dc=clinic,dc=example'
const ADMIN = `cn=admin,${BASE}`
const TOOL_MS = 20_000
const INVALID_CREDENTIALS = 49

/** Entries that the account which reads may not read. */
export const HIDDEN = `ou=hidden,${BASE}`

/**
 * Starts one with these entries, as LDIF.
 *
 * @param options.policy - name of the password policy that holds for everybody who has none of his own.
 */
export async function startSlapd(
  ldif: string,
  options: { mostByPages?: number; password?: string; policy?: string } = {},
): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-slapd-'))
  const path = (name: string) => join(folder, name)
  const password = options.password ?? 'four quiet directories'
  const { key, certificate } = await makeCertificate()
  writeFileSync(path('key.pem'), key, { mode: 0o600 })
  writeFileSync(path('certificate.pem'), certificate)
  mkdirSync(path('data'))
  const hash = execFileSync('/usr/sbin/slappasswd', ['-s', password], { encoding: 'utf8' }).trim()
  const schemas = ['core', 'cosine', 'inetorgperson', 'nis'].map((name) => `include /etc/ldap/schema/${name}.schema`)
  const lines = [
    ...schemas,
    `pidfile ${path('slapd.pid')}`,
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    ...(options.policy === undefined ? [] : ['moduleload ppolicy']),
    `TLSCertificateFile ${path('certificate.pem')}`,
    `TLSCertificateKeyFile ${path('key.pem')}`,
    'sizelimit 500',
    // Nobody signs in, or reads anything, in the clear.
    'security simple_bind=128',
    'database mdb',
    'maxsize 268435456',
    `suffix "${BASE}"`,
    `rootdn "cn=root,${BASE}"`,
    `rootpw ${hash}`,
    `directory ${path('data')}`,
    'index objectClass,uid,cn,mail,entryUUID eq',
    `limits dn.exact="${ADMIN}" size.prtotal=${options.mostByPages ?? 'unlimited'} size=500`,
    'access to attrs=userPassword by anonymous auth by * none',
    `access to dn.subtree="${HIDDEN}" by * none`,
    `access to * by dn.exact="${ADMIN}" read by * none`,
    ...(options.policy === undefined ? [] : ['overlay ppolicy', `ppolicy_default "${options.policy}"`]),
  ]
  writeFileSync(path('slapd.conf'), `${lines.join('\n')}\n`)
  writeFileSync(path('people.ldif'), `${baseLdif(hash)}\n${ldif}`)
  execFileSync('/usr/sbin/slapadd', ['-q', '-f', path('slapd.conf'), '-l', path('people.ldif')], { stdio: 'pipe' })
  const [plainPort, tlsPort] = [await freePort(), await freePort()]
  const urls = `ldap://127.0.0.1:${plainPort} ldaps://127.0.0.1:${tlsPort}`
  const program = spawn('/usr/sbin/slapd', ['-d', '0', '-f', path('slapd.conf'), '-h', urls], { stdio: 'ignore' })
  await untilOpen(program, plainPort)
  const as = (dn: string, word: string) => ['-x', '-ZZ', '-H', `ldap://localhost:${plainPort}`, '-D', dn, '-w', word]
  const asRoot = as(`cn=root,${BASE}`, password)
  // Its tools take no certificate that is its own authority.
  const env = { ...process.env, LDAPTLS_REQCERT: 'never' }
  const signal = (name: NodeJS.Signals) => program.kill(name)
  return {
    ldaps: `ldaps://localhost:${tlsPort}`,
    ldap: `ldap://localhost:${plainPort}`,
    authority: certificate,
    password,
    settings: (changes = {}) => ({
      urls: [`ldaps://localhost:${tlsPort}`],
      authority: certificate,
      baseDn: `ou=people,${BASE}`,
      bindDn: ADMIN,
      logonGroup: '',
      ...DIRECTORY_PRESETS.openldap,
      ...changes,
    }),
    change(dn, attribute, value) {
      const input = `dn: ${dn}\nchangetype: modify\nreplace: ${attribute}\n${attribute}: ${value}\n`
      execFileSync('ldapmodify', asRoot, { input, env, stdio: ['pipe', 'pipe', 'pipe'], timeout: TOOL_MS })
    },
    read(dn, attribute) {
      const args = [...asRoot, '-LLL', '-o', 'ldif-wrap=no', '-s', 'base', '-b', dn, '(objectClass=*)', attribute]
      const found = execFileSync('ldapsearch', args, { env, encoding: 'utf8', timeout: TOOL_MS })
      return [...found.matchAll(new RegExp(`^${attribute}: (.*)$`, 'gim'))].map(([, value]) => value ?? '')
    },
    tries(dn, password) {
      const { status } = spawnSync('ldapwhoami', as(dn, password), { env, timeout: TOOL_MS })
      if (status !== 0 && status !== INVALID_CREDENTIALS) throw new Error(`ldapwhoami ended with ${status}`)
      return status === 0
    },
    freeze: () => void signal('SIGSTOP'),
    thaw: () => void signal('SIGCONT'),
    async stop() {
      signal('SIGCONT')
      if (program.exitCode === null) {
        const ended = once(program, 'exit')
        signal('SIGKILL')
        await ended
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const baseLdif = (hash: string) => `dn: ${BASE}
objectClass: organization
objectClass: dcObject
o: Clinic
dc: clinic

dn: ou=people,${BASE}
objectClass: organizationalUnit
ou: people

dn: ${ADMIN}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: admin
userPassword: ${hash}
`

/** One person as LDIF; what is not plain is written in base64. */
export function personLdif(
  facts: { readonly uid: string; readonly cn: string } & Readonly<Record<string, string | undefined>>,
): string {
  const { dn = `uid=${facts.uid},ou=people,${BASE}`, objectClass, ...attributes } = facts
  const line = (name: string, value: string) => `${name}:: ${Buffer.from(value).toString('base64')}`
  const all = { sn: 'x', ...attributes }
  return [
    line('dn', dn),
    'objectClass: inetOrgPerson',
    ...(objectClass === undefined ? [] : [line('objectClass', objectClass)]),
    ...Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [line(name, value)])),
    '',
    '',
  ].join('\n')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function untilOpen(program: ChildProcess, port: number): Promise<void> {
  for (;;) {
    if (program.exitCode !== null) throw new Error(`slapd ended with ${program.exitCode}`)
    const socket = connect(port, '127.0.0.1')
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (isOpen) return
    await sleep(50)
  }
}
