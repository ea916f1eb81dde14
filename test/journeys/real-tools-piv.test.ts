import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVirtualCard, type PivCardKind, type VirtualCardState } from '@unlatch/virtual-cards'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../peers/needs.ts'
import { type Pcscd, startPcscd } from '../peers/pcscd.ts'
import { runProgram } from '../peers/run-program.ts'

type PivState = Exclude<VirtualCardState, { kind: 'gids' }>

const FACTORY_KEY = '010203040506070801020304050607080102030405060708'
const OTHER_KEY = '0F1E2D3C4B5A69788796A5B4C3D2E1F00112233445566778'
const AES_KEY = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
const MODULES = ['/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so', '/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so']
const UNBLOCK_STYLE =
  'app default { }\napp opensc-pkcs11 { pkcs11 { user_pin_unblock_style = set_pin_in_unlogged_session; } }\n'

let pcscd: Pcscd
let folder: string

const start = async () => {
  pcscd = await startPcscd()
  folder = mkdtempSync(join(tmpdir(), 'unlatch-tools-'))
  writeFileSync(join(folder, 'opensc.conf'), UNBLOCK_STYLE)
  writeFileSync(join(folder, 'key'), FACTORY_KEY.replace(/..(?!$)/g, '$&:'))
}
const stop = async () => {
  await pcscd?.stop()
  if (folder) rmSync(folder, { recursive: true })
}
const insert = (kind: PivCardKind) => pcscd.insert(0, createVirtualCard(kind).save())
const memory = () => pcscd.save<PivState>(0)
/** Runs a program on the card; the environment is what OpenSC reads its settings from. */
const run = (program: string, ...args: string[]) => {
  const settings = { PIV_EXT_AUTH_KEY: join(folder, 'key'), OPENSC_CONF: join(folder, 'opensc.conf') }
  return runProgram(program, args, { env: { ...pcscd.env, ...settings } })
}
const DONE = { code: 0 }

needs('pcscd', 'opensc')('OpenSC’s tools on PIV cards', () => {
  beforeAll(start)
  afterAll(stop)
  const piv = (...args: string[]) => run('piv-tool', '--reader', '0', ...args)
  const pkcs15 = (...args: string[]) => run('pkcs15-tool', '--reader', '0', ...args)

  describe.each(['piv-lenient', 'piv-strict', 'yubikey'] as const)('%s', (kind) => {
    beforeAll(() => insert(kind))

    test('opensc-tool lists the reader, reads the ATR, sends a command', async () => {
      expect((await run('opensc-tool', '--list-readers')).stdout).toMatch(/^0 +Yes +Virtual PCD 00 00$/m)
      expect((await run('opensc-tool', '--reader', '0', '--atr')).stdout).toMatch(/^3b:/)
      const sent = await run('opensc-tool', '--reader', '0', '--send-apdu', '00CB3FFF035C017E00')
      expect(sent.stdout).toContain('SW1=0x90, SW2=0x00')
      expect((await piv('--name')).stdout).toMatch(/Personal Identity Verification Card|PIV/)
    })

    test('pkcs15-tool: dump, change, block, unblock', async () => {
      expect(await pkcs15('--dump')).toMatchObject({ ...DONE, stdout: expect.stringContaining('PIV PUK') })
      const pins = ['--auth-id', '01', '--pin', '123456', '--new-pin', '234567']
      expect(await pkcs15('--change-pin', ...pins)).toMatchObject(DONE)
      for (const left of [2, 1, 0]) {
        expect((await pkcs15('--verify-pin', '--auth-id', '01', '--pin', '000000')).code).not.toBe(0)
        expect((await memory()).pin.left).toBe(left)
      }
      const wrong = await pkcs15('--unblock-pin', '--auth-id', '01', '--puk', '99999999', '--new-pin', '345678')
      expect(wrong.code).not.toBe(0)
      expect((await memory()).puk.left).toBe(2)
      const right = await pkcs15('--unblock-pin', '--auth-id', '01', '--puk', '12345678', '--new-pin', '345678')
      expect(right).toMatchObject(DONE)
      expect(await memory()).toMatchObject({ pin: { left: 3 }, puk: { left: 3 } })
      expect(await pkcs15('--verify-pin', '--auth-id', '01', '--pin', '345678')).toMatchObject(DONE)
    })

    test('pkcs11-tool --unlock-pin', async () => {
      const module = MODULES.find((path) => path.includes(process.arch === 'arm64' ? 'aarch64' : 'x86_64')) ?? ''
      const unlocked = await run(
        'pkcs11-tool',
        '--module',
        module,
        '--unlock-pin',
        '--puk',
        '12345678',
        '--new-pin',
        '456789',
      )
      expect(unlocked).toMatchObject({ ...DONE, stdout: expect.stringContaining('successfully') })
      expect((await pcscd.commands(0)).at(-1)).toBe('002C0080103132333435363738343536373839FFFF')
    })
  })

  test('piv-tool authenticates with key 9B, mutually, and makes a key pair', async () => {
    await insert('piv-lenient')
    await pcscd.commands(0)
    expect(await piv('--admin', 'M:9B:03')).toMatchObject(DONE)
    expect((await pcscd.commands(0)).filter((command) => command.startsWith('0087039B'))).toHaveLength(2)
    // piv-tool 0.23 gets the public key and then fails by itself, with OpenSSL 3, to write it: its exit code says nothing.
    await piv('--admin', 'M:9B:03', '--genkey', '9E:07')
    expect((await pcscd.commands(0)).at(-1)).toMatch(/^00C00000/)
    expect((await memory()).keys['9E']).toMatchObject({ algorithm: 7 })
  })
})

