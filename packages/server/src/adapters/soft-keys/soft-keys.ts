import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  randomBytes,
  sign,
} from 'node:crypto'
import { join } from 'node:path'
import { ascii, isEqual, KEY_LENGTH, writeHex } from '@unlatch/card'
import { nodeCrypto as crypto } from '@unlatch/card/node-crypto'
import { POINT_LENGTH } from '@unlatch/card/piv'
import {
  type AttemptKeys,
  answerChallenge,
  CARD_PROOF_LENGTH,
  deriveAttemptKeys,
  deriveGidsAdminKey,
  derivePuk,
  deriveWrapKey,
  isCardAnswer,
  isChallengeOf,
  maskPuk,
  mayUsePuk,
  readNonce,
  readReceipt,
  type Variant,
  writeHostAnswer,
  writeProofContext,
  writeRehearsal,
  writeWrapContext,
} from '@unlatch/card/unblock'
import type { Clock } from '../../ports/clock.ts'
import {
  type AdminKeyCard,
  type KeyService,
  KeyServiceError,
  type Permit,
  type PukRef,
  type ReleasePermit,
  type ReleaseTicket,
  type SealedCard,
  type StationPermit,
} from '../../ports/key-service.ts'
import { Journal } from './journal.ts'
import { importedKindOf, importedLabelOf, labelOf, pukOfCard, writeKeyCommand } from './key-commands.ts'
import { type KeyProtection, openKeyStore } from './key-store.ts'
import { openOneTime } from './one-time.ts'
import { openSeals } from './seals.ts'
import { openUnblockKey } from './unblock-keys.ts'

/** Where the software key service keeps its files, how it opens them, and how much it gives out in an hour. */
export interface SoftKeysOptions {
  readonly folder: string
  readonly protection: KeyProtection
  readonly clock: Clock
  readonly releasesPerHour: number
}

const CARD_KEY_LABEL = 'unlatch/9e/v1'
/** A card's 9E key is sealed once; a card that gets another becomes another card. */
const CARD_KEY_GENERATION = { epoch: 0, counter: 1 }
const CODE_LABEL = 'unlatch/code/v1'
const PROOF_LABEL = 'unlatch/card-proof/v1'
const CONNECTION_LABEL = 'unlatch/connection/v1'
/** A connection's secret is sealed anew with each change. */
const CONNECTION_GENERATION = { epoch: 0, counter: 1 }
/** What another system gave a card comes before the first generation of ours. */
const IMPORTED_GENERATION = { epoch: 0, counter: 0 }
const PUK_LENGTH = 8
const Z_LENGTH = 32
const IV_LENGTH = 12
const TAG_LENGTH = 16
const HOUR_MS = 3_600_000
const MATCHED_LIMIT = 32

/**
 * The key service in software: for trial, and for organisations without an HSM. Its guard stops bugs and pages, not a
 * compromised server process.
 */
