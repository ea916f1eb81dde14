import { ascii } from '@unlatch/card'
import { VIRTUAL_CARD_KINDS, type VirtualCardKind } from '@unlatch/virtual-cards'
import { describe, expect, test } from 'vitest'
import {
  acceptsPin,
  begin,
  beginAccepted,
  createCard,
  misheard,
  NEW_PIN,
  OLD_PIN,
  problemOf,
  resetsIn,
  stageCard,
} from './blocked-cards.fixture.ts'
import { OfflineUnblock } from './unblock-offline.ts'

describe.each(VIRTUAL_CARD_KINDS)('%s', (kind: VirtualCardKind) => {
  test('a blocked card takes the new PIN, and the journal has intent and outcome', async () => {
    const staged = stageCard(kind)
    const attempt = await begin(staged)
    const { challenge } = attempt.way
    await attempt.enterCryptogram(ascii(staged.desk.answer(challenge)))
    const { receipt } = await attempt.setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
    expect(staged.journal.lines).toMatchObject([
      { kind: 'intent', attemptId: attempt.attemptId, challenge },
      { kind: 'outcome', attemptId: attempt.attemptId, challenge, outcome: 'unblocked', receipt },
    ])
    if (kind === 'gids') expect(receipt).toBeNull()
    else expect(staged.desk.readReceipt(challenge, receipt ?? '')).toEqual({ code: 'unblocked' })
    expect(await problemOf(attempt.setNewPin(ascii('314159'), false))).toMatchObject({ code: 'attempt-ended' })
  })

  test('a card that is not blocked is left alone, with its tries', async () => {
    const { card } = createCard(kind)
    const staged = stageCard(kind)
    staged.reader.insert(card)
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'card-not-blocked', facts: { triesLeft: 3 } })
    expect(acceptsPin(card, OLD_PIN)).toBe(true)
  })

  test('force: also a card that is not blocked', async () => {
    const staged = stageCard(kind)
    const { card, desk } = createCard(kind)
    staged.reader.insert(card)
    const attempt = await begin(staged, true)
    await attempt.enterCryptogram(ascii(desk.answer(attempt.way.challenge)))
    await attempt.setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(card, NEW_PIN)).toBe(true)
  })

  test('a mistyped cryptogram is refused before the card, and the fifth ends the attempt', async () => {
    const staged = stageCard(kind)
    const attempt = await begin(staged)
    const wrong = misheard(staged.desk.answer(attempt.way.challenge))
    staged.card.forget()
    for (const entriesLeft of [4, 3, 2, 1]) {
      const problem = await problemOf(attempt.enterCryptogram(ascii(wrong)))
      const wrongGroups = kind === 'gids' ? [1] : []
      expect(problem).toMatchObject({ code: 'cryptogram-mistyped', facts: { entriesLeft, wrongGroups } })
      expect(attempt.isAccepted).toBe(false)
    }
    expect(await problemOf(attempt.enterCryptogram(ascii(wrong)))).toMatchObject({ code: 'attempt-ended' })
    expect(staged.card.heard).toEqual([])
    expect(staged.journal.lines).toEqual([])
    const right = ascii(staged.desk.answer(attempt.way.challenge))
    expect(await problemOf(attempt.enterCryptogram(right))).toMatchObject({ code: 'attempt-ended' })
  })

  test.each(['', ' 12', 'seven', '0'.repeat(200)])('"%s" is no cryptogram', async (typed) => {
    const staged = stageCard(kind)
    const attempt = await begin(staged)
    expect(await problemOf(attempt.enterCryptogram(ascii(typed)))).toMatchObject({ code: 'cryptogram-mistyped' })
  })

  test('separators and spaces in a cryptogram are nothing', async () => {
    const staged = stageCard(kind)
    const attempt = await begin(staged)
    const spaced = staged.desk.answer(attempt.way.challenge).replace(/(.{3})/g, '$1 - ')
    await attempt.enterCryptogram(ascii(`\t${spaced}\r`))
    expect(attempt.isAccepted).toBe(true)
  })

  test('no PIN is set without an accepted cryptogram', async () => {
    const staged = stageCard(kind)
    const attempt = await begin(staged)
    staged.card.forget()
    const pin = ascii(NEW_PIN)
    expect(await problemOf(attempt.setNewPin(pin, true))).toMatchObject({ code: 'cryptogram-mistyped' })
    expect(staged.card.heard).toEqual([])
    expect(staged.journal.lines).toEqual([])
  })

  test('a PIN that breaks the rules does not reach the card, and is overwritten; another one works', async () => {
    const staged = stageCard(kind)
    const attempt = await beginAccepted(staged)
    const simple = ascii('111111')
    expect(await problemOf(attempt.setNewPin(simple, false))).toMatchObject({
      code: 'pin-policy',
      facts: { rules: ['repeat'] },
    })
    expect([...simple]).toEqual([0, 0, 0, 0, 0, 0])
    expect(staged.card.heard).toEqual([])
    expect(staged.journal.lines).toEqual([])
    await attempt.setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })

  test('two PINs at once: one is sent, once', async () => {
    const staged = stageCard(kind)
    const attempt = await beginAccepted(staged)
    const [first, second] = await Promise.allSettled([
      attempt.setNewPin(ascii(NEW_PIN), false),
      attempt.setNewPin(ascii('314159'), false),
    ])
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected'])
    expect(resetsIn(staged.card.heard)).toHaveLength(1)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })

  test('the card is let go at the end, reset: nothing stays verified', async () => {
    const staged = stageCard(kind)
    const attempt = await beginAccepted(staged)
    expect(await problemOf(OfflineUnblock.begin(staged.tools, 'reader'))).toMatchObject({ code: 'reader-in-use' })
    await attempt.setNewPin(ascii(NEW_PIN), false)
    const connection = staged.reader.connect()
    expect([...(await connection.transmit(Uint8Array.of(0x00, 0x20, 0x00, 0x80)))]).toEqual([0x69, 0x86])
  })

  test('removed during the call: told at once, nothing is lost', async () => {
    const staged = stageCard(kind)
    const attempt = await beginAccepted(staged)
    staged.reader.remove()
    expect(await attempt.whenLost()).toMatchObject({ code: 'card-removed' })
    expect(await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))).toMatchObject({ code: 'card-removed' })
    expect(staged.journal.lines).toEqual([])
    staged.reader.insert(staged.card)
    const again = await beginAccepted(staged)
    await again.setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })

  test('another program resets the card: the challenge is superseded, and no PIN is sent', async () => {
    const staged = stageCard(kind)
    const attempt = await beginAccepted(staged)
    staged.reader.resetByOther()
    expect(await problemOf(attempt.setNewPin(ascii(NEW_PIN), false))).toMatchObject({ code: 'challenge-superseded' })
    expect(resetsIn(staged.card.heard)).toEqual([])
    expect(staged.journal.lines.filter(({ kind: line }) => line === 'outcome')).not.toContainEqual(
      expect.objectContaining({ outcome: 'unblocked' }),
    )
  })
})
