import { OfflineUnblock } from '@unlatch/agent'
import { ascii, writeHex } from '@unlatch/card'
import { Problem } from '@unlatch/contract'
import { VIRTUAL_CARD_KINDS, type VirtualCardKind } from '@unlatch/virtual-cards'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NEW_PIN, resetsIn, stageCard } from '../../packages/agent/src/tasks/blocked-cards.fixture.ts'
import { runs } from '../property-runs.ts'

/**
 * Cards that answer arbitrary octets from some command on: an unblock ends with a problem or a PIN that was set, never with a
 * fault of ours and never without end; and RESET RETRY COUNTER goes out at most once, after an accepted cryptogram.
 */

/** Arbitrary octets, many of them with a status word that a card might say. */
const status = fc.constantFrom(
  '9000',
  '6100',
  '61FF',
  '6C00',
  '6C10',
  '63C0',
  '63C1',
  '6300',
  '6700',
  '6982',
  '6983',
  '6985',
  '6A80',
  '6A82',
  '6D00',
  '6F00',
)
const answer = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(fc.uint8Array({ maxLength: 80 }), status)
    .map(([data, sw]) => Uint8Array.of(...data, ...Buffer.from(sw, 'hex'))),
  status.map((sw) => new Uint8Array(Buffer.from(sw, 'hex'))),
)

interface Hostility {
  /** Commands that the card still answers honestly. */
  readonly honest: number
  /** What it says then, over and over. */
  readonly answers: readonly Uint8Array[]
  /** Whether it is honest again after those. */
  readonly repents: boolean
}
const hostility = fc.record<Hostility>({
  honest: fc.integer({ min: 0, max: 12 }),
  answers: fc.array(answer, { minLength: 1, maxLength: 6 }),
  repents: fc.boolean(),
})

function stageHostile(kind: VirtualCardKind, { honest, answers, repents }: Hostility) {
  const staged = stageCard(kind)
  const { transmit } = staged.card
  const heard: string[] = []
  staged.reader.insert({
    ...staged.card,
    transmit(command) {
      const turn = heard.push(writeHex(command)) - 1 - honest
      const isHonest = turn < 0 || (repents && turn >= answers.length)
      return isHonest ? transmit(command) : Uint8Array.from(answers[turn % answers.length] as Uint8Array)
    },
  })
  return { ...staged, heard }
}

/** Runs as far as the card lets it. Returns the problem that it ended with, if any. */
async function unblock(staged: ReturnType<typeof stageHostile>): Promise<Problem | undefined> {
  let attempt: OfflineUnblock | undefined
  try {
    attempt = await OfflineUnblock.begin(staged.tools, 'reader', true)
    expect(resetsIn(staged.heard)).toEqual([])
    const { challenge } = attempt.way
    await attempt.enterCryptogram(ascii(staged.desk.answer(challenge)))
    await attempt.setNewPin(ascii(NEW_PIN), true)
    return undefined
  } catch (error) {
    if (!(error instanceof Problem)) throw new Error('a fault of ours came out', { cause: error })
    return error
  } finally {
    await attempt?.end()
  }
}

const lastOutcome = ({ journal }: ReturnType<typeof stageHostile>) => {
  const line = journal.lines.at(-1)
  return line?.kind === 'outcome' ? line.outcome : line?.kind
}

describe.each(VIRTUAL_CARD_KINDS)('%s', (kind) => {
  test('whatever it answers: a problem, or a PIN that was proved', async () => {
    await fc.assert(
      fc.asyncProperty(hostility, async (how) => {
        const staged = stageHostile(kind, how)
        const problem = await unblock(staged)
        const resets = resetsIn(staged.heard)
        expect(resets.length).toBeLessThanOrEqual(1)
        if (resets.length > 0) expect(staged.journal.lines[0]?.kind).toBe('intent')
        if (!problem) expect(lastOutcome(staged)).toBe('unblocked')
        expect(() => staged.reader.connect()).not.toThrow()
      }),
      { numRuns: runs(kind === 'piv-strict' ? 60 : 200) },
    )
  })

  test('a card that answers arbitrary octets from the first command on never sees a PIN', async () => {
    await fc.assert(
      fc.asyncProperty(hostility, async (how) => {
        const staged = stageHostile(kind, { ...how, honest: 0, repents: false })
        const begun = OfflineUnblock.begin(staged.tools, 'reader', true)
        const attempt = await begun.catch((error) => {
          expect(error).toBeInstanceOf(Problem)
          return undefined
        })
        await attempt?.enterCryptogram(ascii('000000000000')).catch(() => {})
        await attempt?.setNewPin(ascii(NEW_PIN), true).catch(() => {})
        await attempt?.end()
        expect(resetsIn(staged.heard)).toEqual([])
      }),
      { numRuns: runs(kind === 'piv-strict' ? 20 : 100) },
    )
  })
})
