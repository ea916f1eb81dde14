import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { needs } from '../peers/needs.ts'
import { runProgram } from '../peers/run-program.ts'

/** The unit that docs/operations tells administrators to install; systemd itself judges it. */

const UNIT = 'packages/unlatch/systemd/unlatch.service'

needs('systemd')('the systemd unit', () => {
  let folder: string
  let unit: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'unlatch-unit-'))
    unit = join(folder, 'unlatch.service')
    // The program is elsewhere on this machine.
    const text = readFileSync(UNIT, 'utf8')
    writeFileSync(unit, text.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is well formed: systemd has nothing to say', async () => {
    const { code, output } = await runProgram('systemd-analyze', ['verify', '--man=no', unit])
    expect(output.split('\n').filter((line) => line.includes('unlatch.service'))).toEqual([])
    expect(code).toBe(0)
  })

  it('leaves the process little to do harm with', async () => {
    const words = ['security', '--offline=yes', '--threshold=20', '--no-pager', unit]
    const { code, output } = await runProgram('systemd-analyze', words)
    expect({ code, verdict: output.split('\n').findLast((line) => line.includes('exposure level')) }).toMatchObject({
      code: 0,
      verdict: expect.stringMatching(/OK|SAFE/),
    })
  })
})
