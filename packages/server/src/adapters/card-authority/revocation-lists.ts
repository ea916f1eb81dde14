import { webcrypto } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { KeyUsageFlags, KeyUsagesExtension, X509Crl } from '@peculiar/x509'
import { type Certificate, hasGoodHash, normaliseSerial } from './certificates.ts'

/** A revocation list, checked. */
export interface RevocationList {
  readonly thisUpdate: Date
  readonly nextUpdate: Date
  /** As `normaliseSerial` writes them; a certificate on hold is among them. */
  readonly revoked: ReadonlySet<string>
}

/** A list is read whole, beside the event loop's other work: larger ones need a server that answers for them (OCSP). */
const MOST_OCTETS = 16 * 1024 * 1024
/** Limit for reading one list, in milliseconds. */
const TIME_LIMIT_MS = 20_000

/** Extensions of a list that mean nothing for a full one; anything else that is critical makes it unusable. @see [RFC 5280, 5.2] */
const PROCESSED: ReadonlySet<string> = new Set([
  '2.5.29.35', // authority key identifier: the signature decides
  '2.5.29.20', // CRL number: the times decide
])
/** Extensions of an entry: reason code and invalidity date; whatever they say, the certificate is revoked. @see [RFC 5280, 5.3] */
const PROCESSED_IN_ENTRY: ReadonlySet<string> = new Set(['2.5.29.21', '2.5.29.24'])

const isAddress = (source: string): boolean => /^https?:\/\//i.test(source)

/**
 * A list's octets, DER or PEM, from a file or over HTTP. HTTP without TLS is how authorities publish them: the list is signed.
 *
 * @throws when it cannot be had.
 */
export async function fetchList(source: string, closing?: AbortSignal): Promise<Uint8Array> {
  if (!isAddress(source)) {
    if ((await stat(source)).size > MOST_OCTETS) throw new Error('it is too large')
    return readFile(source)
  }
  const limit = AbortSignal.timeout(TIME_LIMIT_MS)
  const response = await fetch(source, { signal: closing ? AbortSignal.any([limit, closing]) : limit })
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`)
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body) {
    length += part.length
    if (length > MOST_OCTETS) throw new Error('it is too large')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/**
 * Reads a list; what it says counts only once `isSignedBy` holds for its issuer.
 *
 * @throws Error that says why it is no list that we can use.
 */
export function readList(octets: Uint8Array): { crl: X509Crl; list: RevocationList } {
  const text = Buffer.from(octets.subarray(0, 10)).toString('latin1')
  const crl = new X509Crl(text === '-----BEGIN' ? Buffer.from(octets).toString('latin1') : new Uint8Array(octets))
  const { nextUpdate, thisUpdate } = crl
  if (!nextUpdate) throw new Error('it does not say until when it is good')
  if (!hasGoodHash(crl)) throw new Error('its signature’s hash is too weak')
  const unknown = crl.extensions.find(({ critical, type }) => critical && !PROCESSED.has(type))
  if (unknown) throw new Error(`it has a critical extension that is not processed here (${unknown.type})`)
  const revoked = new Set<string>()
  for (const entry of crl.entries) {
    const unread = entry.extensions.find(({ critical, type }) => critical && !PROCESSED_IN_ENTRY.has(type))
    if (unread) throw new Error(`an entry has a critical extension that is not processed here (${unread.type})`)
    revoked.add(normaliseSerial(entry.serialNumber))
  }
  return { crl, list: { thisUpdate, nextUpdate, revoked } }
}

/** True when this authority's name and key made the list, and it may make lists. */
export async function isListOf(crl: X509Crl, { parsed }: Certificate): Promise<boolean> {
  const [issuer, subject] = [crl.issuerName.toArrayBuffer(), parsed.subjectName.toArrayBuffer()]
  if (!Buffer.from(issuer).equals(Buffer.from(subject))) return false
  const usage = parsed.getExtension(KeyUsagesExtension)
  if (usage && !(usage.usages & KeyUsageFlags.cRLSign)) return false
  return crl.verify({ publicKey: parsed.publicKey }, webcrypto as never)
}
