import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { needs } from '../peers/needs.ts'
import { startPcscd } from '../peers/pcscd.ts'
import { runProgram } from '../peers/run-program.ts'

needs('pcscd', 'opensc')('unlatch cards serve', () => {
  test('shows virtual cards to pcscd; a card in a file has spent its try before any program hears of it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'unlatch-serve-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const pcscd = await startPcscd()
    onTestFinished(() => pcscd.stop())
    const file = join(folder, 'piv.json')
    await pcscd.unlatch(['cards', 'serve', '--vpcd', '127.0.0.1:35963', '--card', `piv-strict:${file}`, 'gids'], 0, 1)
    const names = await Promise.all(
      ['0', '1'].map((slot) => runProgram('opensc-tool', ['--reader', slot, '--name'], pcscd)),
    )
    expect(names.map(({ stdout }) => stdout.trim())).toEqual(['Personal Identity Verification Card', 'GIDS Smart Card'])
    const verify = ['--reader', '0', '--verify-pin', '--auth-id', '01', '--pin', '999999']
    expect((await runProgram('pkcs15-tool', verify, pcscd)).code).not.toBe(0)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ kind: 'piv-strict', pin: { left: 2 } })
  })
})
