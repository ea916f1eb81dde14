import { ascii } from '@unlatch/card'
import { FIPS_201_3 } from '@unlatch/contract'
import { VIRTUAL_CARD_KINDS, VirtualReader } from '@unlatch/virtual-cards'
import { describe, expect, test } from 'vitest'
import { virtualReaders } from '../adapters/virtual-reader/virtual-readers.ts'
import { acceptsPin, createCard, NEW_PIN, OLD_PIN, problemOf } from './blocked-cards.fixture.ts'
import { changePin } from './change-pin.ts'

function stage(kind: (typeof VIRTUAL_CARD_KINDS)[number]) {
  const { card } = createCard(kind)
  card.forget()
  const reader = new VirtualReader('reader')
  reader.insert(card)
  const tools = { readers: virtualReaders([reader]), policy: FIPS_201_3 }
  let isSame = true
  const change = (current: string, replacement: string, hasConsent = false) => {
    const pins = { current: ascii(current), replacement: ascii(replacement) }
    const done = changePin(tools, 'reader', async () => isSame, pins, hasConsent).finally(() => {
      // Whatever happened, neither is left in memory.
      expect([...pins.current, ...pins.replacement].every((octet) => octet === 0)).toBe(true)
    })
    return done
  }
  const swap = () => {
    isSame = false
  }
  return { card, reader, change, swap }
}

/** Commands that compare a PIN: VERIFY with data, CHANGE REFERENCE DATA. */
const comparing = (heard: readonly string[]) => heard.filter((command) => /^00(20008[0-9A-F]{3}|24)/.test(command))

describe.each(VIRTUAL_CARD_KINDS)('%s', (kind) => {
  test('the holder sets a PIN of his own: it works, the old one does not', async () => {
    const { card, change } = stage(kind)
    await change(OLD_PIN, NEW_PIN)
    expect([acceptsPin(card, NEW_PIN), acceptsPin(card, OLD_PIN)]).toEqual([true, false])
  })

  test('a wrong current PIN costs one try, and the card says how many are left; the old PIN still works', async () => {
    const { card, change } = stage(kind)
    const problem = await problemOf(change('999999', NEW_PIN))
    expect(problem).toMatchObject({ code: 'pin-wrong', facts: { triesLeft: 2 } })
    expect(acceptsPin(card, OLD_PIN)).toBe(true)
  })

  test('a new PIN that breaks the rules, a current one that cannot be, another card: the card is not asked', async () => {
    const { card, change, swap } = stage(kind)
    expect(await problemOf(change(OLD_PIN, '111111'))).toMatchObject({
      code: 'pin-policy',
      facts: { rules: ['repeat'] },
    })
    expect(await problemOf(change('12', NEW_PIN))).toMatchObject({ code: 'pin-malformed' })
    swap()
    expect(await problemOf(change(OLD_PIN, NEW_PIN))).toMatchObject({ code: 'card-removed' })
    expect(comparing(card.heard)).toEqual([])
    expect(acceptsPin(card, OLD_PIN)).toBe(true)
  })

  test('the last try is not spent without a word', async () => {
    const { card, change } = stage(kind)
    for (const wrong of ['999999', '888888']) await problemOf(change(wrong, NEW_PIN))
    expect(await problemOf(change('777777', NEW_PIN))).toMatchObject({ code: 'last-try' })
    await change(OLD_PIN, NEW_PIN, true)
    expect(acceptsPin(card, NEW_PIN)).toBe(true)
  })

  test('a wrong last try blocks the card, which is said', async () => {
    const { change } = stage(kind)
    for (const wrong of ['999999', '888888']) await problemOf(change(wrong, NEW_PIN))
    const last = await problemOf(change('777777', NEW_PIN, true))
    expect(last).toMatchObject({ code: 'pin-wrong', facts: { triesLeft: 0 } })
    expect(await problemOf(change(OLD_PIN, NEW_PIN, true))).toMatchObject({
      code: 'pin-wrong',
      facts: { triesLeft: 0 },
    })
  })

  test('torn at any command, before or after: one of the two PINs works', async () => {
    for (const moment of ['before', 'after'] as const) {
      for (let afterCommands = 0; ; afterCommands++) {
        const { card, reader, change } = stage(kind)
        reader.cutPower({ afterCommands, moment })
        const problem = await change(OLD_PIN, NEW_PIN).then(
          () => undefined,
          (error) => error,
        )
        const works = [OLD_PIN, NEW_PIN].filter((pin) => acceptsPin(card, pin))
        expect([moment, afterCommands, works.length]).toEqual([moment, afterCommands, 1])
        if (problem === undefined) break
        expect(problem).toMatchObject({ code: expect.stringMatching(/^outcome-unknown$|^card-removed$/) })
        // Said to be without effect, it is.
        if (problem.code === 'card-removed') expect(works).toEqual([OLD_PIN])
      }
    }
  })
})

test('GIDS: a current PIN that is too short by the beginning of the new one is not cut out of both', async () => {
  const { card, change } = stage('gids')
  // 1234 ‖ 5680291: a card that splits them by its own PIN's length would compare 123456 and set 80291.
  expect(await problemOf(change('1234', '5680291'))).toMatchObject({ code: 'pin-wrong' })
  expect(acceptsPin(card, OLD_PIN)).toBe(true)
})
