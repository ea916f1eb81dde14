import { SEAL_INFO, type Sealed, type SealedField, sealContext } from '@unlatch/contract'

/**
 * Seals a secret for the agent's per-launch key: P-256 ECDH, HKDF-SHA-256, AES-256-GCM, bound to attempt and field.
 * The octets given are overwritten.
 *
 * @param sealKey - the agent's uncompressed point (65 bytes), in base64.
 */
export async function seal(
  sealKey: string,
  attemptId: string,
  field: SealedField,
  secret: Uint8Array<ArrayBuffer>,
): Promise<Sealed> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const agentKey = await crypto.subtle.importKey('raw', readBase64(sealKey), curve, false, [])
  const ours = await crypto.subtle.generateKey(curve, false, ['deriveBits'])
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: agentKey }, ours.privateKey, 256)
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode(SEAL_INFO) },
    await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']),
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt'],
  )
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const additionalData = new TextEncoder().encode(sealContext(attemptId, field))
  const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, secret)
  secret.fill(0)
  return {
    point: writeBase64(await crypto.subtle.exportKey('raw', ours.publicKey)),
    iv: writeBase64(iv.buffer),
    ciphertext: writeBase64(ciphertext),
  }
}

function readBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (symbol) => symbol.charCodeAt(0))
}

function writeBase64(octets: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(octets)))
}
