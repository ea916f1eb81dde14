import { createECDH, createHash, createPublicKey, verify } from 'node:crypto'
import { ascii, type Octets, readHex, writeHex } from '@unlatch/card'
import { expect, test } from 'vitest'
import { createVirtualCard, loadVirtualCard, personaliseGids, personalisePiv, VIRTUAL_CARD_KINDS } from './index.ts'
import { sendHex } from './send-hex.ts'

const sendTo = sendHex
const fixed = (...answers: string[]) => {
  const left = answers.map(readHex)
  return {
    random: (length: number): Octets => left.find((octets) => octets.length === length) ?? new Uint8Array(length),
  }
}
const SELECT_PIV = '00A4040009A0000003080000100000'
const SELECT_GIDS = '00A4040009A0000003974254465900'

test('SP 800-73-5 pt 2, App. A.1: single authentication with 3DES', () => {
  const send = sendTo(createVirtualCard('yubikey-3des', fixed('0102030405060708')))
  send(SELECT_PIV)
  expect(send('0087039B047C02810000')).toBe('7C0A810801020304050607089000')
  expect(send('0087039B0C7C0A820877A7D6BCF57962B9')).toBe('9000')
  expect(send('0087039B0C7C0A820877A7D6BCF57962B9')).toBe('6982')
})

test('SP 800-73-5 pt 2, App. A.2: mutual authentication with AES-192, with and without the empty response', () => {
  const witness = '0102030405060708090A0B0C0D0E0F10'
  const challenge = '1112131415161718191A1B1C1D1E1F20'
  const send = sendTo(createVirtualCard('yubikey', fixed(witness)))
  send(SELECT_PIV)
  for (const end of ['8200', '']) {
    expect(send('00870A9B047C02800000')).toBe('7C1280103D6E6D9CD337292EE20FB60B8A844F199000')
    const fields = `8010${witness}8110${challenge}${end}`
    const template = `7C${(fields.length / 2).toString(16).padStart(2, '0')}${fields}`
    const answer = send(`00870A9B${(template.length / 2).toString(16).padStart(2, '0')}${template}00`)
    expect(answer).toBe('7C1282107A5328331F31547B75183A762105C1099000')
  }
})

test('GIDS: external and mutual authentication, then unblock', () => {
  const card = createVirtualCard(
    'gids',
    fixed('A892D75601617C5D', '202122232425262728292A2B2C2D2E2F', '41424344454647'),
  )
  personaliseGids(card, { cardId: new Uint8Array(16), adminKey: readHex('0102030405060708'.repeat(3)), pin: '123456' })
  card.reset()
  const send = sendTo(card)
  send(SELECT_GIDS)
  expect(send('0022C1A403830180')).toBe('9000')
  expect(send('00870000047C02810000')).toBe('7C0A8108A892D75601617C5D9000')
  expect(send('008700000C7C0A8208B0A1674747F4EB87')).toBe('9000')
  expect(send('002C028006363534333231')).toBe('9000')
  expect(send('002C028006363534333231')).toBe('6982')
  expect(send('0022C1A403830180')).toBe('9000')
  expect(send('00870000147C128110101112131415161718191A1B1C1D1E1F00')).toBe(
    '7C128110202122232425262728292A2B2C2D2E2F9000',
  )
  expect(
    send('008700002C7C2A8228433F7A758CA274B8C9E376ACB25C4F118B67D620EC7163A72E77CD32824074BF95AB2747D3E404C400'),
  ).toBe('7C2A822876E690BEE82E547B6FE744F89AB2360486B0296BF02DBF78EA1A11C536DD612FEBEED855D1DE8F909000')
  expect(send('0020008006363534333231')).toBe('9000')
})

test('a P-256 key in 9E agrees without the PIN, and while the PIN is blocked', () => {
  const card = createVirtualCard('piv-lenient')
  const { nineE } = personalisePiv(card, { cardUuid: new Uint8Array(16).fill(7), nineE: 'p256', puk: '87654321' })
  if (nineE?.algorithm !== 'p256') throw new Error('no P-256 key')
  const send = sendTo(card)
  for (let i = 0; i < 3; i++) send('0020008008393939393939FFFF')
  card.reset()
  send(SELECT_PIV)
  expect(send('00200080')).toBe('6983')
  const host = createECDH('prime256v1')
  const point = writeHex(host.generateKeys())
  const z = writeHex(host.computeSecret(nineE.point))
  expect(send(`0087119E477C4582008541${point}00`)).toBe(`7C228220${z}9000`)
  expect(send(`0087119E477C4582008541${point.slice(0, -2)}${point.endsWith('00') ? '01' : '00'}00`)).toBe('6A80')
  expect(send('0087079E067C0482008100')).toBe('6A86')
  expect(send('002C0080103837363534333231363534333231FFFF')).toBe('9000')
})

