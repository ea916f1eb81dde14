import { ascii } from '@unlatch/card'
import { VIRTUAL_CARD_KINDS } from '@unlatch/virtual-cards'
import { describe, expect, test } from 'vitest'
import {
  acceptsPin,
  begin,
  beginAccepted,
  NEW_PIN,
  problemOf,
  pukTries,
  resetsIn,
  type Staged,
  stageCard,
} from './blocked-cards.fixture.ts'

const PIV_KINDS = VIRTUAL_CARD_KINDS.filter((kind) => kind !== 'gids')
const WRONG_PUK = '11223344'

describe.each(PIV_KINDS)("%s: the server's PUK is not this card's", (kind) => {
  test('one try is spent, the receipt says how many are left, nothing is sent twice', async () => {
    const staged = stageCard(kind)
    const attempt = await beginAccepted(staged, WRONG_PUK)
    const problem = await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))
    expect(problem).toMatchObject({ code: 'puk-refused', facts: { triesLeft: 2 } })
    expect(pukTries(staged.card)).toBe(2)
    const receipt = String(problem.facts.receipt)
    expect(receipt).toMatch(/^3\d{3}$/)
    expect(staged.desk.readReceipt(attempt.way.challenge, receipt, WRONG_PUK)).toEqual({
      code: 'refused',
      triesLeft: 2,
    })
    expect(staged.journal.lines.at(-1)).toMatchObject({ kind: 'outcome', outcome: 'refused', receipt })
    expect(resetsIn(staged.card.heard)).toHaveLength(1)
    expect(await problemOf(attempt.setNewPin(ascii(NEW_PIN), true))).toMatchObject({ code: 'attempt-ended' })
    expect(resetsIn(staged.card.heard)).toHaveLength(1)
  })

  test('the last try is asked for first where the card tells; then the PUK is blocked: receipt 1', async () => {
    const staged = stageCard(kind)
    for (const triesLeft of [2, 1]) {
      const attempt = await beginAccepted(staged, WRONG_PUK)
      const problem = await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))
      expect(problem).toMatchObject({ code: 'puk-refused', facts: { triesLeft } })
    }
    const attempt = await beginAccepted(staged, WRONG_PUK)
    if (kind.startsWith('yubikey')) {
      expect(await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))).toMatchObject({ code: 'last-try' })
      expect(resetsIn(staged.card.heard)).toEqual([])
      expect(pukTries(staged.card)).toBe(1)
    }
    const problem = await problemOf(attempt.setNewPin(ascii(NEW_PIN), true))
    expect(problem.code).toBe('puk-blocked')
    expect(staged.desk.readReceipt(attempt.way.challenge, String(problem.facts.receipt), WRONG_PUK)).toEqual({
      code: 'refused',
      triesLeft: 0,
    })
    if (kind === 'piv-lenient') {
      // Like its model, it erases its keys with the last try: there is nothing to agree with any more.
      expect(await problemOf(begin(staged))).toMatchObject({ code: 'card-not-supported' })
      return
    }
    const blocked = await beginAccepted(staged)
    const last = await problemOf(blocked.setNewPin(ascii(NEW_PIN), true))
    expect(last).toMatchObject({ code: 'puk-blocked', facts: { receipt: expect.stringMatching(/^1/) } })
  })

  test('the last try, with the right PUK and consent, unblocks', async () => {
    const staged = stageCard(kind)
    for (let tries = 0; tries < 2; tries++) {
      await problemOf((await beginAccepted(staged, WRONG_PUK)).setNewPin(ascii(NEW_PIN), true))
    }
    await (await beginAccepted(staged)).setNewPin(ascii(NEW_PIN), true)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })
})

