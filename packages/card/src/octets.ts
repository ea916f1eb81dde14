/**
 * Octet strings: the few operations that every file here needs, on `Uint8Array` alone.
 * (`Buffer` would tie this package to one runtime.)
 */

/** An octet string over its own memory; what every function here returns. */
export type Octets = Uint8Array<ArrayBuffer>

/** Joins octet strings into one new octet string. */
export function concat(...parts: readonly Uint8Array[]): Octets {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** True when both hold the same octets. The time depends on the lengths only, never on where they differ. */
export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number)
  return difference === 0
}

/** Upper-case hexadecimal, no separators. */
export function writeHex(octets: Uint8Array): string {
  let hex = ''
  for (const octet of octets) hex += octet.toString(16).padStart(2, '0')
  return hex.toUpperCase()
}

/**
 * Reads hexadecimal of either case; blanks between octets are permitted.
 *
 * @throws RangeError on an odd number of digits or anything that is not a digit.
 */
export function readHex(hex: string): Octets {
  const digits = hex.replace(/\s+/g, '')
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) throw new RangeError('not hexadecimal')
  const octets = new Uint8Array(digits.length / 2)
  for (let i = 0; i < octets.length; i++) octets[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
  return octets
}

/**
 * The ASCII octets of a text.
 *
 * @throws RangeError when the text holds a character outside 00 to 7F.
 */
export function ascii(text: string): Octets {
  const octets = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) throw new RangeError('not ASCII')
    octets[i] = code
  }
  return octets
}

/** The unsigned big-endian integer that an octet string spells. */
export function readUint(octets: Uint8Array): bigint {
  let value = 0n
  for (const octet of octets) value = (value << 8n) | BigInt(octet)
  return value
}

/**
 * An unsigned integer in `length` octets, big-endian.
 *
 * @throws RangeError when it does not fit.
 */
export function writeUint(value: bigint | number, length: number): Octets {
  const octets = new Uint8Array(length)
  let rest = BigInt(value)
  for (let i = length - 1; i >= 0; i--) {
    octets[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  if (rest !== 0n) throw new RangeError(`does not fit in ${length} octets`)
  return octets
}
