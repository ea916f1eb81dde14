import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, test } from 'vitest'
import { findPostgres } from './postgres.ts'

/**
 * The real peers that journeys talk to. A peer that is absent skips its tests and says so; with `UNLATCH_PEERS=required`,
 * as in CI, its absence fails them.
 */

/** What a peer consists of: programs on the PATH, files, and what else must hold. */
interface Peer {
  readonly programs?: readonly string[]
  readonly files?: readonly string[]
  /** Why it cannot be used although it is there. */
  readonly obstacle?: () => string | undefined
}

const PEERS = {
  pcscd: {
    programs: ['pcscd', 'unshare', 'ip'],
    files: ['/usr/lib/pcsc/drivers/serial/libifdvpcd.so'],
    obstacle: () => (mayUnshare() ? undefined : 'no namespace of its own may be made (unshare --net --mount)'),
  },
  opensc: { programs: ['opensc-tool', 'piv-tool', 'pkcs15-tool', 'pkcs11-tool', 'gids-tool'] },
  'yubico-piv-tool': { programs: ['yubico-piv-tool'] },
  ykman: { programs: ['ykman'] },
  softhsm: { programs: ['softhsm2-util'], files: ['/usr/lib/softhsm/libsofthsm2.so'] },
  slapd: { programs: ['slapd', 'slapadd', 'slappasswd', 'ldapmodify', 'ldapsearch', 'ldapwhoami'] },
  samba: {
    programs: ['samba', 'samba-tool'],
    files: ['/usr/share/samba/setup/provision.ldif'],
    obstacle: () => (process.getuid?.() === 0 ? undefined : 'its ports cannot be chosen, and are for root alone'),
  },
  postgres: { obstacle: () => (findPostgres() ? undefined : 'no /usr/lib/postgresql/*/bin/initdb') },
  chromium: { programs: ['chromium'] },
  tcpdump: { programs: ['tcpdump'] },
  openssl: { programs: ['openssl'] },
  'poppler-utils': { programs: ['pdftotext', 'pdfinfo', 'pdftoppm'] },
  // A seat of its own, as systemd-logind writes it, in a namespace.
  seat: {
    programs: ['unshare', 'mount'],
    obstacle: () => (mayUnshare() ? undefined : 'no namespace of its own may be made (unshare --net --mount)'),
  },
  systemd: { programs: ['systemd-analyze'] },
} as const satisfies Record<string, Peer>

/** Programs of others start slowly on a busy machine; each has a shorter limit of its own. */
const TIME_LIMIT_MS = 180_000

/** The name of a peer. */
export type PeerName = keyof typeof PEERS

/**
 * A `describe` for journeys that need these peers.
 *
 * `needs('pcscd', 'opensc')('OpenSC on a PIV card', () => { … })`
 */
export function needs(...names: readonly PeerName[]): (name: string, suite: () => void) => void {
  const absent = names.map(findAbsence).filter((reason) => reason !== undefined)
  if (absent.length === 0) return (name, suite) => void describe(name, { timeout: TIME_LIMIT_MS }, suite)
  const reason = absent.join('; ')
  if (process.env.UNLATCH_PEERS !== 'required') return (name, suite) => void describe.skip(`${name} [${reason}]`, suite)
  return (name) =>
    void test(name, () => {
      throw new Error(`a required peer is absent: ${reason}`)
    })
}

function findAbsence(name: PeerName): string | undefined {
  const { programs = [], files = [], obstacle }: Peer = PEERS[name]
  const missing = [...programs.filter((program) => !isOnPath(program)), ...files.filter((file) => !existsSync(file))]
  const reason = missing.length > 0 ? `no ${missing.join(', ')}` : obstacle?.()
  return reason && `${name}: ${reason}`
}

function isOnPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => existsSync(join(folder, program)))
}

function mayUnshare(): boolean {
  return spawnSync('unshare', ['--net', '--mount', 'true'], { timeout: 10_000 }).status === 0
}
