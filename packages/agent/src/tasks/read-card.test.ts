import { ascii, readHex, writeHex } from '@unlatch/card'
import { createVirtualCard, type VirtualCardKind } from '@unlatch/virtual-cards'
import { describe, expect, test } from 'vitest'
import {
  acceptsPin,
  begin,
  beginAccepted,
  CARD_UUID,
  createCard,
  NEW_PIN,
  problemOf,
  spyOn,
  stageCard,
} from './blocked-cards.fixture.ts'
import { readCard } from './read-card.ts'

/** Cards of others: what they answer differently from ours, as far as the standards leave them room. */

const VERIFY_STATUS = '00200080'
const GET_CHUID = '00CB3FFF055C035FC10200'
const GET_DISCOVERY = '00CB3FFF035C017E00'
const GET_GIDS_PIN_STATUS = '00CB3FFF045C027F7100'
const DISCOVERY = (policy: string) => `7E124F0BA0000003080000100001005F2F02${policy}9000`

/** A blocked card of ours that answers some commands in another way: by the command, or the beginning of it, in hexadecimal. */
function stageForeign(kind: VirtualCardKind, answers: Record<string, string>) {
  const staged = stageCard(kind)
  const { transmit } = staged.card
  staged.reader.insert({
    ...staged.card,
    transmit(command) {
      const hex = writeHex(command)
      const found = Object.entries(answers).find(([start]) =>
        start === VERIFY_STATUS ? hex === start : hex.startsWith(start),
      )
      return found ? readHex(found[1]) : transmit(command)
    },
  })
  return staged
}

async function readingOf(staged: ReturnType<typeof stageForeign>) {
  const connection = await staged.tools.readers.connect('reader')
  return readCard(connection)
}

async function unblocks(staged: ReturnType<typeof stageForeign>): Promise<boolean> {
  const attempt = await beginAccepted(staged)
  await attempt.setNewPin(ascii(NEW_PIN), false)
  return acceptsPin(staged.card, NEW_PIN)
}

describe('PIV: how the PIN stands', () => {
  test.each([
    ['63C0', true, 0],
    ['6983', true, 0],
    ['6300', false, undefined],
    ['63C1', false, 1],
    ['63CF', false, 15],
    ['6314', false, 20],
    ['9000', false, undefined],
  ])('%s', async (answer, isBlocked, triesLeft) => {
    const reading = await readingOf(stageForeign('piv-lenient', { [VERIFY_STATUS]: answer }))
    expect(reading).toMatchObject({ family: 'piv', isBlocked })
    expect(reading.triesLeft).toBe(triesLeft)
  })

  test('a card that never tells is unblocked by force', async () => {
    const staged = stageForeign('piv-lenient', { [VERIFY_STATUS]: '6300' })
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'card-not-blocked', facts: {} })
    const attempt = await begin(staged, true)
    await attempt.enterCryptogram(ascii(staged.desk.answer(attempt.way.challenge)))
    await attempt.setNewPin(ascii(NEW_PIN), false)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })

  test('a card that wants an Le in every command', async () => {
    const staged = stageForeign('piv-lenient', { '0020008000': '6983', [VERIFY_STATUS]: '6700' })
    expect(await readingOf(staged)).toMatchObject({ isBlocked: true })
  })

  test.each([
    ['6982', 'card-not-supported'],
    ['6A88', 'card-not-supported'],
    ['6D00', 'card-not-supported'],
    ['6F00', 'card-fault'],
  ])('%s: refused, not guessed', async (answer, code) => {
    expect(await problemOf(begin(stageForeign('piv-lenient', { [VERIFY_STATUS]: answer })))).toMatchObject({ code })
  })
})

