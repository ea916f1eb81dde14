import {
  constants,
  createECDH,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto'
import { concat, type Octets, readUint, writeHex, writeUint } from '@unlatch/card'
import { writeTlv } from '@unlatch/card/iso7816'
import { demand, Refusal, SW } from '../status-words.ts'

/**
 * Key pairs of a PIV card: RSA on whole blocks, ECDSA on a hash that the host made, ECDH. Node's crypto has no ECDSA over a
 * ready hash, so that one is computed here; it is not constant in time and no card to trust.
 */

// [SP 800-78-5, Table 10]
const RSA_BITS: Readonly<Record<number, number>> = { 5: 3072, 6: 1024, 7: 2048 }
const CURVES: Readonly<Record<number, { name: string; jwk: string; length: number; order: bigint }>> = {
  17: {
    name: 'prime256v1',
    jwk: 'P-256',
    length: 32,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  20: {
    name: 'secp384r1',
    jwk: 'P-384',
    length: 48,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
}

/** True for the algorithms with a curve: P-256 and P-384. */
export const isEllipticCurve = (algorithm: number): boolean => CURVES[algorithm] !== undefined

/** Makes a key pair; returns its private key as PKCS #8, DER, hexadecimal. */
export function generateKeyPair(algorithm: number): string {
  const curve = CURVES[algorithm]
  const { privateKey } = curve
    ? generateKeyPairSync('ec', { namedCurve: curve.name })
    : generateKeyPairSync('rsa', { modulusLength: RSA_BITS[algorithm] ?? 2048 })
  return writeHex(privateKey.export({ type: 'pkcs8', format: 'der' }))
}

/** The value of a public key template: 81 modulus and 82 exponent, or 86 point. [SP 800-73-5 pt 2, 3.3.2] */
export function writePublicKey(privateHex: string): Octets {
  const jwk = createPublicKey(readPrivateKey(privateHex)).export({ format: 'jwk' })
  if (jwk.kty === 'RSA') return concat(writeTlv(0x81, field(jwk, 'n')), writeTlv(0x82, field(jwk, 'e')))
  return writeTlv(0x86, Uint8Array.of(4), field(jwk, 'x'), field(jwk, 'y'))
}

/**
 * The private operation of a signature or decipherment: RSA on a block as long as the modulus; ECDSA on a hash.
 *
 * @throws Refusal `6A80` when the block has another length or is no number below the modulus.
 */
export function applyPrivateKey(algorithm: number, privateHex: string, block: Uint8Array): Octets {
  const key = readPrivateKey(privateHex)
  if (isEllipticCurve(algorithm)) return signHash(algorithm, key, block)
  demand(block.length * 8 === RSA_BITS[algorithm], SW.wrongData)
  try {
    return new Uint8Array(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, block))
  } catch {
    throw new Refusal(SW.wrongData)
  }
}

/**
 * ECDH: the x-coordinate of the agreed point.
 *
 * @throws Refusal `6A80` when the point is not on the key's curve.
 */
export function agree(algorithm: number, privateHex: string, point: Uint8Array): Octets {
  const curve = CURVES[algorithm]
  demand(curve !== undefined && point.length === 1 + 2 * curve.length && point[0] === 4, SW.wrongData)
  const ecdh = createECDH(curve.name)
  ecdh.setPrivateKey(field(readPrivateKey(privateHex).export({ format: 'jwk' }), 'd'))
  try {
    return new Uint8Array(ecdh.computeSecret(point))
  } catch {
    throw new Refusal(SW.wrongData)
  }
}

/** An imported private key of a curve: the scalar, big-endian; `6A80` when it is none. */
export function importScalar(algorithm: number, scalar: Uint8Array): string {
  const curve = CURVES[algorithm]
  demand(curve !== undefined && scalar.length === curve.length, SW.wrongData)
  demand(readUint(scalar) > 0n && readUint(scalar) < curve.order, SW.wrongData)
  const ecdh = createECDH(curve.name)
  ecdh.setPrivateKey(scalar)
  const point = ecdh.getPublicKey()
  const jwk = {
    kty: 'EC',
    crv: curve.jwk,
    d: text(scalar),
    x: text(point.subarray(1, 1 + curve.length)),
    y: text(point.subarray(1 + curve.length)),
  }
  return importJwk(jwk)
}

/** An imported RSA key by its primes, exponent 65537; `6A80` when they are none. */
export function importPrimes(algorithm: number, primes: readonly [Uint8Array, Uint8Array]): string {
  const length = (RSA_BITS[algorithm] ?? 0) / 8
  demand(length > 0 && primes.every((prime) => prime.length === length / 2), SW.wrongData)
  const [p, q] = [readUint(primes[0]), readUint(primes[1])]
  const e = 65537n
  const n = p * q
  const d = invert(e, (p - 1n) * (q - 1n))
  const number = (value: bigint, size: number) => text(writeUint(value, size))
  return importJwk({
    kty: 'RSA',
    n: number(n, length),
    e: 'AQAB',
    d: number(d, length),
    p: number(p, length / 2),
    q: number(q, length / 2),
    dp: number(d % (p - 1n), length / 2),
    dq: number(d % (q - 1n), length / 2),
    qi: number(invert(q, p), length / 2),
  })
}

function importJwk(key: JsonWebKey): string {
  try {
    return writeHex(createPrivateKey({ key, format: 'jwk' }).export({ type: 'pkcs8', format: 'der' }))
  } catch {
    throw new Refusal(SW.wrongData)
  }
}

/** ECDSA over a hash, which is cut to the order's length on the right; DER. [FIPS 186-5, 6.4.1] */
function signHash(algorithm: number, key: KeyObject, hash: Uint8Array): Octets {
  const curve = CURVES[algorithm]
  demand(curve !== undefined && hash.length > 0, SW.wrongData)
  const d = readUint(field(key.export({ format: 'jwk' }), 'd'))
  const e = readUint(hash.subarray(0, curve.length))
  for (;;) {
    const once = createECDH(curve.name)
    const point = once.generateKeys()
    const k = readUint(once.getPrivateKey())
    const r = readUint(point.subarray(1, 1 + curve.length)) % curve.order
    const s = (invert(k, curve.order) * (e + r * d)) % curve.order
    if (r !== 0n && s !== 0n) return writeTlv(0x30, writeInteger(r, curve.length), writeInteger(s, curve.length))
  }
}

function writeInteger(value: bigint, length: number): Octets {
  const octets = writeUint(value, length + 1)
  const start = octets.findIndex((octet, at) => octet !== 0 || (octets[at + 1] ?? 0x80) >= 0x80)
  return writeTlv(0x02, octets.subarray(start))
}

/** The inverse modulo a number; `6A80` when there is none. */
function invert(value: bigint, modulus: bigint): bigint {
  let [r0, r1] = [modulus, value % modulus]
  let [t0, t1] = [0n, 1n]
  while (r1 > 0n) {
    const quotient = r0 / r1
    ;[r0, r1] = [r1, r0 - quotient * r1]
    ;[t0, t1] = [t1, t0 - quotient * t1]
  }
  demand(r0 === 1n, SW.wrongData)
  return t0 < 0n ? t0 + modulus : t0
}

const readPrivateKey = (privateHex: string) =>
  createPrivateKey({ key: Buffer.from(privateHex, 'hex'), type: 'pkcs8', format: 'der' })

const text = (octets: Uint8Array) => Buffer.from(octets).toString('base64url')

function field(jwk: JsonWebKey, name: 'd' | 'e' | 'n' | 'x' | 'y'): Octets {
  return new Uint8Array(Buffer.from(jwk[name] as string, 'base64url'))
}
