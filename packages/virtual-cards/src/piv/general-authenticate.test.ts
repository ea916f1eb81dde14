import { generateKeyPairSync } from 'node:crypto'
import { readHex, writeHex } from '@unlatch/card'
import { writeCommand, writeTlv } from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { describe, expect, test } from 'vitest'
import { createVirtualCard } from '../create-virtual-card.ts'
import { personalisePiv } from '../personalise/personalise-piv.ts'
import { sendHex } from '../send-hex.ts'
import type { PivCardKind } from './piv-profile.ts'

const SELECT = '00A4040009A0000003080000100000'
const ASK = '0087039B047C02810000'
const WRONG = '0087039B0C7C0A82080000000000000000'
const KEY = readHex('0102030405060708'.repeat(3))
const PUT = '00DB3FFF085C035FC109530101'

function piv(kind: PivCardKind = 'yubikey-3des') {
  const card = createVirtualCard(kind)
  const send = sendHex(card)
  send(SELECT)
  const answerTo = (asked: string) => {
    const response = nodeCrypto.encryptBlocks('3des', KEY, readHex(asked.slice(8, 24)))
    return `0087039B0C7C0A8208${writeHex(response)}`
  }
  return { card, send, answerTo }
}

describe('SP 800-73-5 pt 2, 3.2.4: a challenge of key 9B', () => {
  test('is worth one answer, right or wrong', () => {
    const { send, answerTo } = piv()
    const first = answerTo(send(ASK))
    expect([first, first].map(send)).toEqual(['9000', '6982'])
    const second = answerTo(send(ASK))
    expect([WRONG, second].map(send)).toEqual(['6982', '6982'])
  })

  test('ends with another challenge, SELECT of PIV and reset', () => {
    const { card, send, answerTo } = piv()
    const superseded = answerTo(send(ASK))
    send(ASK)
    expect(send(superseded)).toBe('6982')
    const selectedAgain = answerTo(send(ASK))
    send(SELECT)
    expect(send(selectedAgain)).toBe('6982')
    const reset = answerTo(send(ASK))
    card.reset()
    send(SELECT)
    expect(send(reset)).toBe('6982')
  })

  test('outlives GET DATA, VERIFY and SELECT of an unknown AID', () => {
    const { send, answerTo } = piv()
    const answer = answerTo(send(ASK))
    for (const other of ['00CB3FFF035C017E00', '00200080', '0020008008313233343536FFFF', '00A4040005A000000101'])
      send(other)
    expect(send(answer)).toBe('9000')
  })

  test('a single exchange does not answer a mutual one', () => {
    const { send } = piv()
    const witness = readHex(send('0087039B047C02800000').slice(8, 24))
    const clear = writeHex(nodeCrypto.decryptBlocks('3des', KEY, witness))
    expect(send(`0087039B0C7C0A8208${writeHex(nodeCrypto.encryptBlocks('3des', KEY, readHex(clear)))}`)).toBe('6982')
    send('0087039B047C02810000')
    expect(send(`0087039B187C168008${clear}81081112131415161718820000`)).toBe('6982')
  })

  test.each([
    ['another algorithm', '00870A9B047C02810000', '6A86'],
    ['no template', '0087039B02810000', '6A80'],
    ['a host challenge without authentication', '0087039B0E7C0C81080102030405060708820000', '6982'],
    ['an empty template', '0087039B027C00', '6A80'],
  ])('%s', (_, command, sw) => {
    const { send } = piv()
    expect(send(command)).toBe(sw)
  })

  test('a lenient card says 6A80 to a wrong one', () => {
    const { send } = piv('piv-lenient')
    send(ASK)
    expect(send(WRONG)).toBe('6A80')
  })
})

describe('SP 800-73-5 pt 2, 3.3: what the administrator may do', () => {
  test('PUT DATA, and nothing of it without key 9B', () => {
    const { send, answerTo } = piv()
    expect(send(PUT)).toBe('6982')
    send(answerTo(send(ASK)))
    expect(send(PUT)).toBe('9000')
    expect(send('00CB3FFF055C035FC10900')).toBe('6982')
    send('0020008008313233343536FFFF')
    expect(send('00CB3FFF055C035FC10900')).toBe('5301019000')
    expect(send('00DB3FFF075C035FC1095300')).toBe('9000')
    expect(send('00CB3FFF055C035FC10900')).toBe('6A82')
    expect(send('00DB3FFF085C037F6101530101')).toBe('6A80')
  })

  test('GENERATE, and nothing of it without key 9B', () => {
    const { send, answerTo } = piv()
    expect(send('0047009E05AC0380011100')).toBe('6982')
    send(answerTo(send(ASK)))
    expect(send('0047009E05AC0380011100')).toMatch(/^7F49438641.{130}9000$/)
    expect(send('0047009E05AC038001FF00')).toBe('6A80')
    expect(send('0047009B05AC0380011100')).toBe('6A86')
  })

  test('9B gives neither PIN nor PUK', () => {
    const { send, answerTo } = piv()
    send(answerTo(send(ASK)))
    expect(send('002C028008363534333231FFFF')).toBe('6A86')
    expect(send('002C0080103939393939393939363534333231FFFF')).toBe('63C2')
  })
})

