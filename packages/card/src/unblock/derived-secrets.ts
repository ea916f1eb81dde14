import type { BlockCipher, Crypto } from '../crypto.ts'
import { KEY_LENGTH } from '../crypto.ts'
import { ascii, concat, type Octets, readUint, writeUint } from '../octets.ts'

/**
 * How the key service derives a card's secrets from the master key, and nothing else from it.
 *
 * @see [piv-unblock/v1, Derived secrets]; [SP 800-108, 4.1]; [SP 800-38B]
 */

const BLOCK = 16

/** AES-256-CMAC over a whole message: 16 bytes. [SP 800-38B, 6.2] */
export function cmacAes256(crypto: Crypto, key: Uint8Array, message: Uint8Array): Octets {
  const k1 = double(crypto.encryptBlocks('aes256', key, new Uint8Array(BLOCK)))
  const isWhole = message.length > 0 && message.length % BLOCK === 0
  const blocks = isWhole ? Uint8Array.from(message) : padded(message)
  blocks.set(xor(blocks.subarray(-BLOCK), isWhole ? k1 : double(k1)), blocks.length - BLOCK)
  return crypto.encryptChained('aes256', key, blocks).slice(-BLOCK)
}

/** Filled up with one bit and zeros to whole blocks. */
function padded(message: Uint8Array): Octets {
  const blocks = new Uint8Array(message.length - (message.length % BLOCK) + BLOCK)
  blocks.set(message)
  blocks[message.length] = 0x80
  return blocks
}

function xor(a: Uint8Array, b: Uint8Array): Octets {
  return Uint8Array.from(a, (octet, i) => octet ^ (b[i] as number))
}

/** Doubling in GF(2^128). [SP 800-38B, 6.1] */
function double(block: Uint8Array): Octets {
  const doubled = Uint8Array.from(block, (octet, i) => (octet << 1) | ((block[i + 1] ?? 0) >> 7))
  if ((block[0] as number) & 0x80) doubled[BLOCK - 1] = (doubled[BLOCK - 1] as number) ^ 0x87
  return doubled
}

/**
 * KBKDF in counter mode over CMAC-AES-256: `[i]` ‖ label ‖ `00` ‖ context ‖ `[L]`, both counters 4 bytes big-endian.
 *
 * @param lengthBits - a multiple of 8.
 */
export function kbkdf(
  crypto: Crypto,
  master: Uint8Array,
  label: string,
  context: Uint8Array,
  lengthBits: number,
): Octets {
  const fixed = concat(ascii(label), Uint8Array.of(0x00), context, writeUint(lengthBits, 4))
  const blocks: Octets[] = []
  for (let i = 1; (i - 1) * 128 < lengthBits; i++)
    blocks.push(cmacAes256(crypto, master, concat(writeUint(i, 4), fixed)))
  return concat(...blocks).slice(0, lengthBits / 8)
}

/** Which secret of a card: its label in the derivation. */
export const SECRET_LABEL = {
  puk: 'unlatch/puk/v1',
  wrap: 'unlatch/wrap/v1',
  gidsAdmin: (cipher: BlockCipher) => `unlatch/gids-admin/${cipher}/v1`,
  piv9b: (cipher: BlockCipher) => `unlatch/piv-9b/${cipher}/v1`,
} as const

/**
 * Associated data of what is sealed under the wrap key, so that it opens for its card, its purpose and its generation alone:
 * ASCII `unlatch/wrap/v1` ‖ `00` ‖ cardId ‖ label ‖ `00` ‖ generation.
 */
export const writeWrapContext = (cardUuid: Uint8Array, label: string, generation: Generation): Octets =>
  concat(ascii(SECRET_LABEL.wrap), ZERO, cardUuid, ascii(label), ZERO, writeGeneration(generation))

const ZERO = Uint8Array.of(0x00)

/** Generation of a card's secret: epoch and counter, 2 bytes each. It only grows. */
export interface Generation {
  readonly epoch: number
  readonly counter: number
}

/** A generation in its 4 bytes. */
export const writeGeneration = ({ epoch, counter }: Generation): Octets =>
  concat(writeUint(epoch, 2), writeUint(counter, 2))

const contextOf = (cardUuid: Uint8Array, generation: Generation) => concat(cardUuid, writeGeneration(generation))

/** The PUK of this generation: eight digits. Whether it may be used, `mayUsePuk` says. */
export function derivePuk(crypto: Crypto, master: Uint8Array, cardUuid: Uint8Array, generation: Generation): string {
  const okm = kbkdf(crypto, master, SECRET_LABEL.puk, contextOf(cardUuid, generation), 128)
  return (readUint(okm) % 10n ** 8n).toString().padStart(8, '0')
}

/** False for a PUK that a generation must skip: the factory value, eight equal digits, or the previous value. */
export function mayUsePuk(puk: string, previous?: string): boolean {
  return puk !== '12345678' && !/^(\d)\1{7}$/.test(puk) && puk !== previous
}

/** The admin key of a GIDS card; 3DES parity is left as it is. */
export function deriveGidsAdminKey(
  crypto: Crypto,
  master: Uint8Array,
  cipher: BlockCipher,
  cardUuid: Uint8Array,
  generation: Generation,
): Octets {
  return kbkdf(crypto, master, SECRET_LABEL.gidsAdmin(cipher), contextOf(cardUuid, generation), KEY_LENGTH[cipher] * 8)
}

/** The card administration key 9B of a PIV card. */
export function derivePiv9bKey(
  crypto: Crypto,
  master: Uint8Array,
  cipher: BlockCipher,
  cardUuid: Uint8Array,
  generation: Generation,
): Octets {
  return kbkdf(crypto, master, SECRET_LABEL.piv9b(cipher), contextOf(cardUuid, generation), KEY_LENGTH[cipher] * 8)
}

/** The key under which imported secrets are wrapped: 32 bytes. */
export function deriveWrapKey(crypto: Crypto, master: Uint8Array): Octets {
  return kbkdf(crypto, master, SECRET_LABEL.wrap, new Uint8Array(0), 256)
}
