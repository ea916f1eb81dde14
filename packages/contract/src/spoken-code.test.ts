import { describe, expect, it } from 'vitest'
import { findForm, findStrangeSymbol, groupCode, readTypedCode, SPELLING, spellGroup } from './spoken-code.ts'

describe('what is typed', () => {
  it.each([
    ['04106 105vs', '04106105VS'],
    ['o41o6-lo5vs', '04106105VS'],
    ['  0 4.1,0;6/1:0_5 V—S ', '04106105VS'],
    ['A892-D756 0161-7c5d', 'A892D75601617C5D'],
    ['0410 6105 VU', '04106105VU'],
  ])('%s means %s', (typed, code) => expect(readTypedCode(typed)).toBe(code))

  it('its length tells the form', () => {
    expect(findForm('04106105VS')).toBe('masked')
    expect(findForm('N29DENG1C5Y5TTC')).toBe('native')
    expect(findForm('0'.repeat(28))).toBe('native')
    expect(findForm('A892D75601617C5D')).toBe('bare')
    expect(findForm('A892D75601617C5G')).toBeUndefined()
    expect(findForm('0'.repeat(32))).toBe('bare')
    for (const length of [0, 9, 11, 14, 17, 27, 29, 31, 33]) expect(findForm('0'.repeat(length))).toBeUndefined()
  })

  it('a symbol that stands in no challenge is found', () => {
    expect(findStrangeSymbol('04106105VS')).toBeUndefined()
    expect(findStrangeSymbol('0410U105VS')).toBe('U')
    expect(findStrangeSymbol('0410Ü105VS')).toBe('Ü')
    expect(findStrangeSymbol('0410😀')).toBe('😀')
  })
})

describe('what is said', () => {
  it('groups', () => {
    expect(groupCode('286326548675', 'cryptogram')).toEqual(['2863', '2654', '8675'])
    expect(groupCode('0182479499079092564835586703', 'native-cryptogram')).toEqual([
      '0182479',
      '4990790',
      '9256483',
      '5586703',
    ])
    expect(groupCode('N29DENG1C5Y5TTC', 'native')).toEqual(['N29DE', 'NG1C5', 'Y5TTC'])
    expect(groupCode('1951EC3EF81BBABB', 'bare-cryptogram')).toEqual(['1951', 'EC3E', 'F81B', 'BABB'])
  })

  it('every symbol has a word of its own', () => {
    expect(spellGroup('4217')).toBe('four two one seven')
    expect(spellGroup('K4Z')).toBe('Kilo four Zulu')
    expect(spellGroup('K4Z', 'de')).toBe('Köln vier Zwickau')
    for (const words of Object.values(SPELLING)) {
      expect(Object.keys(words).sort().join('')).toBe('0123456789ABCDEFGHJKMNPQRSTVWXYZ')
      expect(new Set(Object.values(words)).size).toBe(32)
    }
  })
})
