import type { Crypto } from '../crypto.ts'
import { concat, isEqual, type Octets } from '../octets.ts'

/**
 * The host's side of a GIDS card's mutual authentication with its admin key (3DES): what the host answers proves the host, what
 * the card answers proves the card.
 *
 * The specification says ECB; cards and Microsoft's own minidriver do CBC with a zero IV.
 *
 * @see [GIDS 2.0]; [GidsApplet]
 */

/** Bytes of either side's challenge. */
export const MUTUAL_CHALLENGE_LENGTH = 16
/** Bytes of either side's answer. */
export const MUTUAL_ANSWER_LENGTH = 40
const FILLER_LENGTH = 7

/**
 * What the host answers to the card's challenge: E(card ‖ host ‖ 7 random bytes ‖ `80`), 40 bytes.
 *
 * @param key - 24 bytes.
 */
export function writeHostAnswer(
  crypto: Crypto,
  key: Uint8Array,
  { host, card }: { host: Uint8Array; card: Uint8Array },
): Octets {
  const plain = concat(card, host, crypto.random(FILLER_LENGTH), Uint8Array.of(0x80))
  return crypto.encryptChained('3des', key, plain)
}

/** True when the card's answer, E(host ‖ card ‖ 7 bytes ‖ `80`), proves that it has the key. Compares the whole blocks before its filler. */
export function isCardAnswer(
  crypto: Crypto,
  key: Uint8Array,
  { host, card }: { host: Uint8Array; card: Uint8Array },
  answer: Uint8Array,
): boolean {
  if (answer.length !== MUTUAL_ANSWER_LENGTH) return false
  // The filler is the card's: the four blocks before it say the same under the same key, whatever follows.
  const known = concat(host, card)
  return isEqual(crypto.encryptChained('3des', key, known), answer.subarray(0, known.length))
}