describe('SP 800-73-5 pt 1, Table 5: who may use a key', () => {
  const sign = (slot: string) => `008711${slot}267C2482008120${'AB'.repeat(32)}00`

  test('9A after the PIN, 9C after each PIN, 9E always', () => {
    const { send, answerTo } = piv()
    send(answerTo(send(ASK)))
    for (const slot of ['9A', '9C', '9E']) send(`004700${slot}05AC0380011100`)
    expect(send(sign('9E'))).toMatch(/9000$/)
    expect(send(sign('9A'))).toBe('6982')
    send('0020008008313233343536FFFF')
    expect(send(sign('9C'))).toMatch(/9000$/)
    expect(send(sign('9C'))).toBe('6982')
    expect(send(sign('9A'))).toMatch(/9000$/)
    expect(send(sign('9D'))).toBe('6A86')
  })

  test('the standard keeps exponentiation to key management', () => {
    const card = createVirtualCard('piv-strict')
    personalisePiv(card, { cardUuid: new Uint8Array(16), nineE: 'p256' })
    const send = sendHex(card)
    const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({
      format: 'jwk',
    })
    const point = `04${Buffer.from(x, 'base64url').toString('hex')}${Buffer.from(y, 'base64url').toString('hex')}`
    send('0047009D05AC0380011100')
    expect(send(`0087119E477C4582008541${point}00`)).toBe('6A80')
    expect(send(`0087119D477C4582008541${point}00`)).toBe('6982')
    send('0020008008313233343536FFFF')
    expect(send(`0087119D477C4582008541${point}00`)).toMatch(/^7C228220.{64}9000$/)
  })
})

describe('Yubico', () => {
  const authenticated = (kind: PivCardKind) => {
    const { card, send, answerTo } = piv(kind)
    send(answerTo(send(ASK)))
    return { card, send }
  }

  test('GET METADATA of PIN, key 9B and a key', () => {
    const { send } = authenticated('yubikey-3des')
    expect(send('00F7008000')).toBe('0101FF050101060203039000')
    expect(send('00F7009B00')).toBe('010103020200010501019000')
    expect(send('00F7009E00')).toBe('6A88')
    send('0047009E05AC0380011100')
    expect(send('00F7009E00')).toMatch(/^0101110202010103010104438641.{130}9000$/)
  })

  test('SET MANAGEMENT KEY changes the algorithm', () => {
    const { send } = authenticated('yubikey-3des')
    expect(send(`00FFFFFF1B0A9B18${writeHex(KEY)}`)).toBe('9000')
    expect(send(ASK)).toBe('6A86')
    expect(send('00870A9B047C02810000')).toMatch(/^7C128110/)
    expect(send(`00FFFFFF1B0C9B18${writeHex(KEY)}`)).toBe('6A80')
    expect(sendHex(createVirtualCard('piv-strict'))('00FFFFFF00')).toBe('6986')
  })

  test('SET RETRIES wants key 9B and the PIN, and brings the factory values back', () => {
    const { send } = authenticated('yubikey-3des')
    expect(send('00FA0508')).toBe('6982')
    send('0024008010313233343536FFFF363534333231FFFF')
    expect(send('00FA0508')).toBe('9000')
    expect(send('00200080')).toBe('63C5')
    expect(send('0020008008313233343536FFFF')).toBe('9000')
    expect(send('00F7008100')).toContain('06020808')
  })

  test('RESET only while PIN and PUK are blocked', () => {
    const { send } = piv('yubikey')
    for (let i = 0; i < 3; i++) send('0020008008393939393939FFFF')
    expect(send('00FB0000')).toBe('6985')
    for (let i = 0; i < 3; i++) send('002C0080103939393939393939363534333231FFFF')
    expect(send('00FB0000')).toBe('9000')
    expect(send('0020008008313233343536FFFF')).toBe('9000')
  })

  test('IMPORT of both kinds, MOVE and delete', () => {
    const { card, send } = authenticated('yubikey-3des')
    const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'jwk' })
    expect(send(`00FE119A220620${Buffer.from(ec.d ?? '', 'base64url').toString('hex')}`)).toBe('9000')
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
    const parts = [rsa.p, rsa.q, rsa.dp, rsa.dq, rsa.qi].map((part, i) =>
      writeTlv(i + 1, Buffer.from(part ?? '', 'base64url')),
    )
    const data = Buffer.concat(parts)
    expect(writeHex(card.transmit(writeCommand({ cla: 0, ins: 0xfe, p1: 0x07, p2: 0x9d, data })))).toBe('9000')
    expect(send('00F7009D00')).toContain(
      Buffer.from(rsa.n ?? '', 'base64url')
        .toString('hex')
        .toUpperCase()
        .slice(0, 400),
    )
    expect(send('00F6829A')).toBe('6D00')
  })

  test('firmware 5.7 moves and deletes keys', () => {
    const card = createVirtualCard('yubikey')
    personalisePiv(card, { cardUuid: new Uint8Array(16), nineE: 'p256' })
    const send = sendHex(card)
    expect(send('00F6829E')).toBe('9000')
    expect(send('00F7009E00')).toBe('6A88')
    expect(send('00F6FF82')).toBe('9000')
    expect(send('00F7008200')).toBe('6A88')
    expect(send('00F6FF82')).toBe('6A88')
  })

  test('a lenient card loses its keys with its last tries', () => {
    const card = createVirtualCard('piv-lenient')
    personalisePiv(card, { cardUuid: new Uint8Array(16), nineE: 'p256' })
    const send = sendHex(card)
    const sign = `0087119E267C2482008120${'AB'.repeat(32)}00`
    for (let i = 0; i < 3; i++) send('0020008008393939393939FFFF')
    expect(send(sign)).toMatch(/9000$/)
    for (let i = 0; i < 3; i++) send('002C0080103939393939393939363534333231FFFF')
    expect(send(sign)).toBe('6A86')
  })
})
