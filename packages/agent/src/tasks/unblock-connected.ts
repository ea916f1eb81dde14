import { createHash, ECDH } from 'node:crypto'
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { readHex, writeHex } from '@unlatch/card'
import { answerMutualChallenge, getMutualChallenge } from '@unlatch/card/gids'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { agree, decipher } from '@unlatch/card/piv'
import { deriveSealKey, writeSealContext, writeStationContext } from '@unlatch/card/unblock'
import { type ConnectedStatement, Problem, type SealedPuk, type UnblockJob, writeStatement } from '@unlatch/contract'
import { AdminSessionUnblock } from './admin-session.ts'
import { asProblem } from './card-problems.ts'
import { checkNewPin } from './new-pin.ts'
import type { CardConnection, JournalIntent, JournalOutcome, ServerClient } from './ports.ts'
import { PukUnblock } from './puk-unblock.ts'
import type { CardReading } from './read-card.ts'
import { holdCard, type Line, UnblockAttempt, type UnblockTools } from './unblock-attempt.ts'
import type { AttemptOutcome } from './unblock-way.ts'

/**
 * A card in this computer's reader is unblocked at an operator's wish: its holder types a new PIN here, the operator signs, and
 * what the server then releases is opened by this card at this agent alone. Until then nothing on the card changes.
 *
 * @see [piv-unblock/v1, Connected unblock of a PIV card]; [security.md, The operator's signature]
 */

/** What it takes beside the tools of every unblock. */
export interface ConnectedTools extends UnblockTools {
  readonly server: ServerClient
  /** SHA-256 of this agent's public key, in hexadecimal. */
  readonly keySha256: string
}

/** What is heard of a job while it is done. */
export interface JobNews {
  /** Fires when whoever ordered it wants it no more. */
  readonly signal: AbortSignal
  /** Calls back when something changed; the returned function ends that. */
  onNudge(listener: () => void): () => void
}

/** The agent's pair for one job. */
type JobKey = Awaited<ReturnType<DhkemP256HkdfSha256['generateKeyPair']>>

const SUITE = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
/** A nudge may be lost with the connection: the server is asked anyway. */
const ASK_MS = 3000
/** A server that does not answer is asked again for so long, after such a pause. */
const INSIST_MS = 30_000
const AGAIN_MS = 500
/** Problems of the PIN alone: another one may be typed. */
const ASKED_AGAIN = ['pin-policy', 'last-try', 'pin-refused-by-card']

export class ConnectedUnblock extends UnblockAttempt<PukUnblock | AdminSessionUnblock> {
  readonly job: UnblockJob
  readonly #tools: ConnectedTools
  readonly #news: JobNews
  readonly #held: CardConnection
  /** Told when the holder has done his part, and the operator is to do his. */
  onWaiting: () => void = () => {}
  #isReleased = false

  private constructor(
    tools: ConnectedTools,
    [connection, reading]: [CardConnection, CardReading],
    job: UnblockJob,
    news: JobNews,
  ) {
    super(
      tools,
      connection,
      reading,
      reading.family === 'piv' ? new PukUnblock('puk-refused') : new AdminSessionUnblock(),
    )
    this.#tools = tools
    this.#held = connection
    this.job = job
    this.#news = news
  }

  /**
   * Takes hold of the card that the job names. Changes nothing on it.
   *
   * @throws Problem `card-swapped` when another card is in the reader; `card-not-blocked`, `global-pin`, `no-card`…
   */
  static begin(tools: ConnectedTools, job: UnblockJob, news: JobNews): Promise<ConnectedUnblock> {
    return holdCard(tools, job.reader, false, async (connection, reading) => {
      if (writeHex(reading.cardUuid) !== job.cardUuid) throw new Problem('card-swapped')
      return new ConnectedUnblock(tools, [connection, reading], job, news)
    })
  }

