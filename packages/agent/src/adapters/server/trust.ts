import { readFileSync } from 'node:fs'
import { setDefaultCACertificates } from 'node:tls'
import { Problem } from '@unlatch/contract'

/**
 * From now on this process trusts servers whose certificates come from this authority, and no others: what a public authority
 * signs, or one that somebody added to this computer, is no proof of being our server.
 *
 * @param path - one or more certificates in PEM.
 * @throws Problem `wrong-usage` when the file holds none.
 */
export function trustOnly(path: string): void {
  try {
    const certificates = readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)
    if (!certificates) throw new Error('no certificate in PEM')
    setDefaultCACertificates(certificates)
  } catch (cause) {
    throw new Problem('wrong-usage', { detail: `${path}: ${cause instanceof Error ? cause.message : cause}`, cause })
  }
}
