import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ComputerFacts } from '../../tasks/examine.ts'

/** What this computer does with what passes through it: logs of what cards are sent, memory that a crash leaves, a policy. */

/** Where the facts stand; a test has folders of its own. */
export interface Places {
  readonly proc: string
  readonly etc: string
}

const PLACES: Places = { proc: '/proc', etc: '/etc' }

export async function lookAtComputer(
  places = PLACES,
): Promise<Pick<ComputerFacts, 'apduLogs' | 'coreDumps' | 'allowsUnblockScreen'>> {
  return {
    apduLogs: findApduLogs(places),
    coreDumps: findCoreDumps(places),
    allowsUnblockScreen: process.platform === 'win32' ? await readUnblockPolicy() : null,
  }
}

/** Words of pcscd's command line that make it log every APDU. [pcscd(8)] */
const isApduLogging = (words: readonly string[]) => words.some((word) => word === '--apdu' || /^-[a-zA-Z]*a/.test(word))

function findApduLogs({ proc, etc }: Places): string[] {
  const found: string[] = []
  for (const id of listFolder(proc).filter((name) => /^\d+$/.test(name))) {
    const [program = '', ...words] = readText(join(proc, id, 'cmdline')).split('\0')
    if (!/(^|\/)pcscd$/.test(program)) continue
    if (isApduLogging(words)) found.push(`pcscd ${words.filter(Boolean).join(' ')}`)
    // Readable for its own user and root alone; the driver logs what it exchanges from level 2 (COMM) on. [ccid README]
    const level = /(?:^|\0)LIBCCID_ifdLogLevel=(\w+)/.exec(readText(join(proc, id, 'environ')))?.[1]
    if (level !== undefined && (Number(level) & 2) !== 0) found.push(`LIBCCID_ifdLogLevel=${level}`)
  }
  const configured = readText(join(etc, 'default', 'pcscd'))
  for (const [, words = ''] of configured.matchAll(/^\s*(?:DAEMON_ARGS|PCSCD_ARGS)="?([^"\n]*)/gm)) {
    if (isApduLogging(words.split(/\s+/))) found.push(join(etc, 'default', 'pcscd'))
  }
  // The spy of pcsc-lite stands between a program and the service. [pcsc-spy(1)]
  if (readText(join(proc, 'self', 'environ')).includes('pcscspy')) found.push('LD_PRELOAD of libpcscspy')
  return found
}

function findCoreDumps({ proc }: Places): ComputerFacts['coreDumps'] {
  const limit = /^Max core file size +(\S+)/m.exec(readText(join(proc, 'self', 'limits')))?.[1]
  const pattern = readText(join(proc, 'sys', 'kernel', 'core_pattern')).trim()
  return limit === undefined ? null : { limit, pattern }
}

const POLICY_KEY = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\SmartCardCredentialProvider'

/** Built from Microsoft's documentation of the policy; not tried. */
async function readUnblockPolicy(): Promise<boolean> {
  const words = ['query', POLICY_KEY, '/v', 'AllowIntegratedUnblock']
  const { stdout } = await promisify(execFile)('reg', words, { timeout: 5000 }).catch(() => ({ stdout: '' }))
  return /AllowIntegratedUnblock\s+REG_DWORD\s+0x0*1\b/i.test(stdout)
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
