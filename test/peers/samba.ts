import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import dns from 'node:dns'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DIRECTORY_PRESETS, type DirectorySettings } from '@unlatch/contract'
import { Attribute, Change, Client } from 'ldapts'
import { runProgram } from './run-program.ts'

/**
 * Samba as Active Directory, a test's own: its ports cannot be chosen, so it has a loopback address of its own. Its certificate
 * is the one that it makes itself, which names it in its subject alone. It goes with its folder.
 */
export interface Samba {
  readonly ldaps: string
  readonly ldap: string
  /** On loopback, and its own. */
  readonly address: string
  /** Authority of its certificate, as PEM. */
  readonly authority: string
  /** Password of the account that reads: one of the people, with no rights of its own. */
  readonly password: string
  /** A connection to it, as somebody would set it up. */
  settings(changes?: Partial<DirectorySettings>): DirectorySettings
  /** As its administrator. */
  add(dn: string, attributes: Readonly<Record<string, string | string[]>>): Promise<void>
  /** An account with a password, that may be used. */
  addPerson(dn: string, attributes: Readonly<Record<string, string>>, password: string): Promise<void>
  change(dn: string, attributes: Readonly<Record<string, string | Buffer>>): Promise<void>
  rename(dn: string, to: string): Promise<void>
  /** So long ago its password was set: what nobody can say over LDAP. */
  agePassword(dn: string, days: number): Promise<void>
  /** Lets everybody with an account read this entry. */
  grantReading(dn: string): Promise<void>
  read(dn: string, attribute: string): Promise<string>
  /** Signs in as somebody does at another place; whether he is let in. */
  tries(dn: string, password: string): Promise<boolean>
  stop(): Promise<void>
}

export const DOMAIN = 'DC=clinic,DC=example'
const HOST = 'DC1.clinic.example'
const READER = `CN=Unlatch,CN=Users,${DOMAIN}`
const ADMIN_PASSWORD = 'Four quiet Forests 1'
const READER_PASSWORD = 'four quiet Directories 1'
const START_MS = 120_000
const DAY_MS = 86_400_000
const FILE_TIME_OF_1970 = 11_644_473_600_000
const ANSWER_MS = 20_000
const INVALID_CREDENTIALS = 49
/** An account like any other, and one whose password stays. [MS-ADTS, 2.2.16] */
const NORMAL_ACCOUNT = '512'
const PASSWORD_STAYS = '66048'
/** Read, for authenticated users. [MS-DTYP, 2.5.1] */
const READ_BY_ALL = '(A;;RPLCRC;;;AU)'
/** Samba's own library, with its control for passwords that come from another domain. */
const SET_PASSWORD_TIME = `
import sys, ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB
_, configuration, dn, at = sys.argv
parameters = LoadParm()
parameters.load(configuration)
database = SamDB(session_info=system_session(), lp=parameters)
change = ldb.Message(ldb.Dn(database, dn))
change['pwdLastSet'] = ldb.MessageElement(at, ldb.FLAG_MOD_REPLACE, 'pwdLastSet')
database.modify(change, controls=['local_oid:1.3.6.1.4.1.7165.4.3.20:0'])
`

