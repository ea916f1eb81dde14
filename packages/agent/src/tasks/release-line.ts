import { createHash, ECDH } from 'node:crypto'
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { readHex, writeHex } from '@unlatch/card'
import { answerMutualChallenge, getMutualChallenge } from '@unlatch/card/gids'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { agree, decipher } from '@unlatch/card/piv'
import { deriveSealKey, writeProofContext, writeSealContext, writeStationContext } from '@unlatch/card/unblock'
import { Problem, type ReleaseStatement, type SealedPuk, writeCanonicalJson } from '@unlatch/contract'
import type { AdminSessionUnblock } from './admin-session.ts'
import type { CardConnection, ServerClient } from './ports.ts'
import { PukUnblock } from './puk-unblock.ts'

/**
 * What the server releases for one card at this agent, on its way to that card: asked for as often as the line breaks, checked
 * against what it was released by, and opened by the card and this attempt's key alone. Nothing on the card changes here.
 *
 * @see [piv-unblock/v1, Connected unblock of a PIV card]; [security.md, Agents]
 */

/** The attempt that it is for. */
export interface ReleaseWish {
  readonly server: ServerClient
  /** SHA-256 of this agent's public key, in hexadecimal. */
  readonly keySha256: string
  readonly now: () => Date
  readonly cardUuid: string
  readonly reader: string
  /** Resolves when the card is lost while it is held. */
  readonly whenLost: () => Promise<Problem>
  /** Fires when nobody wants it any more. */
  readonly signal: AbortSignal
}

/** The agent's pair for one attempt. */
type JobKey = Awaited<ReturnType<DhkemP256HkdfSha256['generateKeyPair']>>

const SUITE = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
/** A server that does not answer is asked again for so long, after such a pause. */
const INSIST_MS = 30_000
const AGAIN_MS = 500

export class ReleaseLine {
  /** The public point of this attempt's key: 65 bytes in hexadecimal. */
  readonly jobKey: string
  readonly #pair: JobKey
  readonly #card: CardConnection
  readonly #wish: ReleaseWish

  private constructor(pair: JobKey, jobKey: string, card: CardConnection, wish: ReleaseWish) {
    this.#pair = pair
    this.jobKey = jobKey
    this.#card = card
    this.#wish = wish
  }

  /** Draws the key of the attempt. */
  static async open(card: CardConnection, wish: ReleaseWish): Promise<ReleaseLine> {
    const pair = await SUITE.kem.generateKeyPair()
    return new ReleaseLine(
      pair,
      writeHex(new Uint8Array(await SUITE.kem.serializePublicKey(pair.publicKey))),
      card,
      wish,
    )
  }

  /** Each of these may be asked again: the server gives the same answer. A line that breaks costs time, and nothing else. */
  async insist<T>(ask: () => Promise<T>): Promise<T> {
    const until = this.#wish.now().getTime() + INSIST_MS
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        const isOver = this.#wish.signal.aborted || this.#wish.now().getTime() > until
        if (!(error instanceof Problem) || error.code !== 'server-unreachable' || isOver) throw error
      }
      const lost = await Promise.race([this.#wish.whenLost(), pause(AGAIN_MS)])
      if (lost) throw lost
    }
  }