test('SP 800-73-5 pt 2, 3.2.4: a strict card refuses exponentiation in 9E and signs there', () => {
  const card = createVirtualCard('piv-strict')
  const made = personalisePiv(card, { cardUuid: new Uint8Array(16), nineE: 'p256' })
  const send = sendTo(card)
  expect(send(`0087119E477C4582008541${writeHex(createECDH('prime256v1').generateKeys())}00`)).toBe('6A80')
  const message = ascii('signed')
  const hash = createHash('sha256').update(message).digest('hex')
  const answer = readHex(send(`0087119E267C2482008120${hash}00`))
  const signature = answer.subarray(4, -2)
  if (made.nineE?.algorithm !== 'p256') throw new Error('no P-256 key')
  const [x, y] = [made.nineE.point.subarray(1, 33), made.nineE.point.subarray(33)].map((half) =>
    Buffer.from(half).toString('base64url'),
  )
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: x as string, y: y as string }, format: 'jwk' })
  expect(verify('sha256', message, key, signature)).toBe(true)
})

test('an RSA key in 9E signs a block that arrives in a chain and leaves by GET RESPONSE', () => {
  const card = createVirtualCard('piv-strict')
  const { nineE } = personalisePiv(card, { cardUuid: new Uint8Array(16), nineE: 'rsa2048' })
  if (nineE?.algorithm !== 'rsa2048') throw new Error('no RSA key')
  card.reset()
  const send = sendTo(card)
  send(SELECT_PIV)
  const digest = createHash('sha256').update('x').digest('hex')
  const block = `0001${'FF'.repeat(202)}003031300D060960864801650304020105000420${digest}`
  const template = `7C82010682008182${'0100'}${block}`
  expect(send(`1087079EFF${template.slice(0, 510)}`)).toBe('9000')
  const rest = template.slice(510)
  const first = send(`0087079E${(rest.length / 2).toString(16).padStart(2, '0')}${rest}00`)
  expect(first).toMatch(/6108$/)
  const answer = first.slice(0, -4) + send('00C0000008')
  expect(answer).toMatch(/^7C82010482820100.{512}9000$/)
  const [n, e] = [nineE.modulus, nineE.exponent].map((part) => Buffer.from(part).toString('base64url'))
  const key = createPublicKey({ key: { kty: 'RSA', n: n as string, e: e as string }, format: 'jwk' })
  expect(verify('sha256', ascii('x'), key, readHex(answer.slice(16, -4)))).toBe(true)
})

test.each(VIRTUAL_CARD_KINDS)('%s: the memory survives, what was verified does not', (kind) => {
  const card = createVirtualCard(kind)
  if (kind === 'gids')
    personaliseGids(card, { cardId: new Uint8Array(16), adminKey: new Uint8Array(24), pin: '123456' })
  const wrong = kind === 'gids' ? '0020008006393939393939' : '0020008008393939393939FFFF'
  const right = kind === 'gids' ? '0020008006313233343536' : '0020008008313233343536FFFF'
  const select = kind === 'gids' ? SELECT_GIDS : SELECT_PIV
  const send = sendTo(card)
  send(select)
  expect(send(wrong)).toBe('63C2')
  const loaded = loadVirtualCard(JSON.parse(JSON.stringify(card.save())))
  const sendLoaded = sendTo(loaded)
  expect(sendLoaded('00200080')).toBe('6986')
  sendLoaded(select)
  expect(sendLoaded('00200080')).toBe('63C2')
  expect(sendLoaded(right)).toBe('9000')
  expect(sendLoaded('00200080')).toBe('9000')
  loaded.reset()
  sendLoaded(select)
  expect(sendLoaded('00200080')).toBe('63C3')
})
