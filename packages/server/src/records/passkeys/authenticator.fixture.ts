import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { CeremonyAnswer, CeremonyOptions } from '@unlatch/contract'

/** An authenticator for tests: one P-256 key, a counter, user verification always done. No attestation. [WebAuthn 3, 6] */
export class StagedAuthenticator {
  readonly id = randomBytes(32)
  counter = 0
  /** What it says of the user: present and verified. */
  flags = 0x05
  readonly #origin: string
  readonly #privateKey: KeyObject
  readonly #publicKey: { x: Buffer; y: Buffer }

  constructor(origin: string) {
    this.#origin = origin
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    this.#privateKey = privateKey
    this.#publicKey = { x: Buffer.from(x, 'base64url'), y: Buffer.from(y, 'base64url') }
  }

  /** Makes a passkey, as `navigator.credentials.create` does. */
  create(options: CeremonyOptions, origin = this.#origin): CeremonyAnswer {
    const { x, y } = this.#publicKey
    const key = cborMap([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, x],
      [-3, y],
    ])
    const length = Buffer.from([0, this.id.length])
    const authData = Buffer.concat([
      this.#authenticatorData(origin, this.flags | 0x40),
      Buffer.alloc(16),
      length,
      this.id,
      key,
    ])
    const attestationObject = cborMap([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ])
    const clientDataJSON = this.#clientData('webauthn.create', options.challenge, origin)
    return this.#answer({
      clientDataJSON,
      attestationObject: attestationObject.toString('base64url'),
      transports: ['usb'],
    })
  }

  /** Signs a challenge, as `navigator.credentials.get` does. */
  get(options: CeremonyOptions, origin = this.#origin): CeremonyAnswer {
    this.counter++
    const authenticatorData = this.#authenticatorData(origin, this.flags)
    const clientDataJSON = this.#clientData('webauthn.get', options.challenge, origin)
    const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest()
    const signature = sign('sha256', Buffer.concat([authenticatorData, hash]), this.#privateKey)
    return this.#answer({
      clientDataJSON,
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
    })
  }

  #answer(response: { clientDataJSON: string; [part: string]: unknown }): CeremonyAnswer {
    const id = this.id.toString('base64url')
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} }
  }

  #clientData(type: string, challenge: string, origin: string): string {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })).toString('base64url')
  }

  #authenticatorData(origin: string, flags: number): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.counter)
    const party = createHash('sha256').update(new URL(origin).hostname).digest()
    return Buffer.concat([party, Buffer.from([flags]), counter])
  }
}

/** The little of CBOR that an authenticator writes: integers, octets, text, maps. [RFC 8949] */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value)
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Map) return cborMap([...value])
  throw new TypeError('no CBOR of ours')
}

const cborMap = (entries: readonly (readonly [unknown, unknown])[]): Buffer =>
  Buffer.concat([head(5, entries.length), ...entries.flatMap((entry) => entry.map(cbor))])

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value])
  if (value < 256) return Buffer.from([(major << 5) | 24, value])
  return Buffer.from([(major << 5) | 25, value >> 8, value & 0xff])
}
