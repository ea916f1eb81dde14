import { readHex } from '../octets.ts'

/**
 * Names of the Generic Identity Device Specification's application.
 *
 * @see [GIDS 2.0]; [GidsApplet]
 */

/** First nine octets of the application identifier; revision and vendor follow. */
export const GIDS_AID = readHex('A00000039742544659')

/** What follows for cards that want the whole identifier: revision 2, revision 1; vendor 1. */
export const GIDS_REVISIONS = [Uint8Array.of(0x02, 0x01), Uint8Array.of(0x01, 0x01)] as const

/** The card identifier's file and data object. */
export const CARD_ID = { file: 0xa012, object: 0xdf20 } as const

/** References: the PIN, and the admin key as a key reference. */
export const REFERENCE = { pin: 0x80, adminKey: 0x80 } as const