export async function openSoftKeys(options: SoftKeysOptions): Promise<KeyService> {
  const store = await openKeyStore(join(options.folder, 'keys.json'), options.protection)
  const journal = new Journal(join(options.folder, 'journal.jsonl'))
  const unblockKeys = store.unblockKeys.map(openUnblockKey)
  const configurationKey = createPrivateKey({ key: store.configurationKey, format: 'der', type: 'pkcs8' })
  const wrapOctets = deriveWrapKey(crypto, store.master)
  const wrapKey = createSecretKey(wrapOctets)
  wrapOctets.fill(0)
  const codeKey = createSecretKey(createHmac('sha256', store.master).update(CODE_LABEL).digest())
  const proofKey = createSecretKey(createHmac('sha256', store.master).update(PROOF_LABEL).digest())
  const gate = new HourlyGate(options.clock, options.releasesPerHour)
  /** A batch of new cards must not keep callers from their cryptograms. */
  const pucGate = new HourlyGate(options.clock, options.releasesPerHour)

  /** What a card is to give back in this attempt: kept nowhere, and the same after a restart. */
  const proofOf = (cardUuid: Uint8Array, attempt: string) =>
    createHmac('sha256', proofKey).update(cardUuid).update(attempt).digest().subarray(0, CARD_PROOF_LENGTH)

  function seal(context: Uint8Array, ...parts: Uint8Array[]): string {
    const iv = randomBytes(IV_LENGTH)
    const cipher = createCipheriv('aes-256-gcm', wrapKey, iv).setAAD(context)
    const sealed = Buffer.concat([...parts.map((part) => cipher.update(part)), cipher.final()])
    return Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString('base64')
  }

  function open(context: Uint8Array, sealed: string): Buffer {
    const blob = Buffer.from(sealed, 'base64')
    try {
      const decipher = createDecipheriv('aes-256-gcm', wrapKey, blob.subarray(0, IV_LENGTH))
      decipher.setAAD(context).setAuthTag(blob.subarray(-TAG_LENGTH))
      return Buffer.concat([decipher.update(blob.subarray(IV_LENGTH, -TAG_LENGTH)), decipher.final()])
    } catch (cause) {
      throw new KeyServiceError('sealed-key', 'what is sealed for this card does not open', { cause })
    }
  }

  const cardKeyContext = (cardUuid: Uint8Array) => writeWrapContext(cardUuid, CARD_KEY_LABEL, CARD_KEY_GENERATION)
  const importedContext = (cardUuid: Uint8Array, secret: Parameters<typeof importedLabelOf>[0]) =>
    writeWrapContext(cardUuid, importedLabelOf(secret), IMPORTED_GENERATION)

  const connectionContext = (id: string) =>
    writeWrapContext(crypto.sha256(ascii(id)).subarray(0, 16), CONNECTION_LABEL, CONNECTION_GENERATION)

  function openSealedKey({ cardUuid, sealedKey }: SealedCard): { variant: Variant; octets: Buffer } {
    const plain = open(cardKeyContext(cardUuid), sealedKey)
    return { variant: plain[0] as Variant, octets: plain.subarray(1) }
  }

  const seals = openSeals(options.clock)

  function prepareSeal(card: SealedCard): Uint8Array {
    const { variant, octets } = openSealedKey(card)
    return seals.prepare(card.cardUuid, variant, variant === 1 ? octets : octets.subarray(Z_LENGTH))
  }

  /** Nothing leaves for somebody whom nobody verified, or too long ago. */
  function expectTicket({ id, ways, cardUuid, notAfter }: ReleaseTicket, of: Uint8Array): void {
    const isGood =
      id !== '' && ways.length > 0 && isEqual(cardUuid, of) && Date.parse(notAfter) > options.clock.now().getTime()
    if (!isGood) throw new KeyServiceError('permit', `no ticket for card ${writeHex(of)}`)
  }

  function expectVerified(permit: ReleasePermit, cardUuid: Uint8Array): void {
    expectPermit(permit, cardUuid)
    expectTicket(permit.ticket, cardUuid)
  }

  /** True where a secret is the one that was sealed; one that was sealed for something else is not. */
  function isSealed(secret: Uint8Array, context: Uint8Array, sealed: string): boolean {
    try {
      return isEqual(open(context, sealed), secret)
    } catch {
      return false
    }
  }

  /** The attempt keys under each unblock key, newest first; for variant 2 they do not depend on it. */
  function* attemptKeys(card: SealedCard, nonce: Uint8Array): Generator<{ id: string; keys: AttemptKeys }> {
    const { variant, octets } = openSealedKey(card)
    if (variant === 2) {
      const z = octets.subarray(0, Z_LENGTH)
      yield { id: 'none', keys: deriveAttemptKeys(crypto, z, nonce, variant, card.cardUuid) }
      return
    }
    for (const key of unblockKeys) {
      yield { id: key.id, keys: deriveAttemptKeys(crypto, key.agree(octets), nonce, variant, card.cardUuid) }
    }
  }

  /** Challenges that matched a moment ago: what is checked is released next, and agreed on once. */
  const matched = new Map<string, { id: string; keys: AttemptKeys }>()

  function findAttemptKeys(card: SealedCard, challenge: string): { id: string; keys: AttemptKeys } | undefined {
    const name = `${challenge}/${writeHex(card.cardUuid)}/${card.sealedKey}`
    const known = matched.get(name)
    if (known) return known
    for (const attempt of attemptKeys(card, readNonce(challenge))) {
      if (!isChallengeOf(crypto, attempt.keys, challenge)) continue
      const [oldest] = matched.keys()
      if (oldest !== undefined && matched.size >= MATCHED_LIMIT) matched.delete(oldest)
      matched.set(name, attempt)
      return attempt
    }
    return undefined
  }

  const pukOf = (cardUuid: Uint8Array, puk: PukRef) => pukOfCard(store.master, cardUuid, puk)

  const adminKeyOf = ({ cardUuid, cipher, generation }: AdminKeyCard) =>
    deriveGidsAdminKey(crypto, store.master, cipher, cardUuid, generation)

  return {
    unblockPoints: unblockKeys.map(({ point }) => point),
    configurationKey: Buffer.from(createPublicKey(configurationKey).export({ format: 'jwk' }).x as string, 'base64url'),
    signClientConfiguration: async (document) => sign(null, document, configurationKey),

    async checkChallenge(card, challenge) {
      const found = findAttemptKeys(card, challenge)
      return found && { unblockKeyId: found.id }
    },

    async releaseCryptogram(permit, card, puk, challenge) {
      expectVerified(permit, card.cardUuid)
      const found = findAttemptKeys(card, challenge)
      if (!found) throw new KeyServiceError('permit', 'the challenge is not of this card')
      gate.pass()
      return maskPuk(crypto, found.keys, pukOf(card.cardUuid, puk))
    },

    async checkReceipt(card, release, receipt) {
      for (const { id, keys } of attemptKeys(card, readNonce(release.challenge))) {
        if (id !== release.unblockKeyId) continue
        const cryptogram = ascii(maskPuk(crypto, keys, pukOf(card.cardUuid, release.puk)))
        try {
          return readReceipt(crypto, keys, cryptogram, receipt)
        } catch {
          return undefined
        }
      }
      return undefined
    },

    prepareSeal: async (card) => prepareSeal(card),

    async sealCardProof(card, jobKey, attempt) {
      const binding = prepareSeal(card)
      const octets = proofOf(card.cardUuid, attempt)
      const info = writeProofContext(card.cardUuid, attempt)
      return { binding, ...(await seals.seal(card.cardUuid, octets, { binding, jobKey, info })) }
    },

    async checkCardProof({ cardUuid }, attempt, octets) {
      return isEqual(proofOf(cardUuid, attempt), octets)
    },

    async sealPuk(permit, card, puk, seal) {
      expectVerified(permit, card.cardUuid)
      gate.pass()
      return seals.seal(card.cardUuid, ascii(pukOf(card.cardUuid, puk)), seal)
    },

    async sealPukAtStation(permit, puk, seal) {
      expectStation(permit)
      expectVerified(permit, permit.cardUuid)
      gate.pass()
      return seals.sealForStation(permit.cardUuid, pukOf(permit.cardUuid, puk), seal)
    },

    async answerMutually(permit, card, challenges) {
      expectVerified(permit, card.cardUuid)
      gate.pass()
      return writeHostAnswer(crypto, adminKeyOf(card), challenges)
    },

    async proveCard(card, challenges, answer) {
      return isCardAnswer(crypto, adminKeyOf(card), challenges, answer)
    },

    async answerAdminChallenge(permit, card, block) {
      expectVerified(permit, card.cardUuid)
      gate.pass()
      return answerChallenge(crypto, card.cipher, adminKeyOf(card), block)
    },

    async keyCommand(permit, order, imported) {
      expectStation(permit)
      const kind = importedKindOf(order)
      const secret = kind && open(importedContext(permit.cardUuid, kind), imported ?? '')
      if ('to' in order) {
        const purpose = labelOf(order)
        journal.append({ cardUuid: permit.cardUuid, purpose, generation: order.to, at: options.clock.now() })
      }
      const command = writeKeyCommand(store.master, permit.cardUuid, order, secret)
      secret?.fill(0)
      return command
    },

    async rotatePuk(permit, change) {
      expectPermit(permit, permit.cardUuid)
      gate.pass()
      const order = { kind: 'piv-change-puk', ...change } as const
      const { cardUuid } = permit
      journal.append({ cardUuid, purpose: labelOf(order), generation: change.to, at: options.clock.now() })
      return writeKeyCommand(store.master, cardUuid, order)
    },

    async importSecret(permit, secret, refused) {
      expectStation(permit)
      gate.pass()
      const length = secret.kind === 'piv-puk' ? PUK_LENGTH : KEY_LENGTH[secret.cipher]
      if (secret.octets.length !== length) throw new RangeError(`a secret of ${length} octets`)
      const context = importedContext(permit.cardUuid, secret)
      if (refused.some((sealed) => isSealed(secret.octets, context, sealed))) {
        throw new KeyServiceError('refused-before', 'the card refused this secret already')
      }
      return seal(context, secret.octets)
    },

    async revealPuc(permit, puk) {
      if (!permit.recordId || !permit.to) throw new KeyServiceError('permit', 'nobody may know this PUC')
      if (permit.ticket !== null) expectTicket(permit.ticket, permit.cardUuid)
      pucGate.pass()
      return pukOf(permit.cardUuid, puk)
    },

    async releaseUnblockCodes(permit, codes) {
      if (!permit.recordId || !permit.to || permit.ticket === null) {
        throw new KeyServiceError('permit', 'nobody may know these codes')
      }
      expectTicket(permit.ticket, permit.cardUuid)
      pucGate.pass()
      return codes
    },

    macCode: async (context, code) =>
      createHmac('sha256', codeKey)
        .update(JSON.stringify([context, code]))
        .digest(),

    ...openOneTime({ seal, open }),

    wrapConnectionSecret: async (id, secret) => seal(connectionContext(id), Buffer.from(secret)),
    useConnectionSecret: async (id, sealed) => open(connectionContext(id), sealed).toString(),

    async nextPukGeneration(cardUuid, after) {
      const previous = after.counter === 0 ? undefined : derivePuk(crypto, store.master, cardUuid, after)
      const { epoch } = journal
      let next = epoch > after.epoch ? { epoch, counter: 1 } : { epoch: after.epoch, counter: after.counter + 1 }
      while (!mayUsePuk(derivePuk(crypto, store.master, cardUuid, next), previous)) {
        next = { epoch: next.epoch, counter: next.counter + 1 }
      }
      return next
    },

    async sealCardKey(permit, key) {
      // Only a point of the curve agrees with anything.
      if (key.variant === 1) {
        if (key.octets.length !== POINT_LENGTH) throw new RangeError('not an uncompressed point')
        unblockKeys[0]?.agree(key.octets)
      }
      return seal(cardKeyContext(permit.cardUuid), Uint8Array.of(key.variant), key.octets)
    },

    async checkRehearsal(card, nonce, answer) {
      for (const { keys } of attemptKeys(card, nonce)) {
        if (isEqual(writeRehearsal(crypto, keys), answer)) return true
      }
      return false
    },

    journalled: async () => journal.highest(),
    journalState: async () => journal.state,
    countStart: async () => journal.countStart(options.clock.now()),
    raiseEpoch: async () => journal.raiseEpoch(options.clock.now()),

    async close() {
      journal.close()
      store.master.fill(0)
    },
  }
}

function expectStation(permit: StationPermit): void {
  if (!permit.recordId || !permit.station) throw new KeyServiceError('permit', 'no station asked for this')
}

function expectPermit(permit: Permit, cardUuid: Uint8Array): void {
  if (!permit.recordId || !permit.unblockId || !isEqual(permit.cardUuid, cardUuid)) {
    throw new KeyServiceError('permit', `no permit for card ${writeHex(cardUuid)}`)
  }
}

/** Counts what leaves, per hour, and stops at a ceiling: a runaway is noticed while it is small. */
class HourlyGate {
  readonly #clock: Clock
  readonly #ceiling: number
  #hour = 0
  #count = 0

  constructor(clock: Clock, ceiling: number) {
    this.#clock = clock
    this.#ceiling = ceiling
  }

  pass(): void {
    const hour = Math.floor(this.#clock.now().getTime() / HOUR_MS)
    // A clock that is set back opens no second hour.
    if (hour > this.#hour) {
      this.#hour = hour
      this.#count = 0
    }
    if (++this.#count > this.#ceiling) throw new KeyServiceError('ceiling', `more than ${this.#ceiling} in an hour`)
  }
}
