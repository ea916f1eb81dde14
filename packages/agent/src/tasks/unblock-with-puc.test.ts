import { ascii } from '@unlatch/card'
import { VIRTUAL_CARD_KINDS, type VirtualCardKind } from '@unlatch/virtual-cards'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  acceptsPin,
  createCard,
  NEW_PIN,
  OLD_PIN,
  PUK,
  problemOf,
  pukTries,
  resetsIn,
  type Staged,
  stageCard,
} from './blocked-cards.fixture.ts'
import { UnblockWithPuc } from './unblock-with-puc.ts'

const PIV_KINDS = VIRTUAL_CARD_KINDS.filter((kind) => kind !== 'gids')
const WRONG_PUC = '11223344'

async function begin({ tools }: Pick<Staged, 'tools'>, isForced = false): Promise<UnblockWithPuc> {
  const attempt = await UnblockWithPuc.begin(tools, 'reader', isForced)
  onTestFinished(() => attempt.end())
  return attempt
}

/** An attempt with a PUC; the card has forgotten what it was sent until then. */
async function beginWith(staged: Staged, puc: string): Promise<UnblockWithPuc> {
  const attempt = await begin(staged)
  attempt.enterPuc(ascii(puc))
  staged.card.forget()
  return attempt
}

const tells = (kind: VirtualCardKind) => kind.startsWith('yubikey')

