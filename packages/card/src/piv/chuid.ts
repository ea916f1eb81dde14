import { readSequence, TlvError } from '../iso7816/tlv.ts'
import type { Octets } from '../octets.ts'

/** CHUID data object: the Card UUID. [SP 800-73-5 pt 1, appendix A] */
const TAG_GUID = 0x34

/**
 * The Card UUID out of a CHUID: 16 bytes. Everything else in the CHUID is left alone.
 *
 * An identifier found on a card is not trusted: whoever holds 9B can write it.
 *
 * @throws TlvError when the data is no CHUID or has no GUID of 16 bytes.
 * @see [SP 800-73-5 pt 1, 3.1.2]
 */
export function readCardUuid(chuid: Uint8Array): Octets {
  const guid = readSequence(chuid).find(({ tag }) => tag === TAG_GUID)?.value
  if (guid?.length !== 16) throw new TlvError('CHUID without a GUID')
  return guid
}
