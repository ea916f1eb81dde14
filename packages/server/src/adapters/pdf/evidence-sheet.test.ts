import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UnblockEvidence } from '@unlatch/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { needs } from '../../../../../test/peers/needs.ts'
import { runProgram } from '../../../../../test/peers/run-program.ts'
import { writeEvidenceSheet } from './evidence-sheet.ts'

/** What an auditor reads on paper, read back by a tool that we did not write. */

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-evidence-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const recordOf = (operation: string) =>
  JSON.stringify({ at: '2026-11-23T09:14:07.000Z', operation, outcome: 'done', actor: { name: 'Olle Öst' }, event: {} })

const evidenceOf = (changes: Partial<UnblockEvidence> = {}): UnblockEvidence => ({
  unblockId: '6f8c0f5e-1d5b-4e6e-9a41-0a3c1f1f7b10',
  writtenAt: '2026-11-24T08:00:00.000Z',
  openedAt: '2026-11-23T09:10:00.000Z',
  closedAt: null,
  operatorName: 'Olle Öst',
  personName: 'Åsa {{note}} Öberg',
  cardLabel: 'Staff card',
  printedSerial: 'UN-004217',
  releases: [
    {
      at: '2026-11-23T09:14:07.000Z',
      form: 'masked',
      verifiedBy: ['call-back', 'in-person'],
      outcome: 'unblocked',
      outcomeBy: 'receipt',
    },
  ],
  ways: [
    {
      way: 'in-person',
      root: 'person',
      state: 'met',
      metAt: '2026-11-23T09:12:00.000Z',
      sentTo: null,
      evidence: { document: 'passport' },
    },
    {
      way: 'address-code',
      root: 'mailbox',
      state: 'failed',
      metAt: null,
      sentTo: 'asa@home.example',
      evidence: { address: 'secondEmail' },
    },
  ],
  approvals: [
    {
      state: 'declined',
      by: 'Bo Ek',
      at: '2026-11-23T09:12:30.000Z',
      isBreakGlass: false,
      note: 'she is at the airport',
    },
    {
      state: 'approved',
      by: 'Olle Öst',
      at: '2026-11-23T09:13:00.000Z',
      isBreakGlass: true,
      note: 'the surgeon is in theatre',
    },
  ],
  standard: 'fips-201-3',
  conditions: [
    { condition: 'no-telephone', isMet: false },
    { condition: 'pin-length', isMet: true },
  ],
  statements: [{ record: 4711, operation: 'unblock.release-cryptogram', by: 'Olle Öst', sha256: 'ab'.repeat(32) }],
  records: [{ number: 4711, record: recordOf('unblock.release-cryptogram') }],
  ...changes,
})

it('is a PDF file also where nothing was released, and a name is text whatever it says', async () => {
  const empty = { releases: [], ways: [], approvals: [], statements: [], records: [], conditions: [] }
  const octets = await writeEvidenceSheet(
    evidenceOf({ ...empty, standard: 'none', personName: '<img src="file:///etc/passwd"> שלום' }),
    '',
  )
  expect(octets.subarray(0, 5).toString()).toBe('%PDF-')
})

needs('poppler-utils')('poppler reads an evidence sheet', () => {
  const read = async (evidence: UnblockEvidence) => {
    const file = join(folder, 'sheet.pdf')
    writeFileSync(file, await writeEvidenceSheet(evidence, 'Example AB'))
    const { stdout } = await runProgram('pdftotext', ['-layout', file, '-'])
    const { stdout: about } = await runProgram('pdfinfo', [file])
    return { text: stdout.replace(/\s+/g, ' '), about }
  }

  it('what was released, verified, approved, signed; which condition was met and which was not', async () => {
    const { text, about } = await read(evidenceOf())
    for (const part of [
      'Example AB',
      'Åsa {{note}} Öberg',
      'Staff card, UN-004217',
      '2026-11-23 09:14:07',
      'Passport',
      'asa@home.example',
      'Declined by Bo Ek.',
      'The glass was broken by Olle Öst',
      'the surgeon is in theatre',
      'FIPS 201-3',
      'ab'.repeat(16),
      '4711',
      'still open',
    ]) {
      expect(text).toContain(part)
    }
    expect(text).toMatch(/NOT MET Not by telephone/)
    expect(text).toMatch(/[^T] MET A PIN has six digits/)
    expect(about).toMatch(/Tagged: +yes/)
    expect(about).toMatch(/Title: +Evidence of an unblock/)
    expect(about).toMatch(/Pages: +1\b/)
  })

  it('many records run over pages, each with the number of the unblock', async () => {
    const records = Array.from({ length: 120 }, (_, i) => ({
      number: i + 1,
      record: recordOf('unblock.check-challenge'),
    }))
    const { text, about } = await read(evidenceOf({ records }))
    const [, count] = /Pages: +(\d+)/.exec(about) ?? []
    expect(Number(count)).toBeGreaterThan(2)
    expect(text).toContain(`Page ${count} of ${count}`)
    expect(text.split(evidenceOf().unblockId)).toHaveLength(Number(count) + 2)
  })
})
