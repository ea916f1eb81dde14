import type { Channel } from '../iso7816/channel.ts'
import { CardError, readAnswer } from '../iso7816/status.ts'
import { readAll, writeTlv } from '../iso7816/tlv.ts'
import { concat, type Octets } from '../octets.ts'
import { encodePkcs1 } from './card-authentication-key.ts'
import { generalAuthenticate, getObject } from './commands.ts'
import { ALGORITHM, KEY, OBJECT } from './references.ts'

/**
 * What key 9A, the PIV authentication key, signs once its PIN was verified, and the certificate that names it.
 *
 * @see [SP 800-73-5 pt 1, 3.2.1]; [SP 800-73-5 pt 2, 3.2.4 and appendix A.3]
 */

/** Algorithms that are signed with here. */
export type SigningAlgorithm = 'p256' | 'rsa2048'

// [SP 800-73-5 pt 1, table 11: X.509 certificate objects]
const TAG_CERTIFICATE = 0x70
const TAG_CERTIFICATE_INFO = 0x71
const TAG_MSCUID = 0x72
const TAG_ERROR_DETECTION = 0xfe
const COMPRESSED = 0x01

/**
 * The X.509 certificate of key 9A, DER. Wants no PIN.
 *
 * @throws CardError `not-found` when the card has none, `not-supported` when it is compressed, `bad-response`.
 * @see [SP 800-73-5 pt 1, table 11]
 */
export async function readAuthenticationCertificate(channel: Channel): Promise<Octets> {
  const object = await getObject(channel, OBJECT.authenticationCertificate)
  const { certificate, info } = readAnswer('GET DATA', () =>
    readAll(object, (cursor) => {
      const certificate = cursor.read(TAG_CERTIFICATE)
      const [info = 0] = cursor.readIf(TAG_CERTIFICATE_INFO) ?? []
      cursor.readIf(TAG_MSCUID)
      // Yubico's tools leave the error detection code out. [docs/divergences.md]
      cursor.readIf(TAG_ERROR_DETECTION)
      return { certificate, info }
    }),
  )
  if ((info & COMPRESSED) !== 0) throw new CardError('GET DATA', { code: 'not-supported' })
  return certificate
}

/**
 * GENERAL AUTHENTICATE with key 9A over a SHA-256 digest. The PIN is verified before; touches no counter.
 *
 * Whoever calls this made the digest of something that its holder saw: a key that opens logons signs nothing else.
 *
 * @param digest - 32 bytes.
 * @returns ECDSA as a DER sequence, or 256 bytes of RSA with PKCS #1 v1.5.
 * @throws CardError `security-status` without the PIN, `not-supported` (no such key in 9A), `bad-response`.
 * @see [SP 800-73-5 pt 2, 3.2.4]; [RFC 8017, 8.2.1]
 */
export async function signWithAuthenticationKey(
  channel: Channel,
  algorithm: SigningAlgorithm,
  digest: Uint8Array,
): Promise<Octets> {
  if (digest.length !== 32) throw new RangeError('a SHA-256 digest has 32 bytes')
  const block = algorithm === 'p256' ? digest : encodePkcs1(digest)
  const request = concat(writeTlv(0x82), writeTlv(0x81, block))
  const answer = await generalAuthenticate(channel, ALGORITHM[algorithm], KEY.authentication, request)
  const length = algorithm === 'rsa2048' ? 256 : undefined
  return readAnswer('GENERAL AUTHENTICATE', () => readAll(answer, (cursor) => cursor.read(0x82, length)))
}
