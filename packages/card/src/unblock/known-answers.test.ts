import { describe, expect, it } from 'vitest'
import { nodeCrypto as crypto } from '../../node-crypto.ts'
import { ascii, readHex, writeHex } from '../octets.ts'
import {
  answerChallenge,
  CodeError,
  cmacAes256,
  deriveAttemptKeys,
  deriveGidsAdminKey,
  derivePiv9bKey,
  derivePuk,
  deriveWrapKey,
  findWrongGroups,
  isChallengeOf,
  isNativeChallengeOf,
  kbkdf,
  maskPuk,
  mayUsePuk,
  readNativeChallenge,
  readNativeCryptogram,
  readNonce,
  readReceipt,
  unmaskPuk,
  writeChallenge,
  writeNativeChallenge,
  writeNativeCryptogram,
  writeReceipt,
} from './index.ts'

const cardUuid = readHex('30313233343536378898A0A1A2A3A4A5')
const ramp = readHex('000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F')
const first = { epoch: 0, counter: 1 }

describe('[piv-unblock/v1, Known answers] masked PUK', () => {
  const rows = [
    {
      nonce: '0102030405',
      puk: '12345678',
      keys: '4AE3190AE341E5ED10F96DF6D5644A00FCDEFF2275E4AAFFCBAABB5DABB2E555F6CEF5787036EC1E992DDCEB42B92BF062867EAE73F8B07F5C023505FD887C4F',
      challenge: '04106105VS',
      cryptogram: '286326548675',
      done: '0291',
      refused: '3556',
    },
    {
      nonce: 'FFFFFFFFFF',
      puk: '00000001',
      keys: '1DD1A72D865D2728694128CABF39C44670163791F3BB969BABBC53CFD4864356AC6309C28CB809853B29606B35BA1233BEC4A0C6D7AE0A6422B36C0A036FDBBB',
      challenge: 'ZZZZZZZZTX',
      cryptogram: '186220237257',
      done: '0595',
      refused: '3969',
    },
  ]
  for (const row of rows) {
    it(`nonce ${row.nonce}`, () => {
      const keys = deriveAttemptKeys(crypto, ramp, readHex(row.nonce), 1, cardUuid)
      expect([keys.pad, keys.mac, keys.check, keys.receipt].map(writeHex).join('')).toBe(row.keys)
      expect(writeChallenge(crypto, keys, readHex(row.nonce))).toBe(row.challenge)
      expect(writeHex(readNonce(row.challenge))).toBe(row.nonce)
      expect(isChallengeOf(crypto, keys, row.challenge)).toBe(true)
      expect(maskPuk(crypto, keys, row.puk)).toBe(row.cryptogram)
      expect(unmaskPuk(crypto, keys, ascii(row.cryptogram))).toEqual(ascii(row.puk))
      expect(writeReceipt(crypto, keys, ascii(row.cryptogram), { code: 'unblocked' })).toBe(row.done)
      expect(writeReceipt(crypto, keys, ascii(row.cryptogram), { code: 'refused', triesLeft: 2 })).toBe(row.refused)
      expect(readReceipt(crypto, keys, ascii(row.cryptogram), row.refused)).toEqual({ code: 'refused', triesLeft: 2 })
      expect(readReceipt(crypto, keys, ascii(row.cryptogram), row.done)).toEqual({ code: 'unblocked' })
    })
  }

  const keys = deriveAttemptKeys(crypto, ramp, readHex('0102030405'), 1, cardUuid)

  it('another card, variant or Z makes the check symbols wrong', () => {
    const other = readHex('30313233343536378898A0A1A2A3A4A6')
    const nonce = readHex('0102030405')
    expect(isChallengeOf(crypto, deriveAttemptKeys(crypto, ramp, nonce, 1, other), '04106105VS')).toBe(false)
    expect(isChallengeOf(crypto, deriveAttemptKeys(crypto, ramp, nonce, 2, cardUuid), '04106105VS')).toBe(false)
    expect(isChallengeOf(crypto, deriveAttemptKeys(crypto, ramp.toReversed(), nonce, 1, cardUuid), '04106105VS')).toBe(
      false,
    )
  })

  it('each single wrong digit of a cryptogram and each swap of neighbours is caught before the card', () => {
    const good = '286326548675'
    for (let i = 0; i < good.length; i++) {
      for (const digit of '0123456789') {
        if (digit === good[i]) continue
        const wrong = good.slice(0, i) + digit + good.slice(i + 1)
        expect(() => unmaskPuk(crypto, keys, ascii(wrong))).toThrow(CodeError)
      }
    }
  })

  it.each([
    ['28632654867', 'length'],
    ['2863265486755', 'length'],
    ['28632654867A', 'alphabet'],
    ['286326548676', 'check'],
  ])('cryptogram %s is refused: %s', (cryptogram, reason) => {
    expect(() => unmaskPuk(crypto, keys, ascii(cryptogram))).toThrow(expect.objectContaining({ reason }))
  })

  it.each([
    ['029', 'length'],
    ['02911', 'length'],
    ['O291', 'alphabet'],
    ['1291', 'check'],
    ['0292', 'check'],
  ])('receipt %s is refused: %s', (receipt, reason) => {
    expect(() => readReceipt(crypto, keys, ascii('286326548675'), receipt)).toThrow(expect.objectContaining({ reason }))
  })

  it('receipt digits: none left, seven or more, unknown', () => {
    for (const outcome of [
      { code: 'refused', triesLeft: 0 },
      { code: 'refused', triesLeft: 7 },
      { code: 'unknown' },
    ] as const) {
      const receipt = writeReceipt(crypto, keys, ascii('286326548675'), outcome)
      expect(readReceipt(crypto, keys, ascii('286326548675'), receipt)).toEqual(outcome)
    }
    expect(writeReceipt(crypto, keys, ascii('286326548675'), { code: 'refused', triesLeft: 0 })[0]).toBe('1')
    expect(writeReceipt(crypto, keys, ascii('286326548675'), { code: 'refused', triesLeft: 12 })[0]).toBe('8')
    expect(writeReceipt(crypto, keys, ascii('286326548675'), { code: 'unknown' })[0]).toBe('9')
  })
})

