import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { BasicConstraintsExtension, PublicKey, X509CertificateGenerator } from '@peculiar/x509'

/** An authority for tests: certificates for operator cards; valid as a test wants them. */

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY_MS = 86_400_000
const { subtle } = webcrypto

export interface StagedAuthority {
  /** PEM. */
  readonly certificate: string
  /** A certificate, DER, for a public key (SubjectPublicKeyInfo). */
  issue(publicKey: Uint8Array, validity?: { from?: Date; until?: Date }): Promise<Uint8Array>
}

export async function stageAuthority(name: string, now: Date): Promise<StagedAuthority> {
  // The library's types are the browser's.
  const keys = (await subtle.generateKey(EC, true, ['sign', 'verify'])) as never as Parameters<
    typeof X509CertificateGenerator.createSelfSigned
  >[0]['keys']
  const [before, after] = [new Date(now.getTime() - DAY_MS), new Date(now.getTime() + 365 * DAY_MS)]
  const common = { notBefore: before, notAfter: after, signingAlgorithm: EC }
  const authority = await X509CertificateGenerator.createSelfSigned(
    { ...common, name: `CN=${name}`, keys, extensions: [new BasicConstraintsExtension(true, undefined, true)] },
    webcrypto as never,
  )
  let serial = 1
  return {
    certificate: authority.toString('pem'),
    async issue(publicKey, { from = before, until = after } = {}) {
      const certificate = await X509CertificateGenerator.create(
        {
          ...common,
          serialNumber: `0${++serial}`,
          subject: 'CN=Operator',
          issuer: authority.subject,
          notBefore: from,
          notAfter: until,
          publicKey: new PublicKey(publicKey as Uint8Array<ArrayBuffer>),
          signingKey: keys.privateKey,
        },
        webcrypto as never,
      )
      return new Uint8Array(certificate.rawData)
    },
  }
}
