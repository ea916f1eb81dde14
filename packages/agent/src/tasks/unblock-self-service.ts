import { writeHex } from '@unlatch/card'
import { type BeginSelfServiceWay, Problem, type SelfServiceView, type SelfServiceWayBegun } from '@unlatch/contract'
import { AdminSessionUnblock } from './admin-session.ts'
import { asProblem } from './card-problems.ts'
import { checkNewPin } from './new-pin.ts'
import type { CardConnection, JournalIntent, JournalOutcome } from './ports.ts'
import { PukUnblock } from './puk-unblock.ts'
import type { CardReading } from './read-card.ts'
import { ReleaseLine } from './release-line.ts'
import { holdCard, type Line, UnblockAttempt } from './unblock-attempt.ts'
import type { ConnectedTools } from './unblock-connected.ts'
import type { AttemptOutcome } from './unblock-way.ts'

/**
 * A holder unblocks his card himself: the card proves itself first, then he chooses a new PIN, shows in another way that it is he,
 * and what the server then releases is opened by this card at this agent alone. Until then nothing on the card changes.
 *
 * @see [security.md, Self-service]; [piv-unblock/v1, Connected unblock of a PIV card]
 */

/** Somebody who is asked on another device, or in a browser, is waited for: the server is asked so often. */
const ASK_MS = 1500
/** Problems of the PIN alone: another one may be typed. */
const ASKED_AGAIN = ['pin-policy', 'last-try', 'pin-refused-by-card']

/** What a holder types to show that it is he. */
export type TypedWay = 'domain' | 'one-time-password' | 'unblock-code'

export class SelfServiceUnblock extends UnblockAttempt<PukUnblock | AdminSessionUnblock> {
  readonly unblockId: string
  readonly #tools: ConnectedTools
  readonly #line: ReleaseLine
  readonly #over: AbortController
  #view: SelfServiceView
  #isReleased = false
  /** The journal says that the card may change from here on: what becomes of it is told by a report. */
  #isActing = false
  #wake: () => void = () => {}
  /** What an answer of the identity provider bears. */
  #state: string | null = null
  /** Told when the holder is to show that it is he; when he did, and the card is asked; and with each way in between. */
  onStep: (step: 'authenticate' | 'working') => void = () => {}

  private constructor(
    tools: ConnectedTools,
    [connection, reading]: [CardConnection, CardReading],
    [line, over]: [ReleaseLine, AbortController],
    [unblockId, view]: [string, SelfServiceView],
  ) {
    super(
      tools,
      connection,
      reading,
      reading.family === 'piv' ? new PukUnblock('puk-refused') : new AdminSessionUnblock(),
    )
    this.#tools = tools
    this.#line = line
    this.#over = over
    this.unblockId = unblockId
    this.#view = view
  }

  /**
   * Takes hold of the card and lets it prove itself to the server. Changes nothing on it, and touches no counter.
   *
   * @throws Problem `self-service-not-allowed`, `self-service-closed`, `card-unknown`, `card-suspended`…: what the server says;
   *   `server-unreachable`; `card-not-blocked`, `no-card`…
   */
  static begin(tools: ConnectedTools, reader: string): Promise<SelfServiceUnblock> {
    return holdCard(tools, reader, false, async (connection, reading) => {
      const { server, keySha256, now } = tools
      const cardUuid = writeHex(reading.cardUuid)
      const over = new AbortController()
      const whenLost = async () => asProblem(await connection.whenEnded) as Problem
      const wish = { server, keySha256, now, cardUuid, reader, whenLost, signal: over.signal }
      const line = await ReleaseLine.open(connection, wish)
      const { unblockId, proof } = await line.insist(() =>
        server.openSelfService({ cardUuid, reader, jobKey: line.jobKey }),
      )
      try {
        const octets = proof && (await line.openProof(unblockId, proof))
        const view = await line.insist(() =>
          server.proveSelfService({ unblockId, ...(octets && { proof: writeHex(octets) }) }),
        )
        return new SelfServiceUnblock(tools, [connection, reading], [line, over], [unblockId, view])
      } catch (error) {
        server.dropUnblock({ unblockId, problem: 'attempt-cancelled' }).catch(() => {})
        throw error
      }
    })
  }

  /** Who the holder is taken for, and what he may show. */
  get view(): SelfServiceView {
    return this.#view
  }

