import { describe, expect, it } from 'vitest'
import { nodeCrypto } from '../../node-crypto.ts'
import { concat, readHex, writeHex } from '../octets.ts'
import { isCardAnswer, writeHostAnswer } from './mutual-authentication.ts'

/** The exchange of gids-tool with the key 01 to 08 three times, R1 = 10..1F, R2 = 20..2F, Z1 = 31..37, Z2 = 41..47. */

const KEY = readHex('0102030405060708'.repeat(3))
const counting = (from: number, length: number) => Uint8Array.from({ length }, (_, i) => from + i)
const challenges = { host: counting(0x10, 16), card: counting(0x20, 16) }
const CARD_ANSWER = readHex('76E690BEE82E547B6FE744F89AB2360486B0296BF02DBF78EA1A11C536DD612FEBEED855D1DE8F90')

it('the host answers', () => {
  const crypto = { ...nodeCrypto, random: () => counting(0x31, 7) }
  expect(writeHex(writeHostAnswer(crypto, KEY, challenges))).toBe(
    '433F7A758CA274B8C9E376ACB25C4F118B67D620EC7163A72E77CD32824074BF95AB2747D3E404C4',
  )
})

describe('the card answers', () => {
  it('and proves its key, whatever its filler is', () => {
    expect(isCardAnswer(nodeCrypto, KEY, challenges, CARD_ANSWER)).toBe(true)
    const filled = concat(challenges.host, challenges.card, counting(0x51, 7), Uint8Array.of(0x80))
    expect(isCardAnswer(nodeCrypto, KEY, challenges, nodeCrypto.encryptChained('3des', KEY, filled))).toBe(true)
  })

  it.each([
    ['under another key', readHex('1102030405060708'.repeat(3)), CARD_ANSWER],
    ['shorter', KEY, CARD_ANSWER.subarray(0, 32)],
    ['with our own answer played back', KEY, writeHostAnswer(nodeCrypto, KEY, challenges)],
    ['with one bit turned', KEY, CARD_ANSWER.map((octet, i) => (i === 20 ? octet ^ 1 : octet))],
  ])('%s: that proves nothing', (_, key, answer) => {
    expect(isCardAnswer(nodeCrypto, key, challenges, answer)).toBe(false)
  })
})
