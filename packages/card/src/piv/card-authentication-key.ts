import type { Channel } from '../iso7816/channel.ts'
import { readAnswer } from '../iso7816/status.ts'
import { readAll, writeTlv } from '../iso7816/tlv.ts'
import { ascii, concat, type Octets, readHex } from '../octets.ts'
import { generalAuthenticate } from './commands.ts'
import { ALGORITHM, KEY } from './references.ts'

/**
 * What key 9E, usable without a PIN, computes for an unblock. Neither call touches a try counter.
 *
 * @see [SP 800-73-5 pt 2, 3.2.4 and appendix A]
 */

/** An uncompressed P-256 point: `04`, x, y. */
export const POINT_LENGTH = 65

/**
 * ECDH with key 9E: the x-coordinate (32 bytes) of the card's private key times `point`. SP 800-73 forbids this in 9E, many
 * cards allow it.
 *
 * @param point - 65 bytes, on the curve: checked by the caller.
 * @throws CardError `not-supported` (no P-256 key in 9E), `reference-refused` or `conditions-not-satisfied` (the card keeps
 *   to the standard), `security-status` (the key wants a PIN), `bad-response`.
 */
export async function agree(channel: Channel, point: Uint8Array): Promise<Octets> {
  const request = concat(writeTlv(0x82), writeTlv(0x85, point))
  const answer = await generalAuthenticate(channel, ALGORITHM.p256, KEY.cardAuthentication, request)
  return readAnswer('GENERAL AUTHENTICATE', () => readAll(answer, (cursor) => cursor.read(0x82, 32)))
}

/** One raw RSA private-key operation with key 9E on 256 bytes. Errors as `agree`. */
export async function decipher(channel: Channel, block: Uint8Array): Promise<Octets> {
  const request = concat(writeTlv(0x82), writeTlv(0x81, block))
  const answer = await generalAuthenticate(channel, ALGORITHM.rsa2048, KEY.cardAuthentication, request)
  return readAnswer('GENERAL AUTHENTICATE', () => readAll(answer, (cursor) => cursor.read(0x82, 256)))
}

/** DigestInfo of SHA-256. [RFC 8017, 9.2] */
const DIGEST_INFO_SHA256 = readHex('3031300D060960864801650304020105000420')

/**
 * EMSA-PKCS1-v1_5 encoding of a SHA-256 digest for a 2048-bit key: 256 bytes, ready for the private key.
 *
 * @param digest - 32 bytes.
 * @see [RFC 8017, 9.2]
 */
export function encodePkcs1(digest: Uint8Array): Octets {
  const filler = new Uint8Array(256 - 3 - DIGEST_INFO_SHA256.length - digest.length).fill(0xff)
  return concat(Uint8Array.of(0x00, 0x01), filler, Uint8Array.of(0x00), DIGEST_INFO_SHA256, digest)
}

/** The text whose signature by an RSA key in 9E is the card's secret. [piv-unblock/v1, Values] */
export const SIGNED_TEXT = ascii('unlatch/piv-unblock/v1')
