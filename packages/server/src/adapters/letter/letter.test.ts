import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
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

const letterOf = (envelope: 'window' | 'sealed', isCollected = false) =>
  ({
    kind: 'letter',
    letter: { folder: 'letters', envelope, sender: 'Example · Box 1 · 123 45 Stad', isCollected },
  }) as const

async function write(envelope: 'window' | 'sealed', name = 'Åsa Öberg') {
  const message = messageOf({ to: { name, email: '', phone: '', department: 'Häuserverwaltung' } })
  await letterCarrier(openExportFolder(root)).send({ details: letterOf(envelope), secret: null }, message)
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
  it('in German', async () => {
    const message = messageOf({ language: 'de' })
    await letterCarrier(openExportFolder(root)).send({ details: letterOf('window'), secret: null }, message)
    const file = join(root, 'letters', `${message.id}.pdf`)
    const { stdout } = await runProgram('pdftotext', ['-layout', file, '-'])
    expect(stdout).toContain('vier sieben eins eins, null acht eins fünf')
    expect(stdout).toContain('Guten Tag Åsa Öberg')
    const { stdout: about } = await runProgram('pdfinfo', [file])
    expect(about).toMatch(/Title: +Die PUC Ihrer Smartcard/)
    expect(about).toMatch(/Pages: +1\b/)
  })

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

  it('with the form that Windows wants, each digit as two', async () => {
    const carrier = letterCarrier(openExportFolder(root))
    await carrier.send({ details: letterOf('window'), secret: null }, messageOf({ windowsForm: '3437313130383135' }))
    const { stdout } = await runProgram('pdftotext', ['-layout', join(root, 'letters', `${messageOf().id}.pdf`), '-'])
    expect(stdout.replace(/\s+/g, ' ')).toContain('3437 3131 3038 3135')
  })

  it('several in one file: a page each, nobody’s PUC on another’s, and the same file again', async () => {
    const people = Array.from({ length: 50 }, (_, i) => `Person ${i} Prov`)
    const messages = people.map((name, i) =>
      messageOf({ id: `id-${i}`, puc: String(10_000_000 + i * 7919), to: { ...messageOf().to, name } }),
    )
    const carrier = letterCarrier(openExportFolder(root))
    const connection = { details: letterOf('sealed', true), secret: null }
    await carrier.sendTogether?.(connection, messages)
    await carrier.sendTogether?.(connection, messages.toReversed())
    const [file, ...others] = readdirSync(join(root, 'letters'))
    expect([file, others]).toEqual([expect.stringMatching(/^letters-50-[0-9a-f]{16}\.pdf$/), []])
    const { stdout } = await runProgram('pdftotext', ['-layout', join(root, 'letters', file ?? ''), '-'])
    const pages = stdout
      .split('\f')
      .slice(0, -1)
      .map((page) => page.replace(/\s+/g, ' '))
    expect(pages).toHaveLength(50)
    const found = pages.map((page) => [
      /Dear (.*?),/.exec(page)?.[1],
      /\b(\d{4}) (\d{4})\b/.exec(page)?.slice(1).join(''),
    ])
    const written = messages.toReversed().map(({ to, puc }) => [to.name, puc])
    expect(found).toEqual(written)
  })
})
