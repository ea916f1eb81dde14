import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { JournalIntent, JournalOutcome } from '../../tasks/ports.ts'
import { openJournal } from './journal.ts'

const AT = '2026-11-23T09:00:00.000Z'
const CARD = { cardUuid: '00112233445566774899AABBCCDDEEFF', challenge: '04106105VS', at: AT }
const intent = (attemptId: string): JournalIntent => ({ attemptId, ...CARD, receiptIfUnknown: '9123' })
const outcome = (attemptId: string, what: JournalOutcome['outcome'] = 'unblocked'): JournalOutcome => ({
  attemptId,
  ...CARD,
  outcome: what,
  receipt: '0291',
})

let path: string

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-journal-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  path = join(folder, 'agent', 'journal.jsonl')
})

const linesOf = () => readFileSync(path, 'utf8').trim().split('\n')

test('an intent without an outcome is unknown, with the receipt that says so', async () => {
  await openJournal(path).intend(intent('one'))
  const expected = { attemptId: 'one', ...CARD, outcome: 'unknown', receipt: '9123' }
  expect(await openJournal(path).unreported()).toEqual([expected])
})

test('an intent of an unblock with the PUC, too: without challenge and receipt', async () => {
  const { challenge: _, ...line } = { attemptId: 'one', ...CARD }
  await openJournal(path).intend(line)
  expect(await openJournal(path).unreported()).toEqual([{ ...line, outcome: 'unknown', triesLeft: null }])
})

test('an outcome follows its intent; the last one counts', async () => {
  const journal = openJournal(path)
  await journal.intend(intent('one'))
  await journal.settle(outcome('one', 'unblocked'))
  await journal.settle(outcome('one', 'unknown'))
  expect(await journal.unreported()).toEqual([outcome('one', 'unknown')])
  expect(await openJournal(path).unreported()).toEqual([outcome('one', 'unknown')])
})

test('what was reported is not reported again, also after a restart', async () => {
  const journal = openJournal(path)
  await journal.settle(outcome('one'))
  await journal.settle(outcome('two'))
  await journal.markReported('one')
  expect(await journal.unreported()).toEqual([outcome('two')])
  expect(await openJournal(path).unreported()).toEqual([outcome('two')])
})

test('oldest first, by the intent', async () => {
  const journal = openJournal(path)
  for (const attemptId of ['one', 'two', 'three']) await journal.intend(intent(attemptId))
  await journal.settle(outcome('two'))
  await journal.settle(outcome('one'))
  const ids = (await openJournal(path).unreported()).map(({ attemptId }) => attemptId)
  expect(ids).toEqual(['one', 'two', 'three'])
})

test('what was reported as unknown and is known now is reported again', async () => {
  const journal = openJournal(path)
  await journal.intend(intent('one'))
  await journal.markReported('one')
  await journal.settle(outcome('one'))
  expect(await openJournal(path).unreported()).toEqual([outcome('one')])
})

test('each line is in the file when the promise is kept', async () => {
  const journal = openJournal(path)
  await journal.intend(intent('one'))
  expect(linesOf().map((line) => JSON.parse(line))).toEqual([{ kind: 'intent', ...intent('one') }])
  await journal.settle(outcome('one'))
  expect(JSON.parse(linesOf()[1] ?? '')).toEqual({ kind: 'outcome', ...outcome('one') })
})

test.each([1, 2, 20, 100])('a last line that a crash cut short by %i octets is dropped, for good', async (missing) => {
  const journal = openJournal(path)
  await journal.settle(outcome('one'))
  await journal.intend(intent('two'))
  writeFileSync(path, readFileSync(path).subarray(0, -missing))
  const again = openJournal(path)
  expect(await again.unreported()).toEqual([outcome('one')])
  await again.intend(intent('three'))
  expect((await openJournal(path).unreported()).map(({ attemptId }) => attemptId)).toEqual(['one', 'three'])
})

test('zeros that a power failure left at the end are dropped', async () => {
  await openJournal(path).settle(outcome('one'))
  appendFileSync(path, new Uint8Array(512))
  expect(await openJournal(path).unreported()).toEqual([outcome('one')])
  expect(linesOf()).toHaveLength(1)
})

test.each(['{"kind":"outc', 'null', '7', '{}'])(
  'a spoiled line in the middle (%s) counts for nothing',
  async (spoiled) => {
    await openJournal(path).settle(outcome('one'))
    appendFileSync(path, `${spoiled}\n`)
    await openJournal(path).settle(outcome('two'))
    const again = openJournal(path)
    expect(await again.unreported()).toEqual([outcome('one'), outcome('two')])
  },
)

test('the file and its folder are their owner’s alone', async () => {
  expect(existsSync(path)).toBe(false)
  await openJournal(path).intend(intent('one'))
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
})