describe.each(PIV_KINDS)('%s: torn at RESET RETRY COUNTER', (kind) => {
  test.each(['before', 'after'] as const)('%s the card ran it: outcome unknown, receipt 9', async (moment) => {
    const staged = stageCard(kind)
    const attempt = await beginAccepted(staged)
    // GET METADATA of the PUK goes first.
    staged.reader.cutPower({ afterCommands: 1, moment })
    const problem = await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))
    expect(problem.code).toBe('outcome-unknown')
    const receipt = String(problem.facts.receipt)
    expect(staged.desk.readReceipt(attempt.way.challenge, receipt)).toEqual({ code: 'unknown' })
    expect(staged.journal.lines).toMatchObject([
      { kind: 'intent', receiptIfUnknown: receipt },
      { kind: 'outcome', outcome: 'unknown', receipt },
    ])
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(moment === 'after')
    expect(pukTries(staged.card)).toBe(3)
  })

  test('torn at the proof: the card has said yes', async () => {
    const staged = stageCard(kind)
    const attempt = await beginAccepted(staged)
    staged.reader.cutPower({ afterCommands: 2, moment: 'before' })
    const problem = await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))
    expect(problem.code).toBe('outcome-unknown')
    expect(staged.desk.readReceipt(attempt.way.challenge, String(problem.facts.receipt))).toEqual({ code: 'unblocked' })
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })
})

describe('a PIN that the card itself refuses', () => {
  test('PIV: 6A80 after the PUK was right; the attempt stays, another PIN works', async () => {
    const staged = stageCard('piv-strict')
    const refusing = { ...staged.card, transmit: refuseFirstReset(staged.card.transmit) }
    staged.reader.insert(refusing)
    const attempt = await beginAccepted(staged)
    const problem = await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))
    expect(problem.code).toBe('pin-refused-by-card')
    await attempt.setNewPin(ascii('314159'), false)
    expect(acceptsPin(staged.card, '314159')).toBe(true)
    expect(pukTries(staged.card)).toBe(3)
    expect(staged.journal.lines.at(-1)).toMatchObject({ outcome: 'unblocked' })
  })

  test('PIV: what its eight bytes cannot hold is not sent', async () => {
    const staged = stageCard('yubikey')
    const { pinPolicy } = staged.tools.configuration
    const configuration = { ...staged.tools.configuration, pinPolicy: { ...pinPolicy, minLength: 4, maxLength: 16 } }
    const attempt = await beginAccepted({ ...staged, tools: { ...staged.tools, configuration } })
    expect(await problemOf(attempt.setNewPin(ascii('8571'), false))).toMatchObject({ code: 'pin-refused-by-card' })
    expect(resetsIn(staged.card.heard)).toEqual([])
    await attempt.setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })

  test('GIDS: wrong length; the administrator stays authenticated, another PIN works', async () => {
    const staged = stageCard('gids')
    const { pinPolicy } = staged.tools.configuration
    const configuration = { ...staged.tools.configuration, pinPolicy: { ...pinPolicy, maxLength: 20 } }
    const attempt = await beginAccepted({ ...staged, tools: { ...staged.tools, configuration } })
    const long = ascii('85714285714285714')
    expect(await problemOf(attempt.setNewPin(long, false))).toMatchObject({ code: 'pin-refused-by-card' })
    await attempt.setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })
})

function refuseFirstReset(transmit: (command: Uint8Array) => Uint8Array<ArrayBuffer>) {
  let isRefused = false
  return (command: Uint8Array) => {
    if (command[1] !== 0x2c || isRefused) return transmit(command)
    isRefused = true
    return Uint8Array.of(0x6a, 0x80)
  }
}

