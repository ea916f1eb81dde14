import { describe, expect, it } from 'vitest'
import { findDifference, writeTypedCode } from './typed-code.ts'

/** A field as far as it is looked at. */
const field = (value: string, selectionStart = value.length) => ({ value, selectionStart }) as HTMLInputElement

describe('a code while it is typed', () => {
  it('is grouped, whatever separators and letters were used', () => {
    expect(writeTypedCode(field('o41-06l05vs'), () => 'masked')).toBe('04106 105VS')
    expect(writeTypedCode(field('2863.2654'), () => 'cryptogram')).toBe('2863 2654')
  })

  it('loses a separator with the symbol before it', () => {
    expect(writeTypedCode(field('04106 '), () => 'masked')).toBe('04106')
  })

  it('stays as it is while the cursor is inside, so that it does not jump', () => {
    expect(writeTypedCode(field('041x06105vs', 4), () => 'masked')).toBe('041x06105vs')
  })

  it('is grouped by what it has become', () => {
    const kindOf = (symbols: string) => (symbols.length === 16 ? 'bare' : 'native')
    expect(writeTypedCode(field('A892D 75601 617C5 D'), kindOf)).toBe('A892 D756 0161 7C5D')
  })
})

describe('a code typed twice', () => {
  it('differs at a place, counted from 1, and not while it is only shorter', () => {
    expect(findDifference('A892', 'A89')).toBeUndefined()
    expect(findDifference('A892', 'A882')).toBe(3)
    expect(findDifference('A892', 'A8921')).toBe(5)
  })
})