describe('PIV: Discovery', () => {
  test.each([
    ['the Global PIN is preferred', DISCOVERY('6020')],
    ['the same, wrapped in 53', `5314${DISCOVERY('6020')}`],
  ])('%s: refused, its PIN cannot be set here', async (_, answer) => {
    const staged = stageForeign('piv-lenient', { [GET_DISCOVERY]: answer })
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'global-pin' })
  })

  test.each([
    ['the application PIN is preferred', DISCOVERY('6010')],
    ['there is only the application PIN', DISCOVERY('4000')],
    ['absent', '6A82'],
    ['not permitted', '6982'],
    ['empty', '9000'],
    ['an empty object', '7E009000'],
    ['garbage', 'DEADBEEF9000'],
    ['cut short', '7E124F0BA09000'],
  ])('%s: goes on', async (_, answer) => {
    expect(await unblocks(stageForeign('piv-lenient', { [GET_DISCOVERY]: answer }))).toBe(true)
  })
})

describe('PIV: CHUID', () => {
  test.each([
    ['absent', '6A82', 'card-not-issued'],
    ['not permitted', '6982', 'card-not-issued'],
    ['empty', '53009000', 'card-not-issued'],
    ['without GUID', '53023E009000', 'card-fault'],
    ['garbage', '0102039000', 'card-fault'],
  ])('%s', async (_, answer, code) => {
    const staged = stageForeign('yubikey', { [GET_CHUID]: answer })
    expect(await problemOf(begin(staged))).toMatchObject({ code })
  })
})

describe('PIV: key 9E does RSA, and ECDH is refused in its own way', () => {
  test.each(['6A80', '6A81', '6A82', '6A86', '6A88', '6982', '6985', '6700', '6D00', '6F00'])('%s', async (answer) => {
    const staged = stageForeign('piv-strict', { '0087119E': answer })
    expect(await unblocks(staged)).toBe(true)
  })

  test.each(['6A80', '6982', '6F00'])('%s to both: PUC only', async (answer) => {
    const staged = stageForeign('piv-strict', { '0087119E': answer, '1087079E': answer, '0087079E': answer })
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'card-not-supported' })
  })

  test.each(['6884', '6E00'])('a card that answers %s to command chaining gets one long command', async (answer) => {
    expect(await unblocks(stageForeign('piv-strict', { '10': answer }))).toBe(true)
  })

  test('an answer to ECDH that is no point is a fault, not another variant', async () => {
    const staged = stageForeign('piv-strict', { '0087119E': '7C0482021234 9000'.replace(' ', '') })
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'card-fault' })
  })
})

describe('SELECT', () => {
  const SELECT_PIV = '00A4040009A00000030800001000'
  const SELECT_GIDS = '00A4040009A00000039742544659'

  test('a PIV card that compares the whole identifier', async () => {
    const staged = stageForeign('piv-lenient', { [SELECT_PIV]: '6A82' })
    expect(await readingOf(staged)).toMatchObject({ family: 'piv', cardUuid: CARD_UUID })
  })

  test.each([
    ['revision 2', '00A404000BA000000397425446590201'],
    ['revision 1', '00A404000BA000000397425446590101'],
  ])('a GIDS card that compares the whole identifier, %s', async (_, whole) => {
    const staged = stageCard('gids')
    const { transmit } = staged.card
    const isOther = (hex: string) => hex.startsWith('00A40400') && hex.slice(10, 28) === 'A00000039742544659'
    staged.reader.insert({
      ...staged.card,
      transmit(command) {
        const hex = writeHex(command)
        if (!isOther(hex)) return transmit(command)
        return hex.startsWith(whole) ? transmit(readHex(`${SELECT_GIDS}00`)) : readHex('6A82')
      },
    })
    expect(await readingOf(staged)).toMatchObject({ family: 'gids', cardUuid: CARD_UUID, isBlocked: true })
  })

  test.each(['9000', '6F0584039000', '61024F009000'])('the answer (%s) is not looked into', async (answer) => {
    const staged = stageCard('piv-lenient')
    const { transmit } = staged.card
    staged.reader.insert({
      ...staged.card,
      transmit(command) {
        const real = transmit(command)
        return command[1] === 0xa4 && real.at(-2) === 0x90 ? readHex(answer) : real
      },
    })
    expect(await unblocks(staged)).toBe(true)
  })

  test('neither application', async () => {
    const staged = stageForeign('piv-lenient', { '00A4': '6A82' })
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'card-not-supported' })
  })
})

