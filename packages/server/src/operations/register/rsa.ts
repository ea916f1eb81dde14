import { createPublicKey, verify } from 'node:crypto'

/** True when an RSASSA-PKCS1-v1_5/SHA-256 signature over a text verifies under a public key. [RFC 8017, 8.2.2] */
export function isSignatureOf(
  key: { modulus: Uint8Array; exponent: Uint8Array },
  text: Uint8Array,
  signature: Uint8Array,
): boolean {
  const n = Buffer.from(key.modulus).toString('base64url')
  const e = Buffer.from(key.exponent).toString('base64url')
  return verify('sha256', text, createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' }), signature)
}