describe('a card that contradicts itself', () => {
  test('9000 to RESET RETRY COUNTER, then the new PIN is wrong: never recorded as unblocked', async () => {
    const staged = stageCard('piv-lenient')
    const { transmit } = staged.card
    const lying = (command: Uint8Array) => (command[1] === 0x2c ? Uint8Array.of(0x90, 0x00) : transmit(command))
    staged.reader.insert({ ...staged.card, transmit: lying })
    const attempt = await beginAccepted(staged)
    const problem = await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))
    expect(problem.code).toBe('outcome-unknown')
    const receipt = String(problem.facts.receipt)
    expect(staged.desk.readReceipt(attempt.way.challenge, receipt)).toEqual({ code: 'unknown' })
    expect(staged.journal.lines.at(-1)).toMatchObject({ outcome: 'unknown', receipt })
  })

  test.each([
    ['6300: refused without a count', '6300', 'puk-refused', 'unknown'],
    ['63C0: refused, none left', '63C0', 'puk-blocked', 'refused'],
    ['6983: blocked', '6983', 'puk-blocked', 'refused'],
    ['63CF: fifteen left', '63CF', 'puk-refused', 'refused'],
    ['6D00: no such command', '6D00', 'card-not-supported', 'unknown'],
    ['6F00: a fault', '6F00', 'card-fault', 'unknown'],
    ['nothing but one octet', '90', 'card-fault', 'unknown'],
  ])('%s', async (_, answerHex, code, outcome) => {
    const staged = stageCard('piv-lenient')
    const { transmit } = staged.card
    const answer = new Uint8Array(Buffer.from(answerHex, 'hex'))
    staged.reader.insert({ ...staged.card, transmit: (command) => (command[1] === 0x2c ? answer : transmit(command)) })
    const attempt = await beginAccepted(staged)
    const problem = await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))
    expect(problem.code).toBe(code)
    expect(staged.journal.lines.at(-1)).toMatchObject({ outcome })
    const said = staged.desk.readReceipt(attempt.way.challenge, String(problem.facts.receipt))
    expect(said.code).toBe(outcome)
  })
})

describe('gids', () => {
  const wrongAnswer = (staged: Staged, challenge: string) => {
    const block = challenge.startsWith('0') ? '1' : '0'
    return staged.desk.answer(`${block}${challenge.slice(1)}`)
  }

  test('a well-formed cryptogram of another challenge: refused by the card, and the PIN stays blocked', async () => {
    const staged = stageCard('gids')
    const attempt = await begin(staged)
    await attempt.enterCryptogram(ascii(wrongAnswer(staged, attempt.way.challenge)))
    staged.card.forget()
    expect(await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))).toMatchObject({ code: 'cryptogram-refused' })
    expect(resetsIn(staged.card.heard)).toEqual([])
    expect(staged.journal.lines.at(-1)).toMatchObject({ kind: 'outcome', outcome: 'refused', receipt: null })
    expect(await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))).toMatchObject({ code: 'attempt-ended' })
  })

  test.each(['6A80', '6300', '6988', '6983'])('%s to the cryptogram ends the attempt too', async (answerHex) => {
    const staged = stageCard('gids')
    const { transmit } = staged.card
    const answer = new Uint8Array(Buffer.from(answerHex, 'hex'))
    const isAnswer = (command: Uint8Array) => command[1] === 0x87 && command[7] === 0x82
    staged.reader.insert({ ...staged.card, transmit: (command) => (isAnswer(command) ? answer : transmit(command)) })
    const attempt = await beginAccepted(staged)
    const problem = await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))
    expect(problem.code).toBe(answerHex === '6988' ? 'card-fault' : 'cryptogram-refused')
    expect(resetsIn(staged.card.heard)).toEqual([])
    expect(await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))).toMatchObject({ code: 'attempt-ended' })
  })

  test('bare hexadecimal of one block is taken too', async () => {
    const staged = stageCard('gids')
    const attempt = await begin(staged)
    const digits = staged.desk.answer(attempt.way.challenge)
    const value = [0, 1, 2, 3].map((i) => digits.slice(i * 7, i * 7 + 5)).join('')
    const bare = BigInt(value).toString(16).padStart(16, '0')
    await attempt.enterCryptogram(ascii(bare))
    await attempt.setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })

  test('torn before the administrator is authenticated: the PIN is as it was', async () => {
    const staged = stageCard('gids')
    const attempt = await beginAccepted(staged)
    staged.reader.cutPower({ afterCommands: 0, moment: 'after' })
    expect(await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))).toMatchObject({ code: 'card-removed' })
    expect(staged.journal.lines.at(-1)).toMatchObject({ outcome: 'unknown' })
  })
})
