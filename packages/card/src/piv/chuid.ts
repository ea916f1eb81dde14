import { readSequence, TlvError, writeTlv } from '../iso7816/tlv.ts'
import { ascii, concat, type Octets, readHex } from '../octets.ts'

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

/** FASC-N of an issuer outside the United States' government: agency and system 9999. [SP 800-73-5 pt 1, 3.1.2] */
const FASC_N = readHex('D4E739DA739CED39CE739D836858210842108421C84210C3EB')

/**
 * A CHUID that carries a Card UUID, without an issuer's signature.
 *
 * @param cardUuid - 16 bytes.
 * @param expiry - YYYYMMDD.
 * @see [SP 800-73-5 pt 1, 3.1.2 and appendix A]
 */
export function writeChuid(cardUuid: Uint8Array, expiry = '20401231'): Octets {
  const parts = [writeTlv(0x30, FASC_N), writeTlv(TAG_GUID, cardUuid), writeTlv(0x35, ascii(expiry))]
  return concat(...parts, writeTlv(0x3e), writeTlv(0xfe))
}
