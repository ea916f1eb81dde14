import { writeHex } from '@unlatch/card'
import { Problem, type UnblockJob } from '@unlatch/contract'
import { AdminSessionUnblock } from './admin-session.ts'
import { asProblem } from './card-problems.ts'
import { checkNewPin } from './new-pin.ts'
import type { CardConnection, JournalIntent, JournalOutcome, ServerClient } from './ports.ts'
import { PukUnblock } from './puk-unblock.ts'
import type { CardReading } from './read-card.ts'
import { ReleaseLine } from './release-line.ts'
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

/** A nudge may be lost with the connection: the server is asked anyway. */
const ASK_MS = 3000
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
    const { server, keySha256, now } = this.#tools
    const { unblockId, cardUuid, reader } = this.job
    const { signal } = this.#news
    const whenLost = () => this.whenLost()
    const line = await ReleaseLine.open(this.#held, { server, keySha256, now, cardUuid, reader, whenLost, signal })
    await line.insist(() => server.readyUnblock({ unblockId, cardUuid, reader, jobKey: line.jobKey }))
    this.onWaiting()
    await this.#untilSigned()
    await line.collect(unblockId, this.way)
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

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())
