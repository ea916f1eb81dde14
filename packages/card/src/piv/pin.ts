import { ascii, type Octets } from '../octets.ts'

/** PIN and PUK travel in exactly 8 bytes, filled with FF on the right. [SP 800-73-5 pt 2, 2.4.3] */
const REFERENCE_DATA_LENGTH = 8
const FILLER = 0xff

/**
 * A PIN or PUK in the 8 bytes that the card compares.
 *
 * The result holds a secret: overwrite it (`fill(0)`) after the command.
 *
 * @param digits - 6 to 8 octets, ASCII digits `30` to `39`.
 * @throws RangeError for anything else: what a person can get wrong is checked long before this.
 * @see [SP 800-73-5 pt 2, 2.4.3]
 */
export function padReferenceData(digits: Uint8Array): Octets {
  const isDigits = digits.every((octet) => octet >= 0x30 && octet <= 0x39)
  if (digits.length < 6 || digits.length > REFERENCE_DATA_LENGTH || !isDigits) throw new RangeError('6 to 8 digits')
  const padded = new Uint8Array(REFERENCE_DATA_LENGTH).fill(FILLER)
  padded.set(digits)
  return padded
}

/** A PUK of eight digits as its 8 bytes. */
export const pukOctets = (puk: string): Octets => padReferenceData(ascii(puk))
