import { describe, expect, it } from 'vitest'
import { readTypedCryptogram } from './typed-cryptogram.ts'

const MASKED = { code: '04106105VS', form: 'masked' } as const
const NATIVE = { code: 'N29DENG1C5Y5TTC', form: 'native' } as const
const NATIVE_AES = { code: '000G40R40M30E209185GR38E1W23', form: 'native' } as const

describe('a typed cryptogram', () => {
  it('is whole with twelve digits, however they are separated', () => {
    for (const typed of ['2863 2654 8675', '2863-2654-8675', '286326548675', ' 2863.2654 8675 ']) {
      expect(readTypedCryptogram(typed, MASKED)).toMatchObject({
        symbols: '286326548675',
        isWhole: true,
        isCertain: true,
      })
    }
    expect(readTypedCryptogram('2863 2654 867', MASKED)).toMatchObject({ isWhole: false, strangeSymbol: undefined })
    expect(readTypedCryptogram('2863 2654 867X', MASKED).strangeSymbol).toBe('X')
  })

  it('for a native admin key has four groups, each with its own check', () => {
    const typed = '0182479 4990790 9256483 5586703'
    expect(readTypedCryptogram(typed, NATIVE)).toMatchObject({ isWhole: true, isCertain: true, wrongGroups: [] })
    expect(readTypedCryptogram(typed.replace('4990790', '4990970'), NATIVE).wrongGroups).toEqual([2])
    // Swapped groups are both wrong.
    expect(readTypedCryptogram('4990790 0182479 9256483 5586703', NATIVE).wrongGroups).toEqual([1, 2])
    expect(readTypedCryptogram('0182479 4990790 925', NATIVE)).toMatchObject({ isWhole: false, wrongGroups: [] })
  })

  it('may be bare hexadecimal; digits alone are not taken for it before the person says so', () => {
    expect(readTypedCryptogram('1951 EC3E F81B BABB', NATIVE)).toMatchObject({
      isWhole: true,
      isCertain: true,
      wanted: 16,
    })
    expect(readTypedCryptogram('1951 0033 0810 0000', NATIVE)).toMatchObject({ isWhole: true, isCertain: false })
    expect(readTypedCryptogram('1951EC3EF81BBABB', NATIVE_AES)).toMatchObject({ isWhole: false, wanted: 32 })
    expect(readTypedCryptogram('1951 EG', NATIVE).strangeSymbol).toBe('G')
  })
})
