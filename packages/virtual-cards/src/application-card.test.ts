import { describe, expect, test } from 'vitest'
import { createVirtualCard } from './create-virtual-card.ts'
import { sendHex } from './send-hex.ts'

const SELECT = '00A4040009A0000003080000100000'
const DISCOVERY = '7E124F0BA0000003080000100001005F2F024000'

function selected() {
  const send = sendHex(createVirtualCard('piv-strict'))
  send(SELECT)
  return send
}

describe('ISO/IEC 7816-4, 5.1: lengths', () => {
  test('fewer octets asked for than there are: the rest waits', () => {
    const send = selected()
    expect(send('00CB3FFF035C017E08')).toBe(`${DISCOVERY.slice(0, 16)}610C`)
    expect(send('00C000000C')).toBe(`${DISCOVERY.slice(16)}9000`)
    expect(send('00CB3FFF035C017E14')).toBe(`${DISCOVERY}9000`)
  })

  test('another command forgets what waits', () => {
    const send = selected()
    send('00CB3FFF035C017E08')
    send('00200080')
    expect(send('00C000000C')).toBe('9000')
  })

  test('extended length', () => {
    expect(selected()('00CB3FFF0000035C017E0000')).toBe(`${DISCOVERY}9000`)
  })

  test.each(['', '00', '00A404', '00CB3FFF055C017E', '00CB3FFF00', '00CB3FFF0000035C017E00'])('%s is none', (hex) => {
    expect(selected()(hex)).toMatch(/^(6700|6A80)$/)
  })
})

describe('ISO/IEC 7816-4, 5.1.1: chaining', () => {
  test('fragments join; each but the last answers 9000', () => {
    const send = selected()
    expect(send('10CB3FFF015C')).toBe('9000')
    expect(send('10CB3FFF0101')).toBe('9000')
    expect(send('00CB3FFF017E00')).toBe(`${DISCOVERY}9000`)
  })

  test('a chain that another command interrupts never was', () => {
    const send = selected()
    send('10CB3FFF025C01')
    expect(send('00200080')).toBe('63C3')
    expect(send('00CB3FFF017E00')).toBe('6A80')
  })

  test('an endless chain is refused', () => {
    const send = selected()
    const fragment = `10DB3FFFFF${'00'.repeat(255)}`
    const answers = Array.from({ length: 40 }, () => send(fragment))
    expect(answers).toContain('6700')
  })
})

describe('classes and selection', () => {
  test('secure messaging and foreign classes', () => {
    const send = selected()
    expect(send('0CCB3FFF035C017E00')).toBe('6882')
    expect(send('84CB3FFF035C017E00')).toBe('6E00')
  })

  test('SP 800-73-5 pt 2, 3.1.1: an unknown AID leaves PIV selected and what was verified', () => {
    const send = selected()
    send('0020008008313233343536FFFF')
    expect(send('00A4040007A0000005272001')).toBe('6A82')
    expect(send('00200080')).toBe('9000')
    expect(send('00A4040005A000000308').endsWith('9000')).toBe(true)
    expect(send('00200080')).toBe('9000')
  })

  test('nothing is selected after power on', () => {
    const card = createVirtualCard('gids')
    expect(sendHex(card)('00200080')).toBe('6986')
    expect(sendHex(card)('00A4040007A0000005272001')).toBe('6A82')
  })
})