  /**
   * Takes what was released to where the card will want it: the PUK into its way, or the card into a session of its admin key.
   *
   * @throws Problem `attempt-ended` for what is not meant for this card here; `seal-not-opened`; `card-swapped`.
   */
  async collect(unblockId: string, way: PukUnblock | AdminSessionUnblock): Promise<void> {
    const { server } = this.#wish
    const round = await this.insist(() => server.collectUnblock({ unblockId }))
    if (round.kind === 'puk') {
      this.#expectMeant(unblockId, round.statement, round.sealed.binding)
      if (!(way instanceof PukUnblock)) throw new Problem('card-swapped')
      way.keep(await this.#openBound(round.sealed, hashOf(round.statement)))
    } else if (round.kind === 'station-puk') {
      this.#expectMeant(unblockId, round.statement, this.jobKey)
      if (!(way instanceof PukUnblock)) throw new Problem('card-swapped')
      const info = writeStationContext(readHex(this.#wish.cardUuid), hashOf(round.statement))
      way.keep(await this.#receive(info, round.sealed))
    } else if (round.kind === 'host-challenge') {
      this.#expectMeant(unblockId, round.statement, round.challenge)
      await this.#authenticate(unblockId, readHex(round.challenge))
    } else throw new Problem('attempt-ended')
  }

  /** What the server sealed for the card to give back, 16 bytes. @throws Problem `seal-not-opened`, `attempt-ended`. */
  openProof(unblockId: string, sealed: SealedPuk): Promise<Uint8Array<ArrayBuffer>> {
    return this.#openBound(sealed, writeProofContext(readHex(this.#wish.cardUuid), unblockId))
  }

  /** @throws Problem `attempt-ended` for a statement about anything but this card at this agent. */
  #expectMeant(unblockId: string, statement: ReleaseStatement, bindingHex: string): void {
    const { cardUuid, reader, keySha256 } = this.#wish
    const isMeant =
      statement.attemptId === unblockId &&
      statement.cardUuid === cardUuid &&
      statement.reader === reader &&
      statement.agentKeySha256 === keySha256 &&
      statement.bindingSha256 === writeHex(sha256(readHex(bindingHex)))
    if (!isMeant) throw new Problem('attempt-ended', { detail: 'something else was released' })
  }

  /** The card makes the key that it is under. Touches no counter. */
  async #openBound(sealed: SealedPuk, info: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const { variant } = sealed
    const binding = readHex(sealed.binding)
    if (variant === 1) expectOnCurve(binding)
    const agreed = await (variant === 1 ? agree(this.#card, binding) : decipher(this.#card, binding))
    const psk = deriveSealKey(nodeCrypto, variant, agreed)
    const id = writeSealContext(variant, readHex(this.#wish.cardUuid))
    try {
      return await this.#receive(info, sealed, { key: bufferOf(psk), id: bufferOf(id) })
    } finally {
      psk.fill(0)
      agreed.fill(0)
    }
  }

  /** Both sides prove the admin key; the server judges the card's answer. A wrong answer may cost a try of the admin key. */
  async #authenticate(unblockId: string, host: Uint8Array): Promise<void> {
    const { server } = this.#wish
    const cardChallenge = writeHex(await getMutualChallenge(this.#card, host))
    const round = await this.insist(() => server.collectUnblock({ unblockId, cardChallenge }))
    if (round.kind !== 'host-answer') throw new Problem('attempt-ended')
    const cardAnswer = writeHex(await answerMutualChallenge(this.#card, readHex(round.answer)))
    await this.insist(() => server.collectUnblock({ unblockId, cardAnswer }))
  }

  /** @throws Problem `seal-not-opened`. */
  async #receive(
    info: Uint8Array,
    { encapsulated, ciphertext }: Pick<SealedPuk, 'encapsulated' | 'ciphertext'>,
    psk?: { key: ArrayBuffer; id: ArrayBuffer },
  ): Promise<Uint8Array<ArrayBuffer>> {
    try {
      const enc = bufferOf(readHex(encapsulated))
      const recipientKey = this.#pair
      const context = await SUITE.createRecipientContext({
        recipientKey,
        enc,
        info: bufferOf(info),
        ...(psk && { psk }),
      })
      return new Uint8Array(await context.open(bufferOf(readHex(ciphertext))))
    } catch (cause) {
      throw new Problem('seal-not-opened', { cause })
    }
  }
}

const hashOf = (statement: ReleaseStatement) => sha256(new TextEncoder().encode(writeCanonicalJson(statement)))

/** @throws Problem `attempt-ended`: a point off the curve would tell something about the card's key. */
function expectOnCurve(point: Uint8Array): void {
  try {
    ECDH.convertKey(point, 'prime256v1')
  } catch (cause) {
    throw new Problem('attempt-ended', { detail: 'the server sent no point of the curve', cause })
  }
}

const sha256 = (octets: Uint8Array) => createHash('sha256').update(octets).digest()
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())
/** The library wants a buffer of its own. */
const bufferOf = (octets: Uint8Array): ArrayBuffer => new Uint8Array(octets).buffer