needs(
  'pcscd',
  'yubico-piv-tool',
  'opensc',
)('yubico-piv-tool on a card like a YubiKey with a 3DES key 9B', () => {
  beforeAll(start)
  afterAll(stop)
  const yubico = (...args: string[]) => run('yubico-piv-tool', '--reader', 'Virtual PCD 00 00', ...args)

  test('status, verify, change, unblock, PUK, key 9B, generate, objects', async () => {
    await insert('yubikey-3des')
    expect((await yubico('-a', 'status')).stdout).toMatch(/Version:\s+5\.4\.3[\s\S]*PIN tries left:\s+3/)
    expect(await yubico('-a', 'verify-pin', '-P', '123456')).toMatchObject(DONE)
    expect(await yubico('-a', 'change-pin', '-P', '123456', '-N', '234567')).toMatchObject(DONE)
    for (let i = 0; i < 3; i++) expect((await yubico('-a', 'verify-pin', '-P', '999999')).code).not.toBe(0)
    expect((await yubico('-a', 'verify-pin', '-P', '234567')).code).not.toBe(0)
    expect(await yubico('-a', 'unblock-pin', '-P', '12345678', '-N', '654321')).toMatchObject(DONE)
    expect(await yubico('-a', 'verify-pin', '-P', '654321')).toMatchObject(DONE)
    expect(await yubico('-a', 'change-puk', '-P', '12345678', '-N', '87654321')).toMatchObject(DONE)
    expect(await yubico('-a', 'set-mgm-key', '-n', OTHER_KEY)).toMatchObject(DONE)
    expect((await memory()).managementKey).toMatchObject({ algorithm: 3, keyHex: OTHER_KEY })
    expect((await yubico('-a', 'set-chuid')).code).not.toBe(0)
    for (const action of ['set-chuid', 'set-ccc'])
      expect(await yubico(`-k${OTHER_KEY}`, '-a', action)).toMatchObject(DONE)
    for (const [slot, algorithm] of [
      ['9e', 'ECCP256'],
      ['9a', 'RSA2048'],
    ] as const) {
      const made = await yubico(`-k${OTHER_KEY}`, '-a', 'generate', '-s', slot, '-A', algorithm)
      expect(made).toMatchObject({ ...DONE, stdout: expect.stringContaining('BEGIN PUBLIC KEY') })
    }
    const { objects, keys } = await memory()
    expect(Object.keys(objects).sort()).toEqual(['5FC102', '5FC107'])
    expect(Object.keys(keys).sort()).toEqual(['9A', '9E'])
  })

  test('a large object and imported keys arrive in chains', async () => {
    await insert('yubikey-3des')
    const object = 'A5'.repeat(1024)
    writeFileSync(join(folder, 'object'), object)
    const large = ['--id', '0x5fc109', '--format', 'hex', '--input', join(folder, 'object')]
    expect(await yubico('-a', 'write-object', ...large)).toMatchObject(DONE)
    for (const [slot, algorithm] of [
      ['9a', 'ec'],
      ['9d', 'rsa'],
    ] as const) {
      const { privateKey } =
        algorithm === 'ec'
          ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
          : generateKeyPairSync('rsa', { modulusLength: 2048 })
      writeFileSync(join(folder, algorithm), privateKey.export({ type: 'pkcs8', format: 'pem' }))
      expect(await yubico('-a', 'import-key', '-s', slot, '-i', join(folder, algorithm))).toMatchObject(DONE)
    }
    const { objects, keys } = await memory()
    expect(objects['5FC109']).toBe(object)
    expect(Object.values(keys).map(({ algorithm, origin }) => [algorithm, origin])).toEqual([
      [0x11, 2],
      [0x07, 2],
    ])
    const sent = await pcscd.commands(0)
    expect(sent.some((command) => command.startsWith('10DB'))).toBe(true)
    expect(sent.some((command) => command.startsWith('10FE'))).toBe(true)
  })

  test('retries, and reset once PIN and PUK are blocked', async () => {
    await insert('yubikey-3des')
    const retries = ['--pin-retries', '5', '--puk-retries', '4']
    expect(await yubico('-a', 'verify-pin', '-P', '123456', '-a', 'pin-retries', ...retries)).toMatchObject(DONE)
    expect(await memory()).toMatchObject({ pin: { limit: 5 }, puk: { limit: 4 } })
    expect((await yubico('-a', 'reset')).code).not.toBe(0)
    for (let i = 0; i < 5; i++) await yubico('-a', 'verify-pin', '-P', '999999')
    for (let i = 0; i < 4; i++) await yubico('-a', 'unblock-pin', '-P', '99999999', '-N', '654321')
    expect(await yubico('-a', 'reset')).toMatchObject(DONE)
    expect(await memory()).toMatchObject({ pin: { left: 3, limit: 3 }, puk: { left: 3 }, keys: {} })
  })
})

