import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { needs } from '../../../../../test/peers/needs.ts'
import { runProgram } from '../../../../../test/peers/run-program.ts'
import { openExportFolder } from '../export-folder/export-folder.ts'
import { messageOf } from '../message.fixture.ts'
import { letterCarrier } from './letter.ts'

/** Letters are real PDF files, read back by tools that we did not write. */

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unlatch-letters-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function write(envelope: 'window' | 'sealed', name = 'Åsa Öberg') {
  const letter = { folder: 'letters', envelope, sender: 'Example · Box 1 · 123 45 Stad' }
  const message = messageOf({ to: { name, email: '', phone: '', department: 'Häuserverwaltung' } })
  await letterCarrier(openExportFolder(root)).send({ details: { kind: 'letter', letter }, secret: null }, message)
  return join(root, 'letters', `${message.id}.pdf`)
}

it('a letter is the server’s alone, named after its delivery, and replaced by itself', async () => {
  const file = await write('window')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-')
  expect(await write('window')).toBe(file)
})

it('a name is text, whatever it says', async () => {
  const file = await write('window', '{{puc}} <img src="file:///etc/passwd"> שלום')
  expect(statSync(file).size).toBeGreaterThan(5000)
})

needs('poppler-utils')('poppler reads a letter', () => {
  it.each(['window', 'sealed'] as const)('for a %s envelope: its words, its tags, one page', async (envelope) => {
    const file = await write(envelope)
    const { stdout } = await runProgram('pdftotext', ['-layout', file, '-'])
    const text = stdout.replace(/\s+/g, ' ')
    for (const part of [
      'Åsa Öberg',
      'Häuserverwaltung',
      '4711 0815',
      'four seven one one, zero eight one five',
      'S-42',
    ]) {
      expect(text).toContain(part)
    }
    expect(text).toContain('a newer letter makes this one void')
    expect(text.includes('If the seal was broken')).toBe(envelope === 'sealed')
    const { stdout: about } = await runProgram('pdfinfo', [file])
    expect(about).toMatch(/Tagged: +yes/)
    expect(about).toMatch(/Pages: +1\b/)
    expect(about).toMatch(/Title: +The PUC of your smart card/)
    expect(about).not.toContain('4711')
    const { stdout: words } = await runProgram('pdftotext', ['-bbox', file, '-'])
    const [, x, y] = /<word xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>Åsa</.exec(words) ?? []
    // Inside the window: 20 to 105 mm from the left, 45 to 90 mm from the top.
    expect([Number(x) / 72, Number(y) / 72].map((inches) => Math.round(inches * 25.4))).toSatisfy(
      ([left, top]: number[]) => (left ?? 0) >= 20 && (left ?? 0) <= 105 && (top ?? 0) >= 45 && (top ?? 0) <= 90,
    )
  })
})
