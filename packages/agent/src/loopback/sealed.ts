import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto'
import { Problem, SEAL_INFO, type Sealed, type SealedField, sealContext } from '@unlatch/contract'

/**
 * What a page seals for this launch of the agent, so that a PIN or cryptogram is never text on its way: P-256 ECDH to a key
 * made at start, HKDF-SHA-256, AES-256-GCM, bound to attempt and field.
 */
export class SealKey {
  readonly #ecdh = createECDH('prime256v1')
  /** Uncompressed point, 65 bytes, in base64. */
  readonly point: string

  constructor() {
    this.point = this.#ecdh.generateKeys().toString('base64')
  }

  /**
   * Opens a sealed field; the caller overwrites what comes out.
   *
   * @throws Problem `input-invalid` when it was not sealed for this launch, attempt and field.
   */
  open(sealed: Sealed, attemptId: string, field: SealedField): Uint8Array {
    try {
      const shared = this.#ecdh.computeSecret(Buffer.from(sealed.point, 'base64'))
      const key = Buffer.from(hkdfSync('sha256', shared, new Uint8Array(0), SEAL_INFO, 32))
      const octets = Buffer.from(sealed.ciphertext, 'base64')
      const iv = Buffer.from(sealed.iv, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
      decipher.setAAD(Buffer.from(sealContext(attemptId, field))).setAuthTag(octets.subarray(-16))
      const opened = decipher.update(octets.subarray(0, -16))
      decipher.final()
      // A Buffer's slice() is a view, not a copy: what overwrites the original would overwrite what was kept.
      const plain = Uint8Array.from(opened)
      opened.fill(0)
      key.fill(0)
      shared.fill(0)
      return plain
    } catch (cause) {
      throw new Problem('input-invalid', { detail: 'not sealed for this attempt', cause })
    }
  }
}