describe.each(PIV_KINDS)('%s', (kind) => {
  test('a blocked card takes the new PIN, and the journal has intent and outcome, without any secret', async () => {
    const staged = stageCard(kind)
    const attempt = await begin(staged)
    expect(attempt.triesLeft).toBe(tells(kind) ? 3 : undefined)
    attempt.enterPuc(ascii(`\t${PUK.slice(0, 4)} - ${PUK.slice(4)}\r`))
    expect(await attempt.setNewPin(ascii(NEW_PIN), false)).toEqual({ receipt: null })
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
    const line = { attemptId: attempt.attemptId, cardUuid: '00112233445566774899AABBCCDDEEFF' }
    const at = '2026-11-23T09:00:00.000Z'
    expect(staged.journal.lines).toEqual([
      { kind: 'intent', ...line, at },
      { kind: 'outcome', ...line, at, outcome: 'unblocked', triesLeft: null },
    ])
    expect(await problemOf(attempt.setNewPin(ascii('314159'), false))).toMatchObject({ code: 'attempt-ended' })
  })

  test('a card without a key 9E too, and a computer without a configuration', async () => {
    const staged = stageCard(kind, { nineE: 'none' })
    const configuration = { ...staged.tools.configuration, unblockKeys: [] }
    const attempt = await begin({ tools: { ...staged.tools, configuration } })
    attempt.enterPuc(ascii(PUK))
    await attempt.setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })

  test('a card that is not blocked is left alone, unless forced', async () => {
    const staged = stageCard(kind)
    const { card } = createCard(kind)
    staged.reader.insert(card)
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'card-not-blocked', facts: { triesLeft: 3 } })
    expect(acceptsPin(card, OLD_PIN)).toBe(true)
    const attempt = await begin(staged, true)
    attempt.enterPuc(ascii(PUK))
    await attempt.setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(card, NEW_PIN)).toBe(true)
  })

  test.each(['', '1234567', '123456789', '1234567A', 'password', '0'.repeat(200)])(
    '"%s" is no PUC: the card sees nothing, and what was typed is overwritten',
    async (typed) => {
      const staged = stageCard(kind)
      const attempt = await beginWith(staged, PUK)
      const octets = ascii(typed)
      expect(() => attempt.enterPuc(octets)).toThrow(expect.objectContaining({ code: 'puc-malformed' }))
      expect([...octets].every((octet) => octet === 0)).toBe(true)
      const problem = await problemOf(attempt.setNewPin(ascii(NEW_PIN), true))
      expect(problem.code).toBe('puc-malformed')
      expect(staged.card.heard).toEqual([])
      expect(staged.journal.lines).toEqual([])
    },
  )

  test('a PIN that breaks the rules does not reach the card; another one works with the same PUC', async () => {
    const staged = stageCard(kind)
    const attempt = await beginWith(staged, PUK)
    const simple = ascii('111111')
    expect(await problemOf(attempt.setNewPin(simple, false))).toMatchObject({ code: 'pin-policy' })
    expect([...simple]).toEqual([0, 0, 0, 0, 0, 0])
    expect(staged.card.heard).toEqual([])
    expect(staged.journal.lines).toEqual([])
    await attempt.setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })

  test('another PUC: one try is spent, it is said how many are left, nothing is sent twice', async () => {
    const staged = stageCard(kind)
    const attempt = await beginWith(staged, WRONG_PUC)
    const problem = await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))
    expect(problem).toMatchObject({ code: 'puc-refused', facts: { triesLeft: 2 } })
    expect(problem.facts.receipt).toBeUndefined()
    expect(pukTries(staged.card)).toBe(2)
    expect(staged.journal.lines.at(-1)).toMatchObject({ kind: 'outcome', outcome: 'refused', triesLeft: 2 })
    expect(await problemOf(attempt.setNewPin(ascii(NEW_PIN), true))).toMatchObject({ code: 'attempt-ended' })
    expect(resetsIn(staged.card.heard)).toHaveLength(1)
    await (await beginWith(staged, PUK)).setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })

  test('the last try is asked for first where the card tells; then the PUC is used up', async () => {
    const staged = stageCard(kind)
    for (const triesLeft of [2, 1]) {
      const attempt = await beginWith(staged, WRONG_PUC)
      const problem = await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))
      expect(problem).toMatchObject({ code: 'puc-refused', facts: { triesLeft } })
    }
    const attempt = await beginWith(staged, WRONG_PUC)
    if (tells(kind)) {
      expect(await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))).toMatchObject({ code: 'last-try' })
      expect(resetsIn(staged.card.heard)).toEqual([])
      expect(pukTries(staged.card)).toBe(1)
    }
    expect((await problemOf(attempt.setNewPin(ascii(NEW_PIN), true))).code).toBe('puk-blocked')
    expect(staged.journal.lines.at(-1)).toMatchObject({ outcome: 'refused', triesLeft: 0 })
    staged.card.forget()
    const again = begin(staged).then((late) => {
      late.enterPuc(ascii(PUK))
      return late.setNewPin(ascii(NEW_PIN), true)
    })
    expect((await problemOf(again)).code).toBe('puk-blocked')
    // Where the card tells, nobody has to type a PUC to learn it.
    expect(resetsIn(staged.card.heard)).toHaveLength(tells(kind) ? 0 : 1)
  })

  test.each(['before', 'after'] as const)('torn %s the card ran it: outcome unknown', async (moment) => {
    const staged = stageCard(kind)
    const attempt = await beginWith(staged, PUK)
    // GET METADATA of the PUK goes first.
    staged.reader.cutPower({ afterCommands: 1, moment })
    expect(await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))).toMatchObject({ code: 'outcome-unknown' })
    expect(staged.journal.lines).toMatchObject([
      { kind: 'intent' },
      { kind: 'outcome', outcome: 'unknown', triesLeft: null },
    ])
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(moment === 'after')
    expect(pukTries(staged.card)).toBe(3)
  })

  test('removed while it is typed: told at once, nothing is sent, no line is written', async () => {
    const staged = stageCard(kind)
    const attempt = await beginWith(staged, PUK)
    staged.reader.remove()
    expect(await attempt.whenLost()).toMatchObject({ code: 'card-removed' })
    expect(await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))).toMatchObject({ code: 'card-removed' })
    expect(staged.journal.lines).toEqual([])
  })
})

describe('cards without a PUC', () => {
  test('GIDS: refused before anything is typed, and let go', async () => {
    const staged = stageCard('gids')
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'card-not-supported' })
    expect(() => staged.reader.connect()).not.toThrow()
  })

  test('an everyday PIN that is the Global PIN is set elsewhere', async () => {
    const staged = stageCard('piv-strict')
    const { transmit } = staged.card
    // Discovery: PIN usage policy 6020, the Global PIN preferred. [SP 800-73-5 pt 1, 3.3.2]
    const discovery = '7E124F0BA000000308000010000100 5F2F0260209000'.replaceAll(' ', '')
    const prefers = (command: Uint8Array) =>
      command[1] === 0xcb && command.includes(0x7e) ? Uint8Array.from(Buffer.from(discovery, 'hex')) : transmit(command)
    staged.reader.insert({ ...staged.card, transmit: prefers })
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'global-pin' })
  })
})
