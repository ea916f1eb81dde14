import type { Crypto } from '../crypto.ts'
import { ascii, concat, isEqual, type Octets, readUint } from '../octets.ts'
import { CodeError, readSymbols, writeCheckSymbols, writeSymbols } from './crockford.ts'

/**
 * `unlatch/piv-unblock/v1`: challenge-response on a plain PIV card. The cryptogram is the card's PUK under a mask that only
 * someone who has this card can take off. Both ends of the telephone line use this file: the client with the `Z` that the
 * card computed, the key service with the `Z` that it computed itself.
 *
 * Must stay as it is: no verifier of a PUK anywhere, no generation in the mask or on the card, the tag before the counter.
 *
 * @see [piv-unblock/v1, Values]
 */

/** How `Z` is agreed: 1 by ECDH with the P-256 key in 9E, 2 by the deterministic signature of the RSA key in 9E. */
export type Variant = 1 | 2

/** Bytes of the client's nonce, fresh for each attempt. */
export const NONCE_LENGTH = 5
/** Symbols of a challenge: 8 of the nonce, 2 of check. */
export const CHALLENGE_LENGTH = 10
/** Digits of a cryptogram: 8 of the masked PUK, 4 of the tag. */
export const CRYPTOGRAM_LENGTH = 12
/** Digits of a receipt. */
export const RECEIPT_LENGTH = 4

const CONTEXT = ascii('unlatch/piv-unblock/v1')
const PUK_RANGE = 10n ** 8n

/** The four keys of one attempt, 16 bytes each. */
export interface AttemptKeys {
  readonly pad: Octets
  readonly mac: Octets
  readonly check: Octets
  readonly receipt: Octets
}

/**
 * Derives the keys of one attempt.
 *
 * @param z - 32 bytes, from the card's 9E key.
 * @param nonce - 5 bytes.
 * @param cardUuid - 16 bytes.
 */
export function deriveAttemptKeys(
  crypto: Crypto,
  z: Uint8Array,
  nonce: Uint8Array,
  variant: Variant,
  cardUuid: Uint8Array,
): AttemptKeys {
  const okm = crypto.hkdfSha256(z, nonce, concat(CONTEXT, Uint8Array.of(0x00, variant), cardUuid), 64)
  return { pad: okm.slice(0, 16), mac: okm.slice(16, 32), check: okm.slice(32, 48), receipt: okm.slice(48, 64) }
}

/** The challenge that the caller reads out: 10 symbols. */
export function writeChallenge(crypto: Crypto, keys: AttemptKeys, nonce: Uint8Array): string {
  return writeSymbols(nonce) + writeCheckSymbols(crypto.hmacSha256(keys.check, ascii('challenge')))
}

/**
 * The nonce inside a challenge (5 bytes). Whether its check symbols are right only the key service can tell.
 *
 * @throws CodeError `length` or `alphabet`.
 */
export function readNonce(challenge: string): Octets {
  if (challenge.length !== CHALLENGE_LENGTH) throw new CodeError('length')
  readSymbols(`${challenge.slice(-2)}000000`, NONCE_LENGTH)
  return readSymbols(challenge.slice(0, -2), NONCE_LENGTH)
}

/** True when the check symbols say: this card, this unblock key, this variant. */
export function isChallengeOf(crypto: Crypto, keys: AttemptKeys, challenge: string): boolean {
  return isEqual(ascii(challenge), ascii(writeChallenge(crypto, keys, readNonce(challenge))))
}

/** What the key service answers: the masked PUK and its tag, 12 digits. */
export function maskPuk(crypto: Crypto, keys: AttemptKeys, puk: string): string {
  if (!/^\d{8}$/.test(puk)) throw new RangeError('a PUK is eight digits here')
  const masked = digits((BigInt(puk) + readUint(keys.pad)) % PUK_RANGE, 8)
  return masked + tagOf(crypto, keys, ascii(masked))
}

/**
 * Takes the mask off. The tag is compared first, so that a mistyped cryptogram costs the card nothing (all but 1 in 10 000).
 *
 * Octets in and out, so that neither becomes a string that nobody can overwrite.
 *
 * @param cryptogram - 12 ASCII digits, without separators.
 * @returns the PUK, eight ASCII digits; overwrite it after use.
 * @throws CodeError `length`, `alphabet`, or `check` when the tag is wrong.
 */
