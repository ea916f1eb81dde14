/**
 * What a PIV card's keys, PINs, algorithms and data objects are called on the wire.
 *
 * @see [SP 800-73-5 pt 1, tables 4 and 5; appendix A]; [SP 800-78-5, table 9]
 */

/** The PIV application's identifier, without its version: `A0 00 00 03 08 00 00 10 00`. [SP 800-73-5 pt 1, 2.2] */
export const PIV_AID = Uint8Array.of(0xa0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00)

/** What follows for cards that want the whole identifier. */
export const PIV_VERSION = Uint8Array.of(0x01, 0x00)

/** PIN and PUK references. [SP 800-73-5 pt 1, table 4] */
export const REFERENCE = { globalPin: 0x00, applicationPin: 0x80, puk: 0x81 } as const

/** Key references used here. [SP 800-73-5 pt 1, table 4] */
export const KEY = { authentication: 0x9a, management: 0x9b, cardAuthentication: 0x9e } as const

/** Algorithm identifiers used here. [SP 800-78-5, table 9] */
export const ALGORITHM = { '3des': 0x03, rsa2048: 0x07, aes128: 0x08, aes192: 0x0a, aes256: 0x0c, p256: 0x11 } as const

/** Data objects used here, by their BER-TLV tags. [SP 800-73-5 pt 1, table 3] */
export const OBJECT = {
  chuid: 0x5fc102,
  cardAuthenticationCertificate: 0x5fc101,
  authenticationCertificate: 0x5fc105,
  discovery: 0x7e,
} as const
