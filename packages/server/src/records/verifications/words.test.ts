import { describe, expect, it } from 'vitest'
import { WORDS } from './words.ts'

describe.each(Object.entries(WORDS))('the words in %s', (_language, words) => {
  it('are short, in letters that every keyboard has, and each once', () => {
    expect(words.filter((word) => !/^[a-z]{4,8}$/.test(word))).toEqual([])
    expect(new Set(words).size).toBe(words.length)
    // Two of them are one of 50 000 pairs at least.
    expect(words.length ** 2).toBeGreaterThan(50_000)
  })
})
