import { createVirtualCard, type VirtualCardState } from '@unlatch/virtual-cards'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { needs } from '../peers/needs.ts'
import { type Pcscd, startPcscd } from '../peers/pcscd.ts'
import { runProgram } from '../peers/run-program.ts'

const ADMIN_KEY = '0102030405060708010203040506070801020304050607F8'
const OTHER_KEY = '000102030405060708090A0B0C0D0E0F1011121314151617'
const SERIAL = '00112233445566778899AABBCCDDEEFF'

type GidsState = Extract<VirtualCardState, { kind: 'gids' }>

needs('pcscd', 'opensc')('OpenSC’s tools initialise, use and unblock a GIDS card', () => {
  let pcscd: Pcscd
  let initialised: GidsState

  const run = (program: string, ...args: string[]) =>
    runProgram(program, ['--reader', '0', ...args], { env: pcscd.env })

  beforeAll(async () => {
    pcscd = await startPcscd()
    await pcscd.insert(0, createVirtualCard('gids').save())
  })
  afterAll(() => pcscd?.stop())

  test('opensc-tool sees a GIDS card', async () => {
    const { stdout } = await run('opensc-tool', '--name')
    expect(stdout).toContain('GIDS')
    expect((await run('opensc-tool', '--list-readers')).stdout).toMatch(/^0 +Yes +Virtual PCD 00 00$/m)
    const sent = await run('opensc-tool', '--send-apdu', '00A4040009A0000003974254465900')
    expect(sent.stdout).toContain('SW1=0x90, SW2=0x00')
    expect((await run('opensc-tool', '--atr')).stdout).toMatch(/^3b:8b:80:01:/)
  })

  test('gids-tool --initialize', async () => {
    const args = ['--pin', '123456', '--admin-key', ADMIN_KEY, '--serial-number', SERIAL]
    expect(await run('gids-tool', '--initialize', ...args)).toMatchObject({ code: 0 })
    initialised = await pcscd.save<GidsState>(0)
    expect(initialised).toMatchObject({ isOperational: true, adminKeyHex: ADMIN_KEY })
  })

  test('pkcs15-tool: dump, verify, change, and blocked after three wrong PINs', async () => {
    expect((await run('pkcs15-tool', '--dump')).stdout).toMatch(/Serial number *: 00112233445566778899aabbccddeeff/)
    expect(await run('pkcs15-tool', '--verify-pin', '--pin', '123456')).toMatchObject({ code: 0 })
    const changed = await run('pkcs15-tool', '--change-pin', '--pin', '123456', '--new-pin', '234567')
    expect(changed).toMatchObject({ code: 0 })
    for (const left of [2, 1, 0]) {
      expect((await run('pkcs15-tool', '--verify-pin', '--pin', '999999')).code).not.toBe(0)
      expect((await pcscd.save<GidsState>(0)).pin).toMatchObject({ left })
    }
    expect((await run('pkcs15-tool', '--verify-pin', '--pin', '234567')).code).not.toBe(0)
  })

  test('gids-tool --unblock: mutual authentication, and not with another key', async () => {
    const wrong = await run('gids-tool', '--unblock', '--admin-key', OTHER_KEY, '--pin', '654321')
    expect(wrong.code).not.toBe(0)
    expect((await pcscd.save<GidsState>(0)).pin).toMatchObject({ left: 0 })
    await pcscd.commands(0)
    const right = await run('gids-tool', '--unblock', '--admin-key', ADMIN_KEY, '--pin', '654321')
    expect(right).toMatchObject({ code: 0 })
    const commands = await pcscd.commands(0)
    expect(commands.filter((command) => command.startsWith('0087'))).toHaveLength(2)
    expect(commands).toContain('002C028006363534333231')
    expect(await run('pkcs15-tool', '--verify-pin', '--pin', '654321')).toMatchObject({ code: 0 })
  })

  test('gids-tool --change-admin-key', async () => {
    const args = ['--admin-key', ADMIN_KEY, '--new-admin-key', OTHER_KEY]
    expect(await run('gids-tool', '--change-admin-key', ...args)).toMatchObject({ code: 0 })
    expect((await pcscd.save<GidsState>(0)).adminKeyHex).toBe(OTHER_KEY)
    expect((await run('gids-tool', '--unblock', '--admin-key', ADMIN_KEY, '--pin', '123456')).code).not.toBe(0)
    expect((await run('gids-tool', '--unblock', '--admin-key', OTHER_KEY, '--pin', '123456')).code).toBe(0)
  })
})