export async function startSamba(): Promise<Samba> {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-samba-'))
  const path = (name: string) => join(folder, name)
  const address = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`
  mkdirSync(path('run'))
  const options = {
    interfaces: `${address}/8`,
    'bind interfaces only': 'yes',
    'server services': 'ldap',
    'dcerpc endpoint servers': 'none',
    'log file': path('log'),
    'pid directory': path('run'),
    'ncalrpc dir': path('ncalrpc'),
  }
  const made = await runProgram(
    'samba-tool',
    [
      ...['domain', 'provision', '--realm=CLINIC.EXAMPLE', '--domain=CLINIC', '--server-role=dc', '--host-name=dc1'],
      ...[`--host-ip=${address}`, '--dns-backend=NONE', `--adminpass=${ADMIN_PASSWORD}`, `--targetdir=${folder}`],
      ...Object.entries(options).map(([name, value]) => `--option=${name}=${value}`),
    ],
    { timeoutMs: START_MS },
  )
  if (made.code !== 0) throw new Error(`samba-tool: ${made.output.slice(-2000)}`)
  const args = ['--foreground', '--no-process-group', '--model=single', '--configfile', path('etc/smb.conf')]
  const program = spawn('/usr/sbin/samba', args, { stdio: 'ignore' })
  const forgetName = nameHost(HOST, address)
  const stop = async () => {
    forgetName()
    if (program.exitCode === null && program.signalCode === null) {
      const ended = once(program, 'exit')
      program.kill('SIGKILL')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await untilOpen(program, address)
    const samba = openSamba(path, {
      address,
      authority: readFileSync(path('private/tls/ca.pem'), 'utf8'),
      stop,
    })
    await samba.signIn()
    await samba.addPerson(READER, { sAMAccountName: 'unlatch', userAccountControl: PASSWORD_STAYS }, READER_PASSWORD)
    return samba
  } catch (error) {
    await stop()
    throw error
  }
}

function openSamba(
  path: (name: string) => string,
  { address, authority, stop }: Pick<Samba, 'address' | 'authority' | 'stop'>,
): Samba & { signIn(): Promise<void> } {
  const [ldap, ldaps] = [`ldap://${HOST}`, `ldaps://${HOST}`]
  const connected = () =>
    new Client({
      url: ldaps,
      tlsOptions: { ca: authority, servername: HOST },
      timeout: ANSWER_MS,
      connectTimeout: ANSWER_MS,
    })
  // One for all: whoever opens TLS there waits for a long key.
  const admin = connected()
  return {
    ldaps,
    ldap,
    address,
    authority,
    password: READER_PASSWORD,
    settings: (changes = {}) => ({
      urls: [ldaps],
      authority,
      baseDn: DOMAIN,
      bindDn: READER,
      logonGroup: '',
      ...DIRECTORY_PRESETS['active-directory'],
      ...changes,
    }),
    signIn: () => admin.bind(`CN=Administrator,CN=Users,${DOMAIN}`, ADMIN_PASSWORD),
    add: (dn, attributes) => admin.add(dn, attributes),
    addPerson(dn, attributes, password) {
      const all = { objectClass: 'user', userAccountControl: NORMAL_ACCOUNT, ...attributes }
      const unicodePwd = new Attribute({ type: 'unicodePwd', values: [Buffer.from(`"${password}"`, 'utf16le')] })
      return admin.add(dn, [
        ...Object.entries(all).map(([type, value]) => new Attribute({ type, values: [value] })),
        unicodePwd,
      ])
    },
    change: (dn, attributes) =>
      admin.modify(
        dn,
        Object.entries(attributes).map(([type, value]) => {
          const values = [value] as string[] | Buffer[]
          return new Change({ operation: 'replace', modification: new Attribute({ type, values }) })
        }),
      ),
    rename: (dn, to) => admin.modifyDN(dn, to),
    async agePassword(dn, days) {
      const at = (Date.now() - days * DAY_MS + FILE_TIME_OF_1970) * 10_000
      const done = await runProgram('/usr/bin/python3', ['-c', SET_PASSWORD_TIME, path('etc/smb.conf'), dn, String(at)])
      if (done.code !== 0) throw new Error(`python3: ${done.output}`)
    },
    async grantReading(dn) {
      const args = ['dsacl', 'set', `--URL=${path('private/sam.ldb')}`, '--action=allow', `--objectdn=${dn}`]
      const done = await runProgram('samba-tool', [...args, `--sddl=${READ_BY_ALL}`])
      if (done.code !== 0) throw new Error(`samba-tool: ${done.output}`)
    },
    async read(dn, attribute) {
      const { searchEntries } = await admin.search(dn, { scope: 'base', attributes: [attribute] })
      return String(searchEntries[0]?.[attribute] ?? '')
    },
    async tries(dn, password) {
      const client = connected()
      try {
        await client.bind(dn, password)
        return true
      } catch (error) {
        if ((error as { code?: number }).code === INVALID_CREDENTIALS) return false
        throw error
      } finally {
        await client.unbind()
      }
    },
    async stop() {
      await admin.unbind().catch(() => {})
      await stop()
    },
  }
}

/** A line in a hosts file, of this process alone: the certificate bears a name that no resolver knows. */
function nameHost(host: string, address: string): () => void {
  const { lookup } = dns
  const ours = ((name: string, options: { all?: boolean }, done: (error: null, ...found: unknown[]) => void) => {
    if (name.toLowerCase() !== host.toLowerCase()) return lookup(name, options as never, done as never)
    return options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4)
  }) as never as typeof dns.lookup
  dns.lookup = Object.assign(ours, lookup)
  return () => {
    dns.lookup = lookup
  }
}

async function untilOpen(program: ChildProcess, address: string): Promise<void> {
  const late = Date.now() + START_MS
  while (Date.now() < late) {
    if (program.exitCode !== null) throw new Error(`samba ended with ${program.exitCode}`)
    const socket = connect(636, address)
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (isOpen) return
    await sleep(100)
  }
  throw new Error('samba does not listen')
}
