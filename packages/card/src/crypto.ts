import type { Octets } from './octets.ts'

/** Block ciphers that cards of this trade use; the key length in bytes follows the name: 24, 16, 24, 32. */
export type BlockCipher = '3des' | 'aes128' | 'aes192' | 'aes256'

/** Block length in bytes of each cipher. */
export const BLOCK_LENGTH = { '3des': 8, aes128: 16, aes192: 16, aes256: 16 } as const satisfies Record<
  BlockCipher,
  number
>

/** Key length in bytes of each cipher. */
export const KEY_LENGTH = { '3des': 24, aes128: 16, aes192: 24, aes256: 32 } as const satisfies Record<
  BlockCipher,
  number
>

/**
 * The primitives that this package needs and does not carry: it is handed an implementation
 * (`@unlatch/card/node-crypto` is one). WebCrypto has neither 3DES nor ECB, hence this interface.
 *
 * Everything is synchronous: one block, one hash, one agreement.
 */
export interface Crypto {
  /** `length` octets from a cryptographic random source. */
  random(length: number): Octets
  sha256(message: Uint8Array): Octets
  hmacSha256(key: Uint8Array, message: Uint8Array): Octets
  /** HKDF-SHA-256 (RFC 5869), extract and expand. */
  hkdfSha256(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Octets
  /** One or more whole blocks, each on its own (ECB), no padding. */
  encryptBlocks(cipher: BlockCipher, key: Uint8Array, blocks: Uint8Array): Octets
  /** One or more whole blocks, each combined with the one before (CBC), from a block of zeros, no padding. */
  encryptChained(cipher: BlockCipher, key: Uint8Array, blocks: Uint8Array): Octets
  /** The inverse of `encryptBlocks`. */
  decryptBlocks(cipher: BlockCipher, key: Uint8Array, blocks: Uint8Array): Octets
}
