import { concat, type Octets, writeUint } from '../octets.ts'

/**
 * A command for a card, as a value: built here, sent elsewhere.
 *
 * `data` is at most 65 535 octets. `le` is the number of octets expected back: absent asks for none, 256 is the short
 * form's "all there is" (Le = `00`).
 *
 * @see [7816-4, 5.1]
 */
export interface CommandApdu {
  readonly cla: number
  readonly ins: number
  readonly p1: number
  readonly p2: number
  readonly data?: Uint8Array
  readonly le?: number
}

/** What a card answered: data and status word. */
export interface ResponseApdu {
  readonly data: Octets
  readonly sw: number
}

/** CLA bit that says: more of this command follows. [7816-4, 5.1.1] */
export const CLA_CHAINING = 0x10

/** Octets on the wire are not an APDU. */
export class ApduError extends Error {
  override readonly name = 'ApduError'
}

/**
 * Writes a command: the short form where it fits, else the extended one.
 *
 * @throws RangeError when data or `le` is too large for any form.
 * @see [7816-4, 5.1]
 */
export function writeCommand(command: CommandApdu): Octets {
  const data = command.data ?? new Uint8Array(0)
  const { le } = command
  const header = Uint8Array.of(command.cla, command.ins, command.p1, command.p2)
  if (data.length > 0xffff || (le ?? 0) > 0x10000) throw new RangeError('APDU too long')
  if (data.length <= 255 && (le ?? 0) <= 256) {
    const lc = data.length > 0 ? Uint8Array.of(data.length) : new Uint8Array(0)
    return concat(header, lc, data, le === undefined ? new Uint8Array(0) : Uint8Array.of(le % 256))
  }
  const lc = data.length > 0 ? concat(Uint8Array.of(0), writeUint(data.length, 2)) : Uint8Array.of(0)
  return concat(header, lc, data, le === undefined ? new Uint8Array(0) : writeUint(le % 0x10000, 2))
}

/**
 * Reads a command as a card does: short and extended forms of all four cases.
 *
 * @throws ApduError when the lengths contradict each other.
 * @see [7816-4, 5.1]
 */
export function readCommand(octets: Uint8Array): CommandApdu {
  const [cla, ins, p1, p2, first] = octets
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) throw new ApduError('no header')
  const header = { cla, ins, p1, p2 }
  const body = octets.subarray(4)
  if (first === undefined) return header
  if (body.length === 1) return { ...header, le: first || 256 }
  if (first !== 0) {
    const rest = body.length - 1 - first
    if (rest !== 0 && rest !== 1) throw new ApduError('Lc does not fit the data')
    const data = new Uint8Array(body.subarray(1, 1 + first))
    return rest === 0 ? { ...header, data } : { ...header, data, le: (body.at(-1) as number) || 256 }
  }
  if (body.length < 3) throw new ApduError('extended length cut short')
  const length = ((body[1] as number) << 8) | (body[2] as number)
  if (body.length === 3) return { ...header, le: length || 0x10000 }
  const rest = body.length - 3 - length
  if (length === 0 || (rest !== 0 && rest !== 2)) throw new ApduError('extended Lc does not fit the data')
  const data = new Uint8Array(body.subarray(3, 3 + length))
  if (rest === 0) return { ...header, data }
  const le = ((body.at(-2) as number) << 8) | (body.at(-1) as number)
  return { ...header, data, le: le || 0x10000 }
}

/**
 * Reads a response: everything but the last two octets is data.
 *
 * @throws ApduError when there is no status word.
 */
export function readResponse(octets: Uint8Array): ResponseApdu {
  if (octets.length < 2) throw new ApduError('response without a status word')
  const sw = ((octets.at(-2) as number) << 8) | (octets.at(-1) as number)
  return { data: new Uint8Array(octets.subarray(0, -2)), sw }
}

/** Writes a response: data, then the status word. */
export function writeResponse(sw: number, data: Uint8Array = new Uint8Array(0)): Octets {
  return concat(data, writeUint(sw, 2))
}
