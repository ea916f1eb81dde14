import { createHash, createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto'

/** One of the server's P-256 unblock keys. */
export interface UnblockKey {
  /** First 8 bytes of SHA-256 of the point, in hexadecimal. */
  readonly id: string
  /** 65 bytes, uncompressed. */
  readonly point: Uint8Array
  /** ECDH with a card's point: 32 bytes. Throws when the point is not on the curve. */
  agree(cardPoint: Uint8Array): Uint8Array
}

/** A key from its PKCS #8 octets. */
export function openUnblockKey(pkcs8: Buffer): UnblockKey {
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const point = writePoint(createPublicKey(privateKey))
  return {
    id: createHash('sha256').update(point).digest('hex').slice(0, 16).toUpperCase(),
    point,
    agree: (cardPoint) => diffieHellman({ privateKey, publicKey: readPoint(cardPoint) }),
  }
}

/**
 * A P-256 public key from its uncompressed point.
 *
 * @throws Error when it is not 65 bytes or not on the curve: OpenSSL checks on import.
 */
export function readPoint(point: Uint8Array): KeyObject {
  if (point.length !== 65 || point[0] !== 0x04) throw new RangeError('not an uncompressed P-256 point')
  const x = Buffer.from(point.subarray(1, 33)).toString('base64url')
  const y = Buffer.from(point.subarray(33)).toString('base64url')
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
}

function writePoint(key: KeyObject): Uint8Array {
  const { x, y } = key.export({ format: 'jwk' })
  return Buffer.concat([Buffer.of(0x04), Buffer.from(x as string, 'base64url'), Buffer.from(y as string, 'base64url')])
}
