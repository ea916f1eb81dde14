import { constants, createECDH, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { ascii, isEqual, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { deriveSealKey, type Variant, writeSealContext, writeStationContext } from '@unlatch/card/unblock'
import type { Clock } from '../../ports/clock.ts'
import { KeyServiceError, type SealedSecret, type SealTarget } from '../../ports/key-service.ts'

/**
 * PUKs on their way to a card that is in a reader: under the agent's job key, and under what this card's key 9E alone can make
 * of a binding that is fresh for each attempt. At a station, for a card without such a key, under the job key alone.
 *
 * @see [piv-unblock/v1, Connected unblock of a PIV card]; [RFC 9180, 5.1.2]
 */
export interface Seals {
  /** @param key - the card's 9E public key: a point, or an RSA modulus (256 bytes) and exponent. */
  prepare(cardUuid: Uint8Array, variant: Variant, key: Uint8Array): Uint8Array
  seal(cardUuid: Uint8Array, plain: Uint8Array, target: SealTarget): Promise<SealedSecret>
  /** Under the job key alone. */
  sealForStation(
    cardUuid: Uint8Array,
    puk: string,
    target: Pick<SealTarget, 'jobKey' | 'info'>,
  ): Promise<Omit<SealedSecret, 'variant'>>
}

/** A binding is of use for so long: as an attempt at a card may last. */
const LIFETIME_MS = 10 * 60_000
/** Bindings that are remembered: far more than cards are unblocked at once. */
const MOST = 10_000
const MODULUS_LENGTH = 256

const SUITE = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

interface Binding {
  readonly cardUuid: Uint8Array
  readonly variant: Variant
  readonly psk: Uint8Array<ArrayBuffer>
  readonly until: number
}

/** Remembers bindings in memory alone: a server that was restarted draws new ones. */
export function openSeals(clock: Clock): Seals {
  const bindings = new Map<string, Binding>()

  /** Those that are over make room; the oldest do where there are too many. */
  function remember(binding: Uint8Array, about: Omit<Binding, 'until'>): void {
    const now = clock.now().getTime()
    for (const [other, { until }] of bindings) {
      if (until > now && bindings.size < MOST) break
      bindings.delete(other)
    }
    bindings.set(writeHex(binding), { ...about, until: now + LIFETIME_MS })
  }

  function expectBinding(cardUuid: Uint8Array, binding: Uint8Array): Binding {
    const found = bindings.get(writeHex(binding))
    if (!found || found.until <= clock.now().getTime() || !isEqual(found.cardUuid, cardUuid)) {
      throw new KeyServiceError('permit', 'nothing was prepared for this card')
    }
    return found
  }

  return {
    prepare(cardUuid, variant, key) {
      const { binding, agreed } = variant === 1 ? bindByPoint(key) : bindByModulus(key)
      const psk = deriveSealKey(nodeCrypto, variant, agreed)
      remember(binding, { cardUuid, variant, psk })
      return binding
    },

    async seal(cardUuid, plain, { binding, jobKey, info }) {
      const { variant, psk } = expectBinding(cardUuid, binding)
      const id = writeSealContext(variant, cardUuid)
      return { variant, ...(await send(plain, jobKey, info, { key: octetsOf(psk), id: octetsOf(id) })) }
    },

    sealForStation: (cardUuid, puk, { jobKey, info }) => send(ascii(puk), jobKey, writeStationContext(cardUuid, info)),
  }
}

async function send(
  plain: Uint8Array,
  jobKey: Uint8Array,
  info: Uint8Array,
  psk?: { key: ArrayBuffer; id: ArrayBuffer },
): Promise<Omit<SealedSecret, 'variant'>> {
  const recipientPublicKey = await SUITE.kem.importKey('raw', octetsOf(jobKey), true)
  const sender = await SUITE.createSenderContext({ recipientPublicKey, info: octetsOf(info), ...(psk && { psk }) })
  const ciphertext = await sender.seal(octetsOf(plain))
  return { encapsulated: new Uint8Array(sender.enc), ciphertext: new Uint8Array(ciphertext) }
}

/** A fresh pair e, E = eG: the card agrees with E as the server agrees with the card's point. */
function bindByPoint(cardPoint: Uint8Array): { binding: Uint8Array; agreed: Uint8Array } {
  const pair = createECDH('prime256v1')
  const binding = pair.generateKeys()
  return { binding, agreed: pair.computeSecret(cardPoint) }
}

/** A random r in [2, n-2], y = r^e mod n: only the card's private key leads back from y. */
function bindByModulus(key: Uint8Array): { binding: Uint8Array; agreed: Uint8Array } {
  if (key.length <= MODULUS_LENGTH) {
    throw new KeyServiceError('sealed-key', 'the public key of this card is not on record: issue it again at a station')
  }
  const [modulus, exponent] = [key.subarray(0, MODULUS_LENGTH), key.subarray(MODULUS_LENGTH)]
  const jwk = {
    kty: 'RSA',
    n: Buffer.from(modulus).toString('base64url'),
    e: Buffer.from(exponent).toString('base64url'),
  }
  const agreed = randomBytes(MODULUS_LENGTH)
  // Smaller than any modulus of 2048 bits, and never 0 or 1.
  agreed[0] = 0
  agreed[1] = (agreed[1] as number) | 1
  const binding = publicEncrypt(
    { key: createPublicKey({ key: jwk, format: 'jwk' }), padding: constants.RSA_NO_PADDING },
    agreed,
  )
  return { binding, agreed }
}

/** The library wants a buffer of its own. */
const octetsOf = (octets: Uint8Array): ArrayBuffer => new Uint8Array(octets).buffer