  /**
   * Sets the new PIN, once the operator has signed. Overwrites it.
   *
   * @throws as the attempts by telephone and with the PUC; `attempt-cancelled`; `seal-not-opened`, `card-not-proved`: the card
   *   was not changed.
   */
  override async setNewPin(newPin: Uint8Array, hasConsent: boolean): Promise<{ receipt: string | null }> {
    this.expectOpen()
    try {
      await checkNewPin(this.policy, newPin)
      if ((await this.isLastTry()) && !hasConsent) throw new Problem('last-try')
      if (!this.#isReleased) await this.#obtain()
      this.#isReleased = true
    } catch (error) {
      newPin.fill(0)
      const problem = asProblem(error)
      if (!(problem instanceof Problem) || !ASKED_AGAIN.includes(problem.code)) await this.end()
      throw problem
    }
    return super.setNewPin(newPin, hasConsent)
  }

  /** From the holder's part to what the card needs: by the server's word alone, and only for what it was signed for. */
  async #obtain(): Promise<void> {
    const { server } = this.#tools
    const { unblockId, cardUuid, reader } = this.job
    const pair = await SUITE.kem.generateKeyPair()
    const jobKey = writeHex(new Uint8Array(await SUITE.kem.serializePublicKey(pair.publicKey)))
    await this.#insist(() => server.readyUnblock({ unblockId, cardUuid, reader, jobKey }))
    this.onWaiting()
    await this.#untilSigned()
    const round = await this.#insist(() => server.collectUnblock({ unblockId }))
    if (round.kind === 'puk') {
      this.#expectMeant(round.statement, round.sealed.binding)
      if (!(this.way instanceof PukUnblock)) throw new Problem('card-swapped')
      this.way.keep(await this.#open(pair, round.statement, round.sealed))
    } else if (round.kind === 'station-puk') {
      this.#expectMeant(round.statement, jobKey)
      if (!(this.way instanceof PukUnblock)) throw new Problem('card-swapped')
      this.way.keep(await this.#openAtStation(pair, round.statement, round.sealed))
    } else if (round.kind === 'host-challenge') {
      this.#expectMeant(round.statement, round.challenge)
      await this.#authenticate(readHex(round.challenge))
    } else throw new Problem('attempt-ended')
  }

  /** Each of these may be asked again: the server gives the same answer. A line that breaks costs time, and nothing else. */
  async #insist<T>(ask: () => Promise<T>): Promise<T> {
    const until = this.#tools.now().getTime() + INSIST_MS
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        const isOver = this.#news.signal.aborted || this.#tools.now().getTime() > until
        if (!(error instanceof Problem) || error.code !== 'server-unreachable' || isOver) throw error
      }
      const lost = await Promise.race([this.whenLost(), pause(AGAIN_MS)])
      if (lost) throw lost
    }
  }

  /** Waits for the operator's signature, as long as card and operator do. */
  async #untilSigned(): Promise<void> {
    const { server } = this.#tools
    const { signal, onNudge } = this.#news
    let wake = () => {}
    const end = onNudge(() => wake())
    const lost = this.whenLost()
    try {
      for (;;) {
        const heard = new Promise<void>((resolve) => {
          wake = resolve
          signal.addEventListener('abort', () => resolve(), { once: true })
        })
        if (signal.aborted) throw new Problem('attempt-cancelled')
        const { state } = await server.unblockProgress(this.job.unblockId).catch(() => ({ state: 'unreachable' }))
        if (state === 'authorised') return
        if (state !== 'ready' && state !== 'unreachable') throw new Problem('attempt-cancelled')
        const problem = await Promise.race([lost, heard, pause(ASK_MS)])
        if (problem) throw problem
      }
    } finally {
      end()
    }
  }

  /** @throws Problem `attempt-ended` for a statement about anything but this card at this agent. */
  #expectMeant(statement: ConnectedStatement, bindingHex: string): void {
    const { unblockId, cardUuid, reader } = this.job
    const isMeant =
      statement.attemptId === unblockId &&
      statement.cardUuid === cardUuid &&
      statement.reader === reader &&
      statement.agentKeySha256 === this.#tools.keySha256 &&
      statement.bindingSha256 === writeHex(sha256(readHex(bindingHex)))
    if (!isMeant) throw new Problem('attempt-ended', { detail: 'the operator signed something else' })
  }

  /** The PUK, eight octets: the card makes the key that it is under. Touches no counter. */
  async #open(pair: JobKey, statement: ConnectedStatement, sealed: SealedPuk): Promise<Uint8Array<ArrayBuffer>> {
    const { variant } = sealed
    const binding = readHex(sealed.binding)
    if (variant === 1) expectOnCurve(binding)
    const agreed = await (variant === 1 ? agree(this.#held, binding) : decipher(this.#held, binding))
    const psk = deriveSealKey(nodeCrypto, variant, agreed)
    const id = writeSealContext(variant, readHex(this.job.cardUuid))
    try {
      return await receive(pair, hashOf(statement), sealed, { key: bufferOf(psk), id: bufferOf(id) })
    } finally {
      psk.fill(0)
      agreed.fill(0)
    }
  }

  /** The same for a card that makes no key: this station's job key is all that it is under. */
  #openAtStation(
    pair: JobKey,
    statement: ConnectedStatement,
    sealed: Pick<SealedPuk, 'encapsulated' | 'ciphertext'>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return receive(pair, writeStationContext(readHex(this.job.cardUuid), hashOf(statement)), sealed)
  }

  /** Both sides prove the admin key; the server judges the card's answer. A wrong answer may cost a try of the admin key. */
  async #authenticate(host: Uint8Array): Promise<void> {
    const { server } = this.#tools
    const { unblockId } = this.job
    const cardChallenge = writeHex(await getMutualChallenge(this.#held, host))
    const round = await this.#insist(() => server.collectUnblock({ unblockId, cardChallenge }))
    if (round.kind !== 'host-answer') throw new Problem('attempt-ended')
    const cardAnswer = writeHex(await answerMutualChallenge(this.#held, readHex(round.answer)))
    await this.#insist(() => server.collectUnblock({ unblockId, cardAnswer }))
  }

  protected override expectReady(): void {
    if (!this.#isReleased) throw new Problem('attempt-ended')
  }

  protected override intentOf(line: Line): JournalIntent {
    return { ...line, unblockId: this.job.unblockId }
  }

  protected override outcomeOf(line: Line, outcome: AttemptOutcome): JournalOutcome {
    const triesLeft = outcome.code === 'refused' ? outcome.triesLeft : null
    return { ...line, unblockId: this.job.unblockId, outcome: outcome.code, triesLeft }
  }
}

/** @throws Problem `seal-not-opened`. */
async function receive(
  recipientKey: JobKey,
  info: Uint8Array,
  { encapsulated, ciphertext }: Pick<SealedPuk, 'encapsulated' | 'ciphertext'>,
  psk?: { key: ArrayBuffer; id: ArrayBuffer },
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const enc = bufferOf(readHex(encapsulated))
    const context = await SUITE.createRecipientContext({ recipientKey, enc, info: bufferOf(info), ...(psk && { psk }) })
    return new Uint8Array(await context.open(bufferOf(readHex(ciphertext))))
  } catch (cause) {
    throw new Problem('seal-not-opened', { cause })
  }
}

const hashOf = (statement: ConnectedStatement) => sha256(new TextEncoder().encode(writeStatement(statement)))

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
