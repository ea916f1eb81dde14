import type { Crypto } from '../crypto.ts'
import { ascii, concat, type Octets } from '../octets.ts'
import type { Variant } from './masked-puk.ts'

/**
 * Connected unblock of a PIV card: the PUK travels under the agent's job key and under this card's key 9E. Here is what both
 * ends of HPKE's pre-shared-key mode must agree on beside the two keys.
 *
 * @see [piv-unblock/v1, Connected unblock of a PIV card]; [RFC 9180, 5.1.2]
 */

const CONTEXT = ascii('unlatch/connected-unblock/v1')

/** `psk_id`: 46 bytes that name protocol, variant and card. */
export const writeSealContext = (variant: Variant, cardUuid: Uint8Array): Octets =>
  concat(CONTEXT, Uint8Array.of(0x00, variant), cardUuid)

/**
 * `info` where nothing binds a PUK to its card: at a station it is under the job key alone, for one card and statement. 76 bytes.
 *
 * @param statementHash - SHA-256 of the operator's statement, 32 bytes.
 */
export const writeStationContext = (cardUuid: Uint8Array, statementHash: Uint8Array): Octets =>
  concat(ascii('unlatch/station-unblock/v1'), Uint8Array.of(0x00), cardUuid, statementHash)

/**
 * `psk`, 32 bytes, from what the card's key 9E made of the binding.
 *
 * @param agreed - variant 1: the x-coordinate (32 bytes); variant 2: the block that the card deciphered (256 bytes).
 */
export const deriveSealKey = (crypto: Crypto, variant: Variant, agreed: Uint8Array): Octets =>
  variant === 1 ? new Uint8Array(agreed) : crypto.sha256(agreed)

/**
 * `info` where a card in a reader proves that it is itself: what is sealed are 16 bytes that nobody can foresee, and the agent sends
 * them back. 40 bytes and those of the attempt's name.
 *
 * @see [security.md, Self-service]
 */
export const writeProofContext = (cardUuid: Uint8Array, attempt: string): Octets =>
  concat(ascii('unlatch/card-proof/v1'), Uint8Array.of(0x00), cardUuid, ascii(attempt))

/** Bytes in such a proof. */
export const CARD_PROOF_LENGTH = 16