  /**
   * What the holder typed; overwritten.
   *
   * @throws Problem `logon-wrong`, `account-…`, `self-service-tries`…: another try or way may follow; `server-unreachable`.
   */
  async answer(way: TypedWay, secret: Uint8Array): Promise<void> {
    this.#expectAsking()
    try {
      this.#take(await this.#tools.server.answerSelfService(this.unblockId, way, secret))
    } finally {
      secret.fill(0)
    }
  }

  /** Begins a way that is answered elsewhere: where, and by what code. */
  async beginWay(wish: BeginWish): Promise<SelfServiceWayBegun> {
    this.#expectAsking()
    const begun = await this.#tools.server.beginSelfServiceWay({ unblockId: this.unblockId, ...wish })
    this.#state = wish.way === 'identity-provider' ? new URL(begun.url).searchParams.get('state') : null
    this.#take(await this.#tools.server.selfServiceProgress(this.unblockId))
    void this.#follow()
    return begun
  }

  /**
   * An identity provider sent the browser back. What any page may send it with is not passed on: it must bear what was drawn for
   * this question.
   *
   * @throws Problem `input-invalid` for that; `identity-refused`, `identity-answer-invalid`, `identity-provider-unreachable`.
   */
  async finishIdentityProvider(query: string): Promise<void> {
    this.#expectAsking()
    const state = new URLSearchParams(query).get('state')
    if (state === null || state !== this.#state) throw new Problem('input-invalid', { detail: 'not for this question' })
    this.#take(await this.#tools.server.finishIdentityProvider({ unblockId: this.unblockId, query }))
  }

  /**
   * Sets the new PIN, once its holder has shown that it is he. Overwrites it.
   *
   * @throws as the other attempts; `attempt-cancelled`; what the server refuses: the card was not changed.
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

  async #obtain(): Promise<void> {
    const { server } = this.#tools
    const { unblockId } = this
    if (!this.#view.isMet) {
      this.onStep('authenticate')
      await this.#untilMet()
    }
    this.onStep('working')
    await this.#line.insist(() => server.releaseSelfService({ unblockId }))
    await this.#line.collect(unblockId, this.way)
  }

  async #untilMet(): Promise<void> {
    const met = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    const over = new Promise<Problem>((resolve) => {
      const end = () => resolve(new Problem('attempt-cancelled'))
      this.#over.signal.addEventListener('abort', end, { once: true })
    })
    const problem = await Promise.race([met, over, this.whenLost()])
    if (problem) throw problem
  }

  /** Asks how it stands while somebody is asked elsewhere. */
  async #follow(): Promise<void> {
    while (!this.#over.signal.aborted && this.#view.ways.some(({ state }) => state === 'asked')) {
      await pause(ASK_MS)
      if (this.#over.signal.aborted) return
      const view = await this.#tools.server.selfServiceProgress(this.unblockId).catch(() => undefined)
      if (view) this.#take(view)
    }
  }

  #take(view: SelfServiceView): void {
    this.#view = view
    if (view.isMet) this.#wake()
    else this.onStep('authenticate')
  }

  #expectAsking(): void {
    if (this.#over.signal.aborted || this.#view.isMet) throw new Problem('attempt-ended')
  }

  override async end(): Promise<void> {
    if (!this.#over.signal.aborted) {
      this.#over.abort()
      const { server } = this.#tools
      const { unblockId } = this
      if (!this.#isActing) server.dropUnblock({ unblockId, problem: 'attempt-cancelled' }).catch(() => {})
    }
    return super.end()
  }

  protected override expectReady(): void {
    if (!this.#isReleased) throw new Problem('attempt-ended')
  }

  protected override intentOf(line: Line): JournalIntent {
    this.#isActing = true
    return { ...line, unblockId: this.unblockId }
  }

  protected override outcomeOf(line: Line, outcome: AttemptOutcome): JournalOutcome {
    const triesLeft = outcome.code === 'refused' ? outcome.triesLeft : null
    return { ...line, unblockId: this.unblockId, outcome: outcome.code, triesLeft }
  }
}

/** A way that is answered elsewhere, without the attempt that it is of. */
export type BeginWish = DistributiveOmit<BeginSelfServiceWay, 'unblockId'>
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())