describe('GIDS: how the PIN stands', () => {
  test.each([
    ['6983', true, 0],
    ['63C0', true, 0],
    ['63C2', false, 2],
    ['6300', false, undefined],
    ['9000', false, undefined],
  ])('without a status object, by VERIFY: %s', async (answer, isBlocked, triesLeft) => {
    const reading = await readingOf(stageForeign('gids', { [GET_GIDS_PIN_STATUS]: '6A88', [VERIFY_STATUS]: answer }))
    expect(reading).toMatchObject({ family: 'gids', isBlocked })
    expect(reading.triesLeft).toBe(triesLeft)
  })

  test('without a status object the card is unblocked like any other', async () => {
    expect(await unblocks(stageForeign('gids', { [GET_GIDS_PIN_STATUS]: '6A82' }))).toBe(true)
  })

  test('a status object in another order, with more in it', async () => {
    const staged = stageForeign('gids', { [GET_GIDS_PIN_STATUS]: '7F71099301039601009701009000' })
    expect(await readingOf(staged)).toMatchObject({ isBlocked: true, triesLeft: 0 })
  })

  test.each(['7F71009000', '7F71029700 9000'.replace(' ', ''), 'FFFF9000'])('%s is a fault', async (answer) => {
    const staged = stageForeign('gids', { [GET_GIDS_PIN_STATUS]: answer })
    expect(await problemOf(begin(staged))).toMatchObject({ code: 'card-fault' })
  })

  test('a challenge of 16 bytes (AES): read out in 28 symbols', async () => {
    const block = '000102030405060708090A0B0C0D0E0F'
    const staged = stageForeign('gids', { '00870000': `7C128110${block}9000` })
    expect((await begin(staged)).way.challenge).toMatch(/^000G40R40M30E209185GR38E1W.{2}$/)
  })
})

describe('a card with both applications', () => {
  /** Two virtual cards on one chip: SELECT says which one listens. */
  function both(piv: ReturnType<typeof stageCard>['card'], gids: ReturnType<typeof stageCard>['card']) {
    const staged = stageCard('gids')
    let current = piv
    const isOk = (answer: Uint8Array) => answer.at(-2) === 0x90
    staged.reader.insert({
      ...staged.card,
      reset() {
        for (const one of [piv, gids]) one.reset()
      },
      transmit(command) {
        if (command[1] !== 0xa4) return current.transmit(command)
        const next = [piv, gids].find((one) => isOk(one.transmit(command)))
        if (!next) return Uint8Array.of(0x6a, 0x82)
        if (next !== current) current.reset()
        current = next
        return Uint8Array.of(0x90, 0x00)
      },
    })
    return staged
  }
  const fresh = (kind: VirtualCardKind) => createCard(kind).card
  const blocked = (kind: VirtualCardKind) => stageCard(kind).card

  test('is PIV, as it is to Windows', async () => {
    expect(await readingOf(both(blocked('yubikey'), blocked('gids')))).toMatchObject({ family: 'piv', isBlocked: true })
    expect(await readingOf(both(fresh('yubikey'), fresh('gids')))).toMatchObject({ family: 'piv', isBlocked: false })
  })

  test('is GIDS when only the GIDS PIN is blocked', async () => {
    expect(await readingOf(both(fresh('yubikey'), blocked('gids')))).toMatchObject({ family: 'gids', isBlocked: true })
  })

  test('is GIDS when the PIV application is empty', async () => {
    const empty = spyOn(createVirtualCard('yubikey'))
    expect(await readingOf(both(empty, fresh('gids')))).toMatchObject({ family: 'gids', isBlocked: false })
  })

  test('PIV is selected again after the look at GIDS', async () => {
    const staged = both(fresh('piv-lenient'), fresh('gids'))
    const attempt = await begin(staged, true)
    expect(attempt.way.form).toBe('masked')
  })
})
