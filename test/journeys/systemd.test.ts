import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { needs } from '../peers/needs.ts'
import { runProgram } from '../peers/run-program.ts'

/** The units that docs/operations tells administrators to install; systemd itself judges them. */

const UNITS = 'packages/unlatch/systemd'

needs('systemd')('the systemd units', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'unlatch-unit-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** The program is elsewhere on this machine. */
  function write(name: string): string {
    const unit = join(folder, name)
    const text = readFileSync(join(UNITS, name), 'utf8')
    writeFileSync(unit, text.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`))
    return unit
  }

  describe.each([
    ['unlatch.service', []],
    ['unlatch-agent.service', []],
    ['unlatch-agent-session.service', ['--user']],
    ['unlatch-agent-pages.service', ['--user']],
  ])('%s', (name, words) => {
    it('is well formed: systemd has nothing to say', async () => {
      const { code, output } = await runProgram('systemd-analyze', [...words, 'verify', '--man=no', write(name)], {
        // Nobody is logged in here; systemd wants a place all the same.
        env: { XDG_RUNTIME_DIR: folder },
      })
      expect(output.split('\n').filter((line) => line.includes(name))).toEqual([])
      expect(code).toBe(0)
    })

    it('leaves no core dump, and nothing in swap', () => {
      const text = readFileSync(join(UNITS, name), 'utf8')
      expect(text).toMatch(/^LimitCORE=0$/m)
      expect(text).toMatch(/^MemorySwapMax=0$/m)
    })
  })

  it.each(['unlatch.service', 'unlatch-agent.service'])(
    '%s leaves the process little to do harm with',
    async (name) => {
      const words = ['security', '--offline=yes', '--threshold=20', '--no-pager', write(name)]
      const { code, output } = await runProgram('systemd-analyze', words)
      expect({ code, verdict: output.split('\n').findLast((line) => line.includes('exposure level')) }).toMatchObject({
        code: 0,
        verdict: expect.stringMatching(/OK|SAFE/),
      })
    },
  )
})