describe('[piv-unblock/v1, Known answers] derived secrets', () => {
  it('PUK, GIDS admin key, 9B key, wrap key', () => {
    const context = new Uint8Array([...cardUuid, 0, 0, 0, 1])
    expect(writeHex(kbkdf(crypto, ramp, 'unlatch/puk/v1', context, 128))).toBe('CCC18E51040D1C13CE75455CF73F2F85')
    expect(derivePuk(crypto, ramp, cardUuid, first)).toBe('65854853')
    expect(writeHex(deriveGidsAdminKey(crypto, ramp, '3des', cardUuid, first))).toBe(
      'A4866FE23E5960B411DC11A098542321FC0EC88812097F74',
    )
    expect(writeHex(derivePiv9bKey(crypto, ramp, 'aes256', cardUuid, first))).toBe(
      'C04B1AF06467115FDD91CBCC16D4CED1B0DF6DA7DF8DC33A7C262AF07D95F7F1',
    )
    expect(writeHex(deriveWrapKey(crypto, ramp))).toBe(
      '050E66A30195268C316952657799B061B5630089CAA9CFA371A34397EAD07720',
    )
  })

  it('[SP 800-38B] AES-256-CMAC of 0, 16, 40 and 64 bytes', () => {
    const key = readHex('603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4')
    const message = readHex(
      '6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710',
    )
    expect(writeHex(cmacAes256(crypto, key, message.subarray(0, 0)))).toBe('028962F61B7BF89EFC6B551F4667D983')
    expect(writeHex(cmacAes256(crypto, key, message.subarray(0, 16)))).toBe('28A7023F452E8F82BD4BF28D8C37C35C')
    expect(writeHex(cmacAes256(crypto, key, message.subarray(0, 40)))).toBe('AAF3D8F1DE5640C232F5B169B9C911E6')
    expect(writeHex(cmacAes256(crypto, key, message))).toBe('E1992190549F6ED5696A2C056C315410')
  })

  it('[SP 800-108] counter mode with CMAC-AES-256, r = 32', () => {
    const key = readHex('D0B1B3B70B2393C48CA05159E7E28CBEADEA93F28A7CDAE964E5136070C45D5C')
    const fixed = readHex(
      'DD2F151A3F173492A6FBBB602189D51DDF8EF79FC8E96B8FCBE6DABE73A35B48104F9DFF2D63D48786D2B3AF177091D646A9EFAE005BDFACB61A1214',
    )
    expect(writeHex(cmacAes256(crypto, key, new Uint8Array([0, 0, 0, 1, ...fixed])))).toBe(
      '8C449FB474D1C1D4D2A33827103B656A',
    )
  })

  it('a PUK that everybody would try is skipped', () => {
    expect(mayUsePuk('12345678')).toBe(false)
    expect(mayUsePuk('77777777')).toBe(false)
    expect(mayUsePuk('65854853', '65854853')).toBe(false)
    expect(mayUsePuk('65854853', '11854853')).toBe(true)
  })
})