export function unmaskPuk(crypto: Crypto, keys: AttemptKeys, cryptogram: Uint8Array): Octets {
  if (cryptogram.length !== CRYPTOGRAM_LENGTH) throw new CodeError('length')
  if (!cryptogram.every(isDigit)) throw new CodeError('alphabet')
  const masked = cryptogram.subarray(0, 8)
  if (!isEqual(ascii(tagOf(crypto, keys, masked)), cryptogram.subarray(8))) throw new CodeError('check')
  const value = masked.reduce((sum, octet) => sum * 10 + (octet - 0x30), 0)
  const range = Number(PUK_RANGE)
  let puk = (value - Number(readUint(keys.pad) % PUK_RANGE) + range) % range
  const octets = new Uint8Array(8)
  for (let i = 7; i >= 0; i--) {
    octets[i] = 0x30 + (puk % 10)
    puk = Math.floor(puk / 10)
  }
  return octets
}

const isDigit = (octet: number) => octet >= 0x30 && octet <= 0x39

function tagOf(crypto: Crypto, keys: AttemptKeys, masked: Uint8Array): string {
  const mac = crypto.hmacSha256(keys.mac, concat(ascii('cryptogram'), masked))
  return digits(readUint(mac.subarray(0, 8)) % 10_000n, 4)
}

const digits = (value: bigint, length: number) => value.toString().padStart(length, '0')

/** What the card did with the PUK, as the receipt tells it. */
export type UnblockOutcome =
  | { code: 'unblocked' }
  /** The card refused the PUK; `triesLeft` 7 stands for seven or more. */
  | { code: 'refused'; triesLeft: number }
  /** Torn, or refused without a count. */
  | { code: 'unknown' }

const outcomeDigit = (outcome: UnblockOutcome): number => {
  if (outcome.code === 'unblocked') return 0
  if (outcome.code === 'unknown') return 9
  return Math.min(outcome.triesLeft, 7) + 1
}

/**
 * The receipt that the caller reads back: 4 digits, the first of which says what happened.
 *
 * @param cryptogram - the 12 ASCII digits (the first 8 count).
 */
export function writeReceipt(
  crypto: Crypto,
  keys: AttemptKeys,
  cryptogram: Uint8Array,
  outcome: UnblockOutcome,
): string {
  return receiptOf(crypto, keys, cryptogram, outcomeDigit(outcome))
}

function receiptOf(crypto: Crypto, keys: AttemptKeys, cryptogram: Uint8Array, digit: number): string {
  const mac = crypto.hmacSha256(keys.receipt, concat(ascii('receipt'), cryptogram.subarray(0, 8), ascii(`${digit}`)))
  return `${digit}${digits(readUint(mac.subarray(0, 8)) % 1000n, 3)}`
}

/**
 * Reads a receipt against the cryptogram that was given.
 *
 * @param receipt - 4 digits.
 * @throws CodeError `length`, `alphabet`, or `check` when it belongs to another attempt or was misheard.
 */
export function readReceipt(
  crypto: Crypto,
  keys: AttemptKeys,
  cryptogram: Uint8Array,
  receipt: string,
): UnblockOutcome {
  if (receipt.length !== RECEIPT_LENGTH) throw new CodeError('length')
  if (!/^\d+$/.test(receipt)) throw new CodeError('alphabet')
  const digit = Number(receipt[0])
  if (!isEqual(ascii(receiptOf(crypto, keys, cryptogram, digit)), ascii(receipt))) throw new CodeError('check')
  if (digit === 0) return { code: 'unblocked' }
  return digit === 9 ? { code: 'unknown' } : { code: 'refused', triesLeft: digit - 1 }
}

/** What proves that a card's 9E key agrees as recorded: 32 bytes. [piv-unblock/v1, Slot 9E, and the rehearsal] */
export const writeRehearsal = (crypto: Crypto, keys: AttemptKeys): Octets =>
  crypto.hmacSha256(keys.check, ascii('rehearsal'))
