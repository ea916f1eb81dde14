import type { ResponseApdu } from './apdu.ts'
import { TlvError } from './tlv.ts'

/**
 * Status words get their meaning here and nowhere else: no other file of the product compares one.
 *
 * Three facts are kept apart, since a cardholder's card depends on it: *wrong, n tries left* · *wrong, count unknown* ·
 * *blocked*. Zero tries left is blocked.
 *
 * @see [7816-4, 5.1.3]
 */

/** What went wrong, in a closed set. `reference` is reference data: PIN, PUK or the admin key's cryptogram. */
export type CardFault =
  /** The PIN, PUK or cryptogram is wrong; `retriesLeft` is absent where the card does not tell. Never 0: that is blocked. */
  | { readonly code: 'reference-incorrect'; readonly retriesLeft?: number }
  /** The tries are used up; the comparison was not made. */
  | { readonly code: 'reference-blocked' }
  /** The card's own rules refuse the new value (length, characters, complexity). No try was spent on it. */
  | { readonly code: 'reference-refused' }
  /** No such application, data object, key or reference on this card. */
  | { readonly code: 'not-found' }
  /** The card does not know this command, or not in this form. */
  | { readonly code: 'not-supported' }
  /** The card does not take data of this length. */
  | { readonly code: 'wrong-length' }
  /** Something must be authenticated first. */
  | { readonly code: 'security-status' }
  /** No challenge is outstanding, or the card is not in a state for this. */
  | { readonly code: 'conditions-not-satisfied' }
  /** The answer is not what the specification says; nothing more is known. */
  | { readonly code: 'bad-response' }
  | { readonly code: 'unexpected-status'; readonly sw: number }

/** The code of a card fault, as problems and tests name it. */
export type CardFaultCode = CardFault['code']

/** A command that did not succeed: which one, and why. */
export class CardError extends Error {
  override readonly name = 'CardError'
  readonly command: string
  readonly fault: CardFault

  constructor(command: string, fault: CardFault, options?: { cause?: unknown }) {
    super(`${command}: ${describeFault(fault)}`, options)
    this.command = command
    this.fault = fault
  }

  get code(): CardFaultCode {
    return this.fault.code
  }
}

function describeFault(fault: CardFault): string {
  if (fault.code === 'unexpected-status') return `status word ${fault.sw.toString(16).toUpperCase().padStart(4, '0')}`
  if (fault.code === 'reference-incorrect') return `${fault.code}, ${fault.retriesLeft ?? 'unknown'} tries left`
  return fault.code
}

/** Normal processing. */
export const SW_OK = 0x9000
/** More octets are waiting: SW2 of them, 0 for 256 or more. */
export const SW1_MORE_DATA = 0x61
/** Le was wrong; SW2 is the right one. */
export const SW1_WRONG_LE = 0x6c

/** True when the command succeeded. */
export const isOk = (response: ResponseApdu): boolean => response.sw === SW_OK

/** True when the card wants another form of the same command: `6700`. */
export const isWrongLength = (response: ResponseApdu): boolean => response.sw === 0x6700

/** True when a card does not take commands in fragments: `6884`, or `6E00` for the class byte that says so. */
export const isChainingRefused = (response: ResponseApdu): boolean => response.sw === 0x6884 || response.sw === 0x6e00

/**
 * What a status word other than 9000 means.
 *
 * `63Cx` carries x tries left, and C0 means that none is: blocked. `6300` says wrong and no more (pairing code, some
 * applets): the count is unknown. Old YubiKeys answer `63xx` with the count in the whole second octet.
 *
 * @see [7816-4, 5.1.3]; [SP 800-73-5 pt 2, 3.2]
 */
export function readFault(sw: number): CardFault {
  const sw1 = sw >> 8
  const sw2 = sw & 0xff
  if (sw1 === 0x63) return readComparison(sw2)
  switch (sw) {
    case 0x6700:
      return { code: 'wrong-length' }
    case 0x6982:
      return { code: 'security-status' }
    case 0x6983:
      return { code: 'reference-blocked' }
    case 0x6985:
      return { code: 'conditions-not-satisfied' }
    case 0x6a80:
      return { code: 'reference-refused' }
    case 0x6a82:
    case 0x6a88:
      return { code: 'not-found' }
    case 0x6a81:
    case 0x6a86:
    case 0x6d00:
    case 0x6e00:
      return { code: 'not-supported' }
    default:
      return { code: 'unexpected-status', sw }
  }
}

function readComparison(sw2: number): CardFault {
  if (sw2 === 0x00) return { code: 'reference-incorrect' }
  const retriesLeft = (sw2 & 0xf0) === 0xc0 ? sw2 & 0x0f : sw2
  return retriesLeft === 0 ? { code: 'reference-blocked' } : { code: 'reference-incorrect', retriesLeft }
}

/**
 * Returns the data of a response that succeeded.
 *
 * @throws CardError with the fault of the status word.
 */
export function expectOk(command: string, response: ResponseApdu): ResponseApdu['data'] {
  if (response.sw !== SW_OK) throw new CardError(command, readFault(response.sw))
  return response.data
}

/** Runs a reader over a card's answer; what it cannot read is the card's fault. */
export function readAnswer<T>(command: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof TlvError) throw new CardError(command, { code: 'bad-response' }, { cause })
    throw cause
  }
}
