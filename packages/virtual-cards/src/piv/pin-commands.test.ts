import { describe, expect, test } from 'vitest'
import { createVirtualCard } from '../create-virtual-card.ts'
import { sendHex } from '../send-hex.ts'
import type { VirtualCardOptions } from '../virtual-card.ts'
import type { PivCardKind } from './piv-profile.ts'

const SELECT = '00A4040009A0000003080000100000'
const RIGHT = '0020008008313233343536FFFF'
const WRONG = '0020008008393939393939FFFF'
const PUK = '3132333435363738'
const WRONG_PUK = '3939393939393939'
const PIN = '313233343536FFFF'
const NEW_PIN = '363534333231FFFF'

function piv(kind: PivCardKind = 'piv-strict', profile: VirtualCardOptions['profile'] = {}) {
  const send = sendHex(createVirtualCard(kind, { profile }))
  send(SELECT)
  return send
}

describe('SP 800-73-5 pt 2, 3.2.1: VERIFY', () => {
  test('counts down to blocked, and then compares nothing', () => {
    const send = piv()
    expect([WRONG, WRONG, WRONG, RIGHT, '00200080'].map(send)).toEqual(['63C2', '63C1', '63C0', '6983', '6983'])
  })

  test('a right PIN restores the counter; a wrong one ends the verification', () => {
    const send = piv()
    expect([WRONG, RIGHT, '00200080', WRONG, '00200080'].map(send)).toEqual(['63C2', '9000', '9000', '63C2', '63C2'])
  })

  test.each([
    ['too short', '31323334FFFFFFFF'],
    ['letters', '414243444546FFFF'],
    ['a digit after the padding', '313233343536FF31'],
    ['not padded', '313233343536'],
  ])('%s costs no try', (_, pin) => {
    const send = piv()
    expect(send(`00200080${(pin.length / 2).toString(16).padStart(2, '0')}${pin}`)).toBe('6A80')
    expect(send('00200080')).toBe('63C3')
  })

  test('P1 = FF logs out; other references and parameters are unknown', () => {
    const send = piv()
    send(RIGHT)
    expect(['0020FF80', '00200080', '00200000', '00200081', '00200180'].map(send)).toEqual([
      '9000',
      '63C3',
      '6A88',
      '6A88',
      '6A86',
    ])
  })
})

describe('SP 800-73-5 pt 2, 3.2.2: CHANGE REFERENCE DATA', () => {
  test('the PIN, which then counts as verified', () => {
    const send = piv()
    expect(send(`0024008010${PIN}${NEW_PIN}`)).toBe('9000')
    expect(send('00200080')).toBe('9000')
    expect(send(`0024008010${PIN}${NEW_PIN}`)).toBe('63C2')
  })

  test('a blocked PIN cannot be changed', () => {
    const send = piv()
    for (let i = 0; i < 3; i++) send(WRONG)
    expect(send(`0024008010${PIN}${NEW_PIN}`)).toBe('6983')
  })

  test('the PUK, of any eight octets, or not at all', () => {
    expect(piv()(`0024008110${PUK}00FF00FF00FF00FF`)).toBe('9000')
    expect(piv('piv-lenient')(`0024008110${PUK}00FF00FF00FF00FF`)).toBe('6A80')
    expect(piv('piv-strict', { isPukChangeable: false })(`0024008110${PUK}${PUK}`)).toBe('6A88')
  })
})

describe('SP 800-73-5 pt 2, 3.2.3: RESET RETRY COUNTER', () => {
  test('sets the PIN and its counter, and does not count as verified', () => {
    const send = piv()
    for (let i = 0; i < 3; i++) send(WRONG)
    expect(send(`002C008010${PUK}${NEW_PIN}`)).toBe('9000')
    expect(send('00200080')).toBe('63C3')
    expect(send(`0020008008${NEW_PIN}`)).toBe('9000')
  })

  test('a wrong PUK costs a try and ends a verification; a right one restores its counter', () => {
    const send = piv()
    send(RIGHT)
    expect(send(`002C008010${WRONG_PUK}${NEW_PIN}`)).toBe('63C2')
    expect(send('00200080')).toBe('63C3')
    expect(send(`002C008010${PUK}${NEW_PIN}`)).toBe('9000')
    expect(send(`002C008010${WRONG_PUK}${NEW_PIN}`)).toBe('63C2')
  })

  test('where the PUK is not restored, its tries only go down', () => {
    const send = piv('piv-strict', { isPukRestored: false })
    send(`002C008010${WRONG_PUK}${NEW_PIN}`)
    expect(send(`002C008010${PUK}${NEW_PIN}`)).toBe('9000')
    expect(send(`002C008010${WRONG_PUK}${NEW_PIN}`)).toBe('63C1')
  })

  test('a malformed PIN is refused once the PUK was right, and costs no try', () => {
    const send = piv()
    expect(send(`002C008010${PUK}31FFFFFFFFFFFFFF`)).toBe('6A80')
    expect(send(`002C008010${WRONG_PUK}${NEW_PIN}`)).toBe('63C2')
  })

  test('a blocked PUK stays blocked', () => {
    const send = piv()
    const wrong = `002C008010${WRONG_PUK}${NEW_PIN}`
    expect([wrong, wrong, wrong, `002C008010${PUK}${NEW_PIN}`].map(send)).toEqual(['63C2', '63C1', '63C0', '6983'])
  })

  test('only P1 = 00 and the PIN', () => {
    const send = piv()
    expect(send(`002C018008${PUK}`)).toBe('6A86')
    expect(send(`002C028008${NEW_PIN}`)).toBe('6A86')
    expect(send(`002C008110${PUK}${PUK}`)).toBe('6A88')
  })
})

test('Yubico: any characters up to 7F make a PIN', () => {
  const send = piv('yubikey')
  expect(send(`0024008010${PIN}61626364656667FF`)).toBe('9000')
  expect(send(`0024008010${'61626364656667FF'}8081828384858687`)).toBe('6A80')
})