needs(
  'pcscd',
  'ykman',
  'yubico-piv-tool',
  'opensc',
)('ykman on a card like a YubiKey of firmware 5.7', () => {
  beforeAll(start)
  afterAll(stop)
  const ykman = (...args: string[]) => run('ykman', '--reader', 'Virtual PCD 00 00', 'piv', ...args)

  test('info, unblock, PUK, key 9B from AES-192 to AES-256', async () => {
    await insert('yubikey')
    expect((await ykman('info')).output).toMatch(/PIV version: +5\.7\.1[\s\S]*AES192/)
    expect(await ykman('access', 'change-pin', '-P', '123456', '-n', '234567')).toMatchObject(DONE)
    for (let i = 0; i < 3; i++)
      await run('yubico-piv-tool', '-r', 'Virtual PCD 00 00', '-a', 'verify-pin', '-P', '999999')
    expect((await memory()).pin.left).toBe(0)
    expect(await ykman('access', 'unblock-pin', '-p', '12345678', '-n', '654321')).toMatchObject(DONE)
    expect(await ykman('access', 'change-puk', '-p', '12345678', '-n', '87654321')).toMatchObject(DONE)
    const keys = ['-m', FACTORY_KEY, '-n', AES_KEY, '-a', 'AES256', '-f']
    expect(await ykman('access', 'change-management-key', ...keys)).toMatchObject(DONE)
    expect((await memory()).managementKey).toMatchObject({ algorithm: 12, keyHex: AES_KEY.toUpperCase() })
    const args = ['-m', AES_KEY, '-a', 'ECCP256', '9e', join(folder, 'public')]
    expect(await ykman('keys', 'generate', ...args)).toMatchObject(DONE)
    expect((await memory()).keys['9E']).toMatchObject({ algorithm: 0x11, origin: 1 })
    expect((await ykman('info')).output).toContain('AES256')
  })
})
