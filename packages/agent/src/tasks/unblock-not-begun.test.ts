import { createECDH } from 'node:crypto'
import { ascii } from '@unlatch/card'
import { createVirtualCard, VirtualReader } from '@unlatch/virtual-cards'
import { describe, expect, onTestFinished, test } from 'vitest'
import { virtualReaders } from '../adapters/virtual-reader/virtual-readers.ts'
import { acceptsPin, begin, CARD_UUID, NEW_PIN, problemOf, pukTries, stageCard } from './blocked-cards.fixture.ts'
import { OfflineUnblock } from './unblock-offline.ts'

describe('what ends an attempt before it begins', () => {
  test('a reader that is not there, and one without a card', async () => {
    const staged = stageCard('yubikey')
    expect(await problemOf(OfflineUnblock.begin(staged.tools, 'nobody’s'))).toMatchObject({ code: 'no-reader' })
    staged.reader.remove()
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'no-card' })
  })

  test('two cards in two readers: only the named one is touched', async () => {
    const [first, second] = [stageCard('yubikey'), stageCard('gids')]
    const other = new VirtualReader('other')
    other.insert(second.card)
    const readers = virtualReaders([first.reader, other])
    const attempt = await OfflineUnblock.begin({ ...first.tools, readers }, 'other')
    await attempt.enterCryptogram(ascii(second.desk.answer(attempt.way.challenge)))
    await attempt.setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(second.card, NEW_PIN)).toBe(true)
    expect(first.card.heard).toEqual([])
  })

  test('the cryptogram for one card is none for another', async () => {
    const [mine, other] = [stageCard('yubikey'), stageCard('yubikey')]
    const attempt = await begin(mine)
    const answer = ascii(other.desk.answer(attempt.way.challenge))
    expect(await problemOf(attempt.enterCryptogram(answer))).toMatchObject({ code: 'cryptogram-mistyped' })
  })

  test('no unblock key: the configuration is missing, and the card is let go', async () => {
    const staged = stageCard('yubikey')
    const configuration = { ...staged.tools.configuration, unblockKeys: [] }
    const problem = await problemOf(OfflineUnblock.begin({ ...staged.tools, configuration }, 'reader'))
    expect(problem.code).toBe('configuration-missing')
    expect((await begin(staged)).way.form).toBe('masked')
  })

  test("an unblock key that is not the server's: its cryptogram is refused before the card", async () => {
    const staged = stageCard('piv-lenient')
    const unblockKeys = [createECDH('prime256v1').generateKeys('hex').toUpperCase()]
    const configuration = { ...staged.tools.configuration, unblockKeys }
    const attempt = await OfflineUnblock.begin({ ...staged.tools, configuration }, 'reader')
    onTestFinished(() => attempt.end())
    staged.card.forget()
    const answer = ascii(staged.desk.answer(attempt.way.challenge))
    expect(await problemOf(attempt.enterCryptogram(answer))).toMatchObject({ code: 'cryptogram-mistyped' })
    expect(staged.card.heard).toEqual([])
  })

  test('a card that was never initialised is not issued', async () => {
    const staged = stageCard('gids')
    staged.reader.insert(createVirtualCard('gids'))
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'card-not-issued' })
  })

  test('9E empty: the card is PUC only', async () => {
    const staged = stageCard('yubikey', { nineE: 'none' })
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'card-not-supported' })
    expect(pukTries(staged.card)).toBe(3)
  })

  test('no CHUID', async () => {
    const staged = stageCard('yubikey')
    const { transmit } = staged.card
    const hide = (command: Uint8Array) =>
      command[1] === 0xcb && command.at(-2) === 0x02 ? Uint8Array.of(0x6a, 0x82) : transmit(command)
    staged.reader.insert({ ...staged.card, transmit: hide })
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'card-not-issued' })
  })

  test('the reading tells the identifier that the card has', async () => {
    const staged = stageCard('piv-lenient')
    expect((await begin(staged)).reading).toMatchObject({ family: 'piv', cardUuid: CARD_UUID, isBlocked: true })
  })
})
