import { verify } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { KeyUsageFlags, KeyUsagesExtension } from '@peculiar/x509'
import { writeHex } from '@unlatch/card'
import { readAll, type TlvCursor, writeTlv } from '@unlatch/card/iso7816'
import { type Certificate, normaliseSerial } from './certificates.ts'

/**
 * Revocation lists, full ones, read by hand: the library that reads the certificates takes four seconds for a list of 20 000,
 * in which the server does nothing else.
 *
 * @see [RFC 5280, 5]
 */

/** A revocation list, and by what its issuer is known. */
export interface RevocationList {
  /** The issuer's name, DER. */
  readonly issuer: Uint8Array
  readonly thisUpdate: Date
  readonly nextUpdate: Date
  /** As `normaliseSerial` writes them; a certificate on hold is among them. */
  readonly revoked: ReadonlySet<string>
  readonly signed: { readonly octets: Uint8Array; readonly hash: string; readonly signature: Uint8Array }
}

/** Some 400 000 certificates: a list is read at one go, and nothing else is done meanwhile. */
const MOST_OCTETS = 16 * 1024 * 1024
/** Limit for reading one list, in milliseconds. */
const TIME_LIMIT_MS = 20_000

/** How authorities sign, by the object identifier in DER; weaker hashes are missing. @see [RFC 5280, 4.1.1.2] */
const HASH_OF: Readonly<Record<string, string>> = {
  '2A864886F70D01010B': 'sha256', // with RSA
  '2A864886F70D01010C': 'sha384',
  '2A864886F70D01010D': 'sha512',
  '2A8648CE3D040302': 'sha256', // with ECDSA
  '2A8648CE3D040303': 'sha384',
  '2A8648CE3D040304': 'sha512',
}
/** Extensions of a list that mean nothing for a full one; anything else that is critical makes it unusable. @see [RFC 5280, 5.2] */
const PROCESSED: ReadonlySet<string> = new Set([
  '551D23', // authority key identifier: the signature decides
  '551D14', // CRL number: the times decide
])
/** Extensions of an entry: reason code and invalidity date; whatever they say, the certificate is revoked. @see [RFC 5280, 5.3] */
const PROCESSED_IN_ENTRY: ReadonlySet<string> = new Set(['551D15', '551D18'])

const [SEQUENCE, INTEGER, BIT_STRING, BOOLEAN, OID, UTC_TIME, TIME] = [0x30, 0x02, 0x03, 0x01, 0x06, 0x17, 0x18]
const EXTENSIONS = 0xa0

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
 * Reads a list, DER or PEM; what it says counts only once `isListOf` holds for its issuer.
 *
 * @throws Error that says why it is no list that we can use.
 */
export function readList(octets: Uint8Array): RevocationList {
  return readAll(readPem(octets), (file) =>
    file.enter(SEQUENCE, (list) => {
      const body = list.read(SEQUENCE)
      const algorithm = list.read(SEQUENCE)
      const [unused, ...signature] = list.read(BIT_STRING)
      if (unused !== 0) throw new Error('its signature is none')
      const hash = HASH_OF[writeHex(readAll(algorithm, readIdentifier))]
      if (hash === undefined) throw new Error('its signature is of a kind that is not processed here')
      const signed = { octets: writeSequence(body), hash, signature: Uint8Array.from(signature) }
      return { ...readAll(body, (inside) => readBody(inside, algorithm)), signed }
    }),
  )
}

function readBody(body: TlvCursor, algorithm: Uint8Array): Omit<RevocationList, 'signed'> {
  const version = body.readIf(INTEGER)
  if (version && writeHex(version) !== '01') throw new Error('it is of a version that is not processed here')
  if (writeHex(body.read(SEQUENCE)) !== writeHex(algorithm))
    throw new Error('its signature is of another kind than it says')
  const issuer = writeSequence(body.read(SEQUENCE))
  const thisUpdate = readTime(body.next())
  const next = body.peek()
  if (next !== UTC_TIME && next !== TIME) throw new Error('it does not say until when it is good')
  const nextUpdate = readTime(body.next())
  const revoked = new Set<string>()
  const entries = body.readIf(SEQUENCE)
  if (entries) readAll(entries, (inside) => readEntries(inside, revoked))
  const extensions = body.readIf(EXTENSIONS)
  if (extensions)
    readAll(extensions, (inside) => inside.enter(SEQUENCE, (each) => expectProcessed(each, PROCESSED, 'it')))
  return { issuer, thisUpdate, nextUpdate, revoked }
}

function readEntries(entries: TlvCursor, revoked: Set<string>): void {
  while (!entries.isAtEnd) {
    entries.enter(SEQUENCE, (entry) => {
      revoked.add(normaliseSerial(writeHex(entry.read(INTEGER))))
      readTime(entry.next())
      const extensions = entry.readIf(SEQUENCE)
      if (extensions) readAll(extensions, (each) => expectProcessed(each, PROCESSED_IN_ENTRY, 'an entry'))
    })
  }
}

/** @throws Error for an extension that must be understood, and is not. */
function expectProcessed(extensions: TlvCursor, processed: ReadonlySet<string>, what: string): void {
  while (!extensions.isAtEnd) {
    extensions.enter(SEQUENCE, (extension) => {
      const id = writeHex(extension.read(OID))
      const isCritical = (extension.readIf(BOOLEAN)?.[0] ?? 0) !== 0
      extension.next()
      if (isCritical && !processed.has(id))
        throw new Error(`${what} has a critical extension that is not processed here (${id})`)
    })
  }
}

/** The identifier of an algorithm, whose parameters are none or NULL in those that we know. */
function readIdentifier(algorithm: TlvCursor): Uint8Array {
  const id = algorithm.read(OID)
  while (!algorithm.isAtEnd) algorithm.next()
  return id
}

/** UTCTime is of 1950 to 2049. @see [RFC 5280, 4.1.2.5] */
function readTime({ tag, value }: { tag: number; value: Uint8Array }): Date {
  const text = Buffer.from(value).toString('latin1')
  const century = tag === UTC_TIME ? (text < '5' ? '20' : '19') : ''
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + text)
  if (!digits || (tag !== UTC_TIME && tag !== TIME)) throw new Error('a time in it is none')
  const [, year, month, day, hour, minute, second] = digits
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(time.getTime())) throw new Error('a time in it is none')
  return time
}

const writeSequence = (content: Uint8Array): Uint8Array => writeTlv(SEQUENCE, content)

function readPem(octets: Uint8Array): Uint8Array {
  const text = Buffer.from(octets.subarray(0, 10)).toString('latin1')
  if (text !== '-----BEGIN') return octets
  const block = /-----BEGIN X509 CRL-----([^-]*)-----END X509 CRL-----/.exec(Buffer.from(octets).toString('latin1'))
  if (!block) throw new Error('it holds no list')
  return new Uint8Array(Buffer.from(block[1] ?? '', 'base64'))
}

/** True when this authority's name and key made the list, and it may make lists. */
export function isListOf({ issuer, signed }: RevocationList, { parsed, x509 }: Certificate): boolean {
  if (!Buffer.from(issuer).equals(Buffer.from(parsed.subjectName.toArrayBuffer()))) return false
  const usage = parsed.getExtension(KeyUsagesExtension)
  if (usage && !(usage.usages & KeyUsageFlags.cRLSign)) return false
  return verify(signed.hash, signed.octets, x509.publicKey, signed.signature)
}
