/**
 * `Crypto` answered by Node's OpenSSL. It stands beside `src/`, not in it: the card library itself uses no Node built-in
 * (docs/decisions/0003-node-crypto-beside-card.md).
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hash, hkdfSync, randomBytes } from 'node:crypto'
import { BLOCK_LENGTH, type BlockCipher, type Crypto } from './src/crypto.ts'

const OPENSSL_NAME = {
  '3des': 'des-ede3',
  aes128: 'aes-128',
  aes192: 'aes-192',
  aes256: 'aes-256',
} as const satisfies Record<BlockCipher, string>

// A key goes in as a key object: Node finds out by an exception that octets are none, which costs more than these primitives.
const owned = (octets: Uint8Array) => new Uint8Array(octets)

/** The primitives of `Crypto`, from Node's OpenSSL. */
export const nodeCrypto: Crypto = {
  random: (length) => owned(randomBytes(length)),
  sha256: (message) => owned(hash('sha256', message, 'buffer')),
  hmacSha256: (key, message) => owned(createHmac('sha256', createSecretKey(key)).update(message).digest()),
  hkdfSha256: (ikm, salt, info, length) => new Uint8Array(hkdfSync('sha256', createSecretKey(ikm), salt, info, length)),
  encryptBlocks(cipher, key, blocks) {
    const run = createCipheriv(`${OPENSSL_NAME[cipher]}-ecb`, createSecretKey(key), null).setAutoPadding(false)
    return owned(Buffer.concat([run.update(blocks), run.final()]))
  },
  encryptChained(cipher, key, blocks) {
    const zeros = new Uint8Array(BLOCK_LENGTH[cipher])
    const run = createCipheriv(`${OPENSSL_NAME[cipher]}-cbc`, createSecretKey(key), zeros).setAutoPadding(false)
    return owned(Buffer.concat([run.update(blocks), run.final()]))
  },
  decryptBlocks(cipher, key, blocks) {
    const run = createDecipheriv(`${OPENSSL_NAME[cipher]}-ecb`, createSecretKey(key), null).setAutoPadding(false)
    return owned(Buffer.concat([run.update(blocks), run.final()]))
  },
}
