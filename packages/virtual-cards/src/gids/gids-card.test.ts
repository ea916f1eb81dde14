import { readHex, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { describe, expect, test } from 'vitest'
import { createVirtualCard } from '../create-virtual-card.ts'
import { personaliseGids } from '../personalise/personalise-gids.ts'
import { sendHex } from '../send-hex.ts'

const KEY = readHex('00112233445566778899AABBCCDDEEFF0123456789ABCDEF')
const SELECT = '00A4040009A0000003974254465900'
const MSE = '0022C1A403830180'
const ASK = '00870000047C02810000'
const RIGHT = '0020008006313233343536'
const WRONG = '0020008006393939393939'

function gids() {
  const card = createVirtualCard('gids')
  personaliseGids(card, { cardId: readHex('00112233445566778899AABBCCDDEEFF'), adminKey: KEY, pin: '123456' })
  const send = sendHex(card)
  send(SELECT)
  const answerTo = (asked: string) =>
    `008700000C7C0A8208${writeHex(nodeCrypto.encryptBlocks('3des', KEY, readHex(asked.slice(8, 24))))}`
  const authenticate = () => {
    send(MSE)
    return send(answerTo(send(ASK)))
  }
  return { card, send, answerTo, authenticate }
}

test('GIDS: before the operational state there is no PIN, no admin key, and everything may be written', () => {
  const send = sendHex(createVirtualCard('gids'))
  send(SELECT)
  expect([RIGHT, MSE, ASK, '002C028006363534333231', '00CB3FFF045C027F7100'].map(send)).toEqual(Array(5).fill('6986'))
  expect(send('00CBA000045C02DF1F00')).toBe('6A82')
  expect(send('00440000')).toBe('6985')
})

describe('GIDS: the PIN', () => {
  test('is 4 to 16 octets, not padded; a wrong length costs no try', () => {
    const { send } = gids()
    expect(send('0020008003313233')).toBe('63C3')
    expect([WRONG, WRONG, WRONG, WRONG, RIGHT].map(send)).toEqual(['63C2', '63C1', '63C0', '6983', '6983'])
    expect(send('00CB3FFF045C027F7100')).toBe('7F71069701009301039000')
  })

  test('is changed where the old one ends', () => {
    const { send } = gids()
    expect(send('002400800A31323334353631323334')).toBe('9000')
    expect(send('002000800431323334')).toBe('9000')
    expect(send('002400800731323334313233')).toBe('6700')
  })

  test('cannot be set anew without the old one once the card is in operation', () => {
    const { send } = gids()
    expect(send('0024018006363534333231')).toBe('6986')
  })

  test('VERIFY 82 ends every authentication', () => {
    const { send, authenticate } = gids()
    authenticate()
    send(RIGHT)
    expect(send('00200082')).toBe('9000')
    expect(send('00200080')).toBe('63C3')
    expect(send('002C028006363534333231')).toBe('6982')
  })
})

describe('GIDS: unblock', () => {
  test('only 2C 02 80, only after the admin key', () => {
    const { send } = gids()
    expect(send('002C00800E3132333435363738313233343536')).toBe('6A86')
    expect(send('002C028106363534333231')).toBe('6A88')
    expect(send('002C028006363534333231')).toBe('6982')
  })

  test('a refused length leaves the administrator authenticated, a good one does not', () => {
    const { send, authenticate } = gids()
    for (let i = 0; i < 3; i++) send(WRONG)
    expect(authenticate()).toBe('9000')
    expect(send('002C028003313233')).toBe('6700')
    expect(send('002C028006363534333231')).toBe('9000')
    expect(send('002C028006363534333231')).toBe('6982')
    expect(send('0020008006363534333231')).toBe('9000')
  })
})

describe('GIDS: a challenge', () => {
  test('is worth one answer', () => {
    const { send, answerTo } = gids()
    send(MSE)
    const answer = answerTo(send(ASK))
    expect([answer, answer].map(send)).toEqual(['9000', '6985'])
    const dead = answerTo(send(ASK))
    expect(['008700000C7C0A82080000000000000000', dead].map(send)).toEqual(['6982', '6985'])
  })

  test('ends with another one, SELECT, reset', () => {
    const { card, send, answerTo } = gids()
    send(MSE)
    const superseded = answerTo(send(ASK))
    send(ASK)
    expect(send(superseded)).toBe('6982')
    for (const end of [() => send(SELECT), () => card.reset()]) {
      const dead = answerTo(send(ASK))
      end()
      send(SELECT)
      send(MSE)
      expect(send(dead)).toBe('6985')
    }
  })

  test('outlives GET DATA, VERIFY and SELECT of an unknown AID', () => {
    const { send, answerTo } = gids()
    send(MSE)
    const answer = answerTo(send(ASK))
    for (const other of ['00CB3FFF045C027F7100', RIGHT, WRONG, '00A4040007A0000005272001']) send(other)
    expect(send(answer)).toBe('9000')
  })

  test('malformed templates and parameters', () => {
    const { send } = gids()
    expect(send(ASK)).toBe('6985')
    send(MSE)
    expect(send('00870000047C03810000')).toBe('6984')
    expect(send('00870000057C03810101')).toBe('6984')
    expect(send('00870001047C02810000')).toBe('6A86')
    expect(send('0022C1A403830181')).toBe('6A88')
  })
})

describe('ISO/IEC 7816-4, 5.4.3.1: access rules hold in operation', () => {
  test('the card identifier is read by all and written by the administrator', () => {
    const { send, authenticate } = gids()
    expect(send('00CBA012045C02DF2000')).toBe('DF201000112233445566778899AABBCCDDEEFF9000')
    const put = `00DBA01213DF2010${'11'.repeat(16)}`
    send(RIGHT)
    expect(send(put)).toBe('6982')
    authenticate()
    expect(send(put)).toBe('9000')
  })

  test('the container map is written by the cardholder too', () => {
    const { send } = gids()
    expect(send('00DBA01009DF2206000000000100')).toBe('6982')
    send(RIGHT)
    expect(send('00DBA01009DF2206000000000100')).toBe('9000')
    expect(send('00CBA000045C02DF2000')).toBe('6A88')
  })

  test('the admin key is changed by the administrator', () => {
    const { send, authenticate } = gids()
    const put = `00DB3FFF267024840180A51F8718${writeHex(KEY)}8803B073DC`
    send(RIGHT)
    expect(send(put)).toBe('6982')
    authenticate()
    expect(send(put)).toBe('9000')
    expect(send('00E000000E620C8201398302A0218C03033000')).toBe('9000')
  })
})
