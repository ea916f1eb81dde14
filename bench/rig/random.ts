/** Numbers that look random and are the same in each run. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number
  pick<T>(of: readonly T[]): T
  /** Upper-case hexadecimal. */
  hex(digits: number): string
  uuid(): string
}

/** The generator mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number) => next() % limit
  const hex = (digits: number) => {
    let text = ''
    while (text.length < digits) text += next().toString(16).padStart(8, '0')
    return text.slice(0, digits).toUpperCase()
  }
  return {
    below,
    pick: (of) => of[below(of.length)] as (typeof of)[number],
    hex,
    uuid() {
      const text = hex(32).toLowerCase()
      const [a, b, c, d, e] = [
        text.slice(0, 8),
        text.slice(8, 12),
        text.slice(13, 16),
        text.slice(17, 20),
        text.slice(20),
      ]
      return `${a}-${b}-4${c}-a${d}-${e}`
    },
  }
}
