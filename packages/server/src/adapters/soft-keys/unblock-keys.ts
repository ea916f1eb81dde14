import { createECDH, createHash, createPrivateKey } from 'node:crypto'

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
  const { d } = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' })
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(Buffer.from(d as string, 'base64url'))
  const point = ecdh.getPublicKey()
  return {
    id: createHash('sha256').update(point).digest('hex').slice(0, 16).toUpperCase(),
    point,
    agree: (cardPoint) => ecdh.computeSecret(cardPoint),
  }
}
