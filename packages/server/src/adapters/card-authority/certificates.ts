import 'reflect-metadata'
import { X509Certificate } from 'node:crypto'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509Certificate as Parsed,
} from '@peculiar/x509'

/** A certificate with what decides about it. */
export interface Certificate {
  /** What checks signatures. */
  readonly x509: X509Certificate
  /** What knows extensions. */
  readonly parsed: Parsed
  /** As RFC 4514 writes it. */
  readonly name: string
  readonly serial: string
}

/** Extensions that we process; one more that is critical makes a certificate unusable. @see [RFC 5280, 4.2] */
const PROCESSED = {
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  // Any policy will do, and names decide nothing here.
  certificatePolicies: '2.5.29.32',
  subjectAltName: '2.5.29.17',
} as const
const PROCESSED_IDS: ReadonlySet<string> = new Set(Object.values(PROCESSED))

/** Purposes of a card that its holder signs in with. */
const PURPOSES: readonly string[] = [
  '1.3.6.1.4.1.311.20.2.2', // smart card logon
  '1.3.6.1.5.5.7.3.2', // client authentication
  '2.5.29.37.0', // any
]
const HASHES: readonly string[] = ['SHA-256', 'SHA-384', 'SHA-512']
const LEAST_RSA_BITS = 2048

/** @throws when it is no certificate. */
export function readCertificate(octets: Uint8Array | string): Certificate {
  const x509 = new X509Certificate(octets)
  const parsed = new Parsed(new Uint8Array(x509.raw))
  return { x509, parsed, name: parsed.subject, serial: normaliseSerial(parsed.serialNumber) }
}

/** Serial numbers are compared as numbers: leading zeros are the encoding's. */
export const normaliseSerial = (hex: string): string => hex.toLowerCase().replace(/^(00)+(?=.)/, '')

/** True where the hash is one that nobody finds collisions of. */
function hasGoodHash({ signatureAlgorithm }: { signatureAlgorithm: object }): boolean {
  const hash = 'hash' in signatureAlgorithm ? signatureAlgorithm.hash : undefined
  const name = typeof hash === 'object' && hash !== null && 'name' in hash ? hash.name : hash
  return HASHES.includes(String(name))
}

/** Why an authority's certificate can issue nothing, whenever; undefined: it can. */
export function findAuthorityFault(certificate: Certificate): string | undefined {
  const { parsed, x509 } = certificate
  if (!parsed.getExtension(BasicConstraintsExtension)?.ca) return 'is no authority’s (basic constraints)'
  const usage = parsed.getExtension(KeyUsagesExtension)
  if (usage && !(usage.usages & KeyUsageFlags.keyCertSign)) return 'may sign no certificates (key usage)'
  const { modulusLength = LEAST_RSA_BITS } = x509.publicKey.asymmetricKeyDetails ?? {}
  if (modulusLength < LEAST_RSA_BITS) return `has an RSA key of ${modulusLength} bits`
  return findCommonFault(certificate)
}

/** Why a card's certificate is not one to sign with; undefined: it is. */
export function findCardFault(certificate: Certificate): string | undefined {
  const { parsed } = certificate
  if (parsed.getExtension(BasicConstraintsExtension)?.ca) return 'is an authority’s'
  const usage = parsed.getExtension(KeyUsagesExtension)
  if (usage && !(usage.usages & KeyUsageFlags.digitalSignature)) return 'may not sign (key usage)'
  return findCommonFault(certificate)
}

function findCommonFault({ parsed }: Certificate): string | undefined {
  const unknown = parsed.extensions.find(({ critical, type }) => critical && !PROCESSED_IDS.has(type))
  if (unknown) return `has a critical extension that is not processed here (${unknown.type})`
  const purposes = parsed.getExtension(ExtendedKeyUsageExtension)
  if (purposes && !purposes.usages.some((usage) => PURPOSES.includes(String(usage))))
    return 'is for other purposes (extended key usage)'
  return undefined
}

/** How many authorities may stand between this one and a card's certificate; undefined: any number. */
export const pathLengthOf = ({ parsed }: Certificate): number | undefined =>
  parsed.getExtension(BasicConstraintsExtension)?.pathLength

/** True when the issuer's name and key made this certificate. */
export const isIssuedBy = (certificate: Certificate, issuer: Certificate): boolean =>
  certificate.x509.checkIssued(issuer.x509) &&
  hasGoodHash(certificate.parsed) &&
  certificate.x509.verify(issuer.x509.publicKey)

/** True while a certificate is valid. */
export const isInTime = ({ x509 }: Certificate, now: Date): boolean =>
  x509.validFromDate <= now && now <= x509.validToDate
