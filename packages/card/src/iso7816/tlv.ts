import { concat, type Octets, writeUint } from '../octets.ts'

/**
 * BER-TLV as cards use it: a cursor over the raw tags of the specification (`0x7c`, `0x5f2f`), definite lengths only.
 *
 * Rules: a tag is one to three octets; a length is one to four octets and never the indefinite form; lengths longer than
 * needed are accepted, as many cards write them; leaving a value with octets unread is an error.
 *
 * @see [7816-4, 5.2.2]
 */

/** The data is not the TLV that was expected. The only error that a reader here throws. */
export class TlvError extends Error {
  override readonly name = 'TlvError'
}

const tagName = (tag: number) => tag.toString(16).toUpperCase().padStart(2, '0')

/** Reads one data object after the other; `enter` goes inside one, and complains when something is left over. */
export class TlvCursor {
  readonly #octets: Uint8Array
  #offset = 0

  constructor(octets: Uint8Array) {
    this.#octets = octets
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#octets.length
  }

  /** The next tag, without moving; undefined at the end. */
  peek(): number | undefined {
    if (this.isAtEnd) return undefined
    const before = this.#offset
    const tag = this.#readTag()
    this.#offset = before
    return tag
  }

  /** Reads the next data object, whatever it is. */
  next(): { tag: number; value: Octets } {
    const tag = this.#readTag()
    const length = this.#readLength()
    if (this.#offset + length > this.#octets.length) throw new TlvError(`tag ${tagName(tag)} runs past the end`)
    const value = new Uint8Array(this.#octets.subarray(this.#offset, this.#offset + length))
    this.#offset += length
    return { tag, value }
  }

  /** Reads the next data object, which must have this tag and, when given, this length in bytes. */
  read(tag: number, length?: number): Octets {
    const found = this.next()
    if (found.tag !== tag) throw new TlvError(`tag ${tagName(tag)} expected, ${tagName(found.tag)} found`)
    if (length !== undefined && found.value.length !== length) {
      throw new TlvError(`tag ${tagName(tag)} holds ${found.value.length} bytes, not ${length}`)
    }
    return found.value
  }

  /** Reads the next data object if it has this tag; else undefined, and the cursor stays. */
  readIf(tag: number): Octets | undefined {
    return this.peek() === tag ? this.next().value : undefined
  }

  /** Goes into a constructed data object and must leave it with nothing unread. */
  enter<T>(tag: number, read: (inside: TlvCursor) => T): T {
    return readAll(this.read(tag), read)
  }

  /** Fails unless everything was read. */
  end(): void {
    if (!this.isAtEnd) throw new TlvError(`${this.#octets.length - this.#offset} bytes left over`)
  }

  #octet(): number {
    const octet = this.#octets[this.#offset]
    if (octet === undefined) throw new TlvError('cut short')
    this.#offset++
    return octet
  }

  #readTag(): number {
    let tag = this.#octet()
    if ((tag & 0x1f) !== 0x1f) return tag
    for (let more = 0; more < 2; more++) {
      const octet = this.#octet()
      tag = tag * 256 + octet
      if ((octet & 0x80) === 0) return tag
    }
    throw new TlvError('tag longer than three bytes')
  }

  #readLength(): number {
    const first = this.#octet()
    if (first < 0x80) return first
    const count = first & 0x7f
    if (count === 0 || count > 3) throw new TlvError('length form not supported')
    let length = 0
    for (let i = 0; i < count; i++) length = length * 256 + this.#octet()
    return length
  }
}

/** Reads a whole octet string with a cursor; anything unread is an error. */
export function readAll<T>(octets: Uint8Array, read: (cursor: TlvCursor) => T): T {
  const cursor = new TlvCursor(octets)
  const result = read(cursor)
  cursor.end()
  return result
}

/** Reads a sequence of data objects, in order, as they stand. */
export function readSequence(octets: Uint8Array): { tag: number; value: Octets }[] {
  return readAll(octets, (cursor) => {
    const found = []
    while (!cursor.isAtEnd) found.push(cursor.next())
    return found
  })
}

/** Writes one data object; a list of parts is its value. The tag is written as printed: `0x5fc102` is three octets. */
export function writeTlv(tag: number, ...value: readonly Uint8Array[]): Octets {
  const octets = concat(...value)
  const tagOctets = writeUint(tag, tag > 0xffff ? 3 : tag > 0xff ? 2 : 1)
  return concat(tagOctets, writeLength(octets.length), octets)
}

function writeLength(length: number): Octets {
  if (length < 0x80) return Uint8Array.of(length)
  if (length <= 0xff) return Uint8Array.of(0x81, length)
  if (length <= 0xffff) return concat(Uint8Array.of(0x82), writeUint(length, 2))
  return concat(Uint8Array.of(0x83), writeUint(length, 3))
}
