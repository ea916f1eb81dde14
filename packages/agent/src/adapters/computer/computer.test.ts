import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lookAtComputer } from './computer.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-computer-'))
  write('proc/self/limits', 'Max core file size        0                    unlimited            bytes\n')
  write('proc/sys/kernel/core_pattern', 'core\n')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
const look = () => lookAtComputer({ proc: join(folder, 'proc'), etc: join(folder, 'etc') })

test('a computer that keeps nothing', async () => {
  write('proc/7/cmdline', '/usr/sbin/pcscd\0--foreground\0--auto-exit\0')
  write('proc/7/environ', 'LIBCCID_ifdLogLevel=0x0001\0')
  write('proc/8/cmdline', 'grep\0pcscd --apdu\0')
  write('etc/default/pcscd', '#PCSCD_ARGS="--apdu"\nPCSCD_ARGS=--disable-polkit\n')
  expect(await look()).toMatchObject({ apduLogs: [], coreDumps: { limit: '0', pattern: 'core' } })
})

test.each([
  ['pcscd that logs APDUs', 'proc/7/cmdline', '/usr/sbin/pcscd\0--foreground\0--apdu\0', 'pcscd --foreground --apdu'],
  ['the same in short', 'proc/7/cmdline', 'pcscd\0-fa\0', 'pcscd -fa'],
  ['its configuration', 'etc/default/pcscd', 'PCSCD_ARGS="--debug --apdu"\n', 'etc/default/pcscd'],
  ['the spy', 'proc/self/environ', 'HOME=/\0LD_PRELOAD=/usr/lib/libpcscspy.so\0', 'libpcscspy'],
])('%s is found', async (_, path, text, where) => {
  write(path, text)
  expect((await look()).apduLogs).toEqual([expect.stringContaining(where)])
})

test('a driver that logs what it exchanges is found, where its environment may be read', async () => {
  write('proc/7/cmdline', 'pcscd\0')
  write('proc/7/environ', 'PATH=/bin\0LIBCCID_ifdLogLevel=0x000F\0')
  expect((await look()).apduLogs).toEqual(['LIBCCID_ifdLogLevel=0x000F'])
})

test('where nobody can tell about dumps, nothing is said', async () => {
  rmSync(join(folder, 'proc/self/limits'))
  expect((await look()).coreDumps).toBeNull()
})
