import { Problem, type ProblemCode, type Report } from '@unlatch/contract'
import { expect, test } from 'vitest'
import type { Journal, ServerClient } from './ports.ts'
import { reportOutcomes } from './report-outcomes.ts'

const line = (attemptId: string) => ({
  attemptId,
  cardUuid: '00112233445566774899AABBCCDDEEFF',
  challenge: attemptId,
  outcome: 'unblocked' as const,
  receipt: '0291',
  at: '2026-11-23T09:00:00.000Z',
})

/** A journal of three lines, and a server that answers the one of `two` with a problem. */
function stage(problem?: Problem | Error) {
  const marked: string[] = []
  const got: Report[] = []
  const journal: Journal = {
    intend: async () => {},
    settle: async () => {},
    unreported: async () => ['one', 'two', 'three'].map(line),
    markReported: async (attemptId) => void marked.push(attemptId),
  }
  const server = {
    async report(report: Report) {
      got.push(report)
      if (problem && report.challenge === 'two') throw problem
    },
  } as ServerClient
  return { marked, got, done: reportOutcomes(journal, server) }
}

test('each line is told, oldest first, without the attempt’s own number', async () => {
  const { marked, got, done } = stage()
  expect(await done).toBe(3)
  expect(marked).toEqual(['one', 'two', 'three'])
  const { attemptId: _, ...first } = line('one')
  expect(got[0]).toEqual(first)
})

test('an unblock with the PUC is told by its own door; an unknown card is an answer for good', async () => {
  const marked: string[] = []
  const got: unknown[] = []
  const { challenge: _, receipt: __, ...puc } = { ...line('two'), triesLeft: null }
  const journal = {
    unreported: async () => [line('one'), puc, { ...puc, attemptId: 'three' }],
    markReported: async (attemptId: string) => void marked.push(attemptId),
  } as Partial<Journal> as Journal
  const server = {
    report: async (report) => void got.push(report),
    async reportPuc(report) {
      got.push(report)
      throw new Problem('card-unknown')
    },
  } as Partial<ServerClient> as ServerClient
  expect(await reportOutcomes(journal, server)).toBe(1)
  expect(marked).toEqual(['one', 'two', 'three'])
  const { cardUuid, at } = line('two')
  expect(got.slice(1)).toEqual(new Array(2).fill({ cardUuid, outcome: 'unblocked', triesLeft: null, at }))
})

test.each<ProblemCode>(['server-unreachable', 'agent-unknown', 'agent-clock'])('%s: everything waits', async (code) => {
  const { marked, done } = stage(new Problem(code))
  expect(await done).toBe(1)
  expect(marked).toEqual(['one'])
})

test.each<ProblemCode>(['card-unknown', 'receipt-mismatch', 'challenge-malformed', 'input-invalid'])(
  '%s: this line is never taken, and is not sent again',
  async (code) => {
    const { marked, done } = stage(new Problem(code))
    expect(await done).toBe(2)
    expect(marked).toEqual(['one', 'two', 'three'])
  },
)

test.each<Problem>([
  new Problem('keys-locked'),
  new Problem('key-service-limit'),
  new Problem('not-permitted'),
  new Problem('server-unreachable', { facts: { answered: 500 } }),
])('$code: this line waits, and holds up no other', async (problem) => {
  const { marked, done } = stage(problem)
  expect(await done).toBe(2)
  expect(marked).toEqual(['one', 'three'])
})

test('a bug of ours is not taken for an answer', async () => {
  const { marked, done } = stage(new TypeError('bug'))
  await expect(done).rejects.toThrow(TypeError)
  expect(marked).toEqual(['one'])
})
