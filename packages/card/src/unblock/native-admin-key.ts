import type { BlockCipher, Crypto } from '../crypto.ts'
import { ascii, concat, isEqual, type Octets, readUint, writeHex, writeUint } from '../octets.ts'
import { CodeError, readSymbols, writeCheckSymbols, writeSymbols } from './crockford.ts'

/**
 * Challenge-response of cards that have an admin key of their own (GIDS, Windows minidriver): the card draws the challenge
 * and itself decides about the answer. This file is the frame around it, for our own unblock screen: check symbols that bind
 * a challenge to its card, and check digits for each spoken group of the cryptogram.
 *
 * @see [piv-unblock/v1, Native admin key, our own screen]; [GidsApplet]
 */

const CHALLENGE_CONTEXT = ascii('unlatch/challenge/v1')
const GROUP_DIGITS = 5
/** A spoken group: five digits and two check digits. */
export const GROUP_LENGTH = 7

/** Lengths by which the forms of a challenge are told apart. */
export const NATIVE_CHALLENGE_LENGTH = { 8: 15, 16: 28 } as const
/** Block lengths of an admin key in bytes: 3DES and AES. */
export type BlockLength = 8 | 16

function checkSymbols(crypto: Crypto, block: Uint8Array, cardUuid: Uint8Array): string {
  return writeCheckSymbols(crypto.sha256(concat(CHALLENGE_CONTEXT, Uint8Array.of(0x00), block, cardUuid)))
}

/**
 * The card's challenge as the caller reads it out: 15 symbols for 8 bytes, 28 for 16; the last two bind it to the card.
 *
 * @param block - 8 or 16 bytes, as the card drew them.
 * @param cardUuid - 16 bytes.
 */
export function writeNativeChallenge(crypto: Crypto, block: Uint8Array, cardUuid: Uint8Array): string {
  return writeSymbols(block) + checkSymbols(crypto, block, cardUuid)
}

/**
 * The block inside a challenge of our own form, without looking at its check symbols.
 *
 * @throws CodeError `length`, `alphabet`, `filling`.
 */
export function readNativeChallenge(challenge: string): Octets {
  const blockLength = challenge.length === 15 ? 8 : challenge.length === 28 ? 16 : undefined
  if (blockLength === undefined) throw new CodeError('length')
  readSymbols(`${challenge.slice(-2)}000000`, 5)
  return readSymbols(challenge.slice(0, -2), blockLength)
}

/** True when the check symbols name this card. */
export function isNativeChallengeOf(crypto: Crypto, challenge: string, cardUuid: Uint8Array): boolean {
  const expected = writeNativeChallenge(crypto, readNativeChallenge(challenge), cardUuid)
  return isEqual(ascii(challenge), ascii(expected))
}

/**
 * The cryptogram: one block, encrypted under the admin key.
 *
 * @param key - 24, 16, 24 or 32 bytes.
 * @returns 8 bytes (3DES) or 16 (AES).
 */
export function answerChallenge(crypto: Crypto, cipher: BlockCipher, key: Uint8Array, block: Uint8Array): Octets {
  return crypto.encryptBlocks(cipher, key, block)
}

/** The cryptogram in digits: groups of five with two check digits each, no separators (28 or 56 digits). */
export function writeNativeCryptogram(response: Uint8Array): string {
  const length = response.length === 8 ? 20 : 40
  const plain = readUint(response).toString().padStart(length, '0')
  let spoken = ''
  for (let index = 1; index * GROUP_DIGITS <= length; index++) {
    const group = plain.slice((index - 1) * GROUP_DIGITS, index * GROUP_DIGITS)
    spoken += group + groupCheck(index, group)
  }
  return spoken
}

/** Two digits that make `index ‖ group ‖ check` ≡ 1 modulo 97: swapped groups are caught too. */
function groupCheck(index: number, group: string): string {
  return String(98n - (BigInt(`${index}${group}00`) % 97n)).padStart(2, '0')
}

/**
 * The groups (counted from 1) of a typed cryptogram whose check digits are wrong; incomplete groups are left alone.
 *
 * @param cryptogram - ASCII digits.
 */
export function findWrongGroups(cryptogram: Uint8Array): number[] {
  const wrong: number[] = []
  for (let index = 1; index * GROUP_LENGTH <= cryptogram.length; index++) {
    const group = cryptogram.subarray((index - 1) * GROUP_LENGTH, index * GROUP_LENGTH)
    const spelled = readDecimal(group.subarray(0, GROUP_DIGITS)) + BigInt(10 ** GROUP_DIGITS) * BigInt(index)
    if ((spelled * 100n + readDecimal(group.subarray(GROUP_DIGITS))) % 97n !== 1n) wrong.push(index)
  }
  return wrong
}

const readDecimal = (digits: Uint8Array) => digits.reduce((sum, digit) => sum * 10n + BigInt(digit - 0x30), 0n)

/**
 * Reads a typed cryptogram in our own digit form.
 *
 * @param cryptogram - 28 or 56 ASCII digits, without separators.
 * @returns the card's response, 8 or 16 bytes.
 * @throws CodeError `length`, `alphabet`, or `check` when a group is wrong or the number is no block.
 */
export function readNativeCryptogram(cryptogram: Uint8Array): Octets {
  const blockLength = cryptogram.length === 28 ? 8 : cryptogram.length === 56 ? 16 : undefined
  if (blockLength === undefined) throw new CodeError('length')
  if (!cryptogram.every((octet) => octet >= 0x30 && octet <= 0x39)) throw new CodeError('alphabet')
  if (findWrongGroups(cryptogram).length > 0) throw new CodeError('check')
  let block = 0n
  for (let offset = 0; offset < cryptogram.length; offset += GROUP_LENGTH) {
    block = block * BigInt(10 ** GROUP_DIGITS) + readDecimal(cryptogram.subarray(offset, offset + GROUP_DIGITS))
  }
  if (block >> BigInt(blockLength * 8) !== 0n) throw new CodeError('check')
  return writeUint(block, blockLength)
}

/** The cryptogram for a screen that takes bare hexadecimal: upper case, no separators. */
export const writeBareCryptogram = (response: Uint8Array): string => writeHex(response)