describe('[piv-unblock/v1, Known answers] native admin key', () => {
  const block = readHex('A892D75601617C5D')

  it('challenge of 8 and of 16 bytes', () => {
    expect(writeNativeChallenge(crypto, block, cardUuid)).toBe('N29DENG1C5Y5TTC')
    expect(writeNativeChallenge(crypto, ramp.slice(0, 16), cardUuid)).toBe('000G40R40M30E209185GR38E1W23')
    expect(writeHex(readNativeChallenge('N29DENG1C5Y5TTC'))).toBe('A892D75601617C5D')
    expect(isNativeChallengeOf(crypto, 'N29DENG1C5Y5TTC', cardUuid)).toBe(true)
    expect(isNativeChallengeOf(crypto, 'N29DENG1C5Y5TTD', cardUuid)).toBe(false)
    expect(isNativeChallengeOf(crypto, 'N29DENG1C5Y5TTC', ramp.slice(0, 16))).toBe(false)
  })

  it('a decoder refuses other filling, other symbols, other lengths', () => {
    expect(() => readNativeChallenge('N29DENG1C5Y5VTC')).toThrow(expect.objectContaining({ reason: 'filling' }))
    expect(() => readNativeChallenge('N29DENG1C5Y5TTI')).toThrow(expect.objectContaining({ reason: 'alphabet' }))
    expect(() => readNativeChallenge('N29DENG1C5Y5TT')).toThrow(expect.objectContaining({ reason: 'length' }))
  })

  it('cryptogram in digits, swapped groups caught', () => {
    const response = readHex('1951EC3EF81BBABB')
    const spoken = '0182479499079092564835586703'
    expect(writeNativeCryptogram(response)).toBe(spoken)
    expect(writeHex(readNativeCryptogram(ascii(spoken)))).toBe('1951EC3EF81BBABB')
    const swapped = spoken.slice(7, 14) + spoken.slice(0, 7) + spoken.slice(14)
    expect(findWrongGroups(ascii(swapped))).toEqual([1, 2])
    expect(() => readNativeCryptogram(ascii(swapped))).toThrow(expect.objectContaining({ reason: 'check' }))
    expect(() => readNativeCryptogram(ascii('9'.repeat(28)))).toThrow(CodeError)
    const sixteen = writeNativeCryptogram(ramp.slice(16))
    expect(sixteen).toHaveLength(56)
    expect(writeHex(readNativeCryptogram(ascii(sixteen)))).toBe(writeHex(ramp.slice(16)))
  })

  it("Microsoft's sample: key of zeros, and the keys of the GIDS sample", () => {
    expect(writeHex(answerChallenge(crypto, '3des', new Uint8Array(24), block))).toBe('1951EC3EF81BBABB')
    const key = readHex('010203040506070801020304050607080102030405060708')
    expect(writeHex(answerChallenge(crypto, '3des', key, block))).toBe('B0A1674747F4EB87')
    expect(writeHex(answerChallenge(crypto, 'aes192', key, readHex('0102030405060708090A0B0C0D0E0F10')))).toBe(
      '3D6E6D9CD337292EE20FB60B8A844F19',
    )
  })
})
