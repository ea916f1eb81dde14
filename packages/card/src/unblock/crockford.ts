import type { Octets } from '../octets.ts'

/** Crockford's base32: no I, L, O, U. */
export const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A code is not what it should be. `reason` says how, for the person at the other end of the line. */
export class CodeError extends Error {
  override readonly name = 'CodeError'
  readonly reason: 'length' | 'alphabet' | 'filling' | 'check'

  constructor(reason: 'length' | 'alphabet' | 'filling' | 'check') {
    super(reason)
    this.reason = reason
  }
}

/** Octets as symbols of five bits, most significant first, filled with zero bits on the right to a whole symbol. */
export function writeSymbols(octets: Uint8Array): string {
  let symbols = ''
  let bits = 0
  let pending = 0
  for (const octet of octets) {
    pending = (pending << 8) | octet
    bits += 8
    while (bits >= 5) {
      bits -= 5
      symbols += CROCKFORD[(pending >> bits) & 0x1f]
    }
    pending &= (1 << bits) - 1
  }
  return bits === 0 ? symbols : symbols + CROCKFORD[(pending << (5 - bits)) & 0x1f]
}

/**
 * Reads symbols back into `length` octets.
 *
 * @throws CodeError `length`, `alphabet` (a symbol that is none; case and look-alikes are the caller's affair), `filling`
 *   when the spare bits are not zero.
 */
export function readSymbols(symbols: string, length: number): Octets {
  if (symbols.length !== Math.ceil((length * 8) / 5)) throw new CodeError('length')
  const octets = new Uint8Array(length)
  let bits = 0
  let pending = 0
  let offset = 0
  for (const symbol of symbols) {
    const value = CROCKFORD.indexOf(symbol)
    if (value < 0) throw new CodeError('alphabet')
    pending = (pending << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      octets[offset++] = (pending >> bits) & 0xff
    }
    pending &= (1 << bits) - 1
  }
  if (pending !== 0) throw new CodeError('filling')
  return octets
}

/** The first ten bits of a digest as two symbols: how challenges carry their check. */
export function writeCheckSymbols(digest: Uint8Array): string {
  const bits = ((digest[0] as number) << 2) | ((digest[1] as number) >> 6)
  return `${CROCKFORD[bits >> 5]}${CROCKFORD[bits & 0x1f]}`
}
