import { randomUUID } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import { type PinPolicy, Problem } from '@unlatch/contract'
import { asProblem, asReadingProblem } from './card-problems.ts'
import { checkNewPin } from './new-pin.ts'
import {
  type CardConnection,
  type CardReaders,
  type Configuration,
  type Journal,
  type JournalIntent,
  type JournalOutcome,
  ReaderError,
} from './ports.ts'
import { type CardReading, readCard } from './read-card.ts'
import type { AttemptOutcome, PinWay } from './unblock-way.ts'

/**
 * What every unblock at this computer shares, by telephone or with the PUC. The card is held from the beginning to the end;
 * whatever ends it before leaves the card as it was.
 *
 * Rules: nothing that a person can get wrong reaches the card; the journal has the intent on the disk before the card may
 * change and the outcome after; RESET RETRY COUNTER is never sent twice blindly.
 */

/** What the caller of a task hands it. */
export interface UnblockTools {
  readonly readers: CardReaders
  readonly journal: Journal
  readonly configuration: Configuration
  readonly now: () => Date
}

/**
 * Takes hold of the card and reads it, for an attempt that `prepare` makes. Changes nothing on the card, and lets it go when
 * something is refused.
 *
 * @param force - also for a card whose PIN is not blocked.
 * @throws Problem `card-not-blocked`, `global-pin`, `card-not-supported`, `no-card`, `reader-in-use`…
 */
export async function holdCard<Attempt>(
  { readers }: UnblockTools,
  reader: string,
  force: boolean,
  prepare: (connection: CardConnection, reading: CardReading) => Promise<Attempt>,
): Promise<Attempt> {
  let connection: CardConnection | undefined
  try {
    connection = await readers.connect(reader)
    const reading = await readCard(connection)
    if (!reading.isBlocked && !force) {
      const facts = reading.triesLeft === undefined ? {} : { triesLeft: reading.triesLeft }
      throw new Problem('card-not-blocked', { facts })
    }
    if (reading.isGlobalPin) throw new Problem('global-pin')
    return await prepare(connection, reading)
  } catch (error) {
    await connection?.disconnect()
    throw asReadingProblem(error)
  }
}

/** One attempt at a card that is held. */
export abstract class UnblockAttempt<Way extends PinWay> {
  readonly attemptId = randomUUID()
  readonly reading: CardReading
  readonly way: Way
  /** The rules for the new PIN: the organisation's, until the card's own are known. */
  policy: PinPolicy
  readonly #connection: CardConnection
  readonly #tools: UnblockTools
  #isEnded = false
  /** A command that changes the card is under way: nothing else may begin. */
  #isActing = false
  #lost: ReaderError | undefined

  protected constructor(tools: UnblockTools, connection: CardConnection, reading: CardReading, way: Way) {
    this.#tools = tools
    this.policy = tools.configuration.pinPolicy
    this.#connection = connection
    this.reading = reading
    this.way = way
    void connection.whenEnded.then((error) => {
      this.#lost = error
    })
  }

  /** Resolves when the card is lost while it is held: removed, or used by another program. Nothing on it is lost. */
  async whenLost(): Promise<Problem> {
    const error = await this.#connection.whenEnded
    return asProblem(error) as Problem
  }

  /** True when the next command may be the last try that the card has: its holder is asked before. */
  isLastTry(): Promise<boolean> {
    this.expectOpen()
    return this.way.isLastTry(this.#connection)
  }

  /** What must be here before a new PIN; throws its problem while it is not. */
  protected abstract expectReady(): void
  /** What the journal says before the card may change, and after. */
  protected abstract intentOf(line: Line): JournalIntent
  protected abstract outcomeOf(line: Line, outcome: AttemptOutcome): JournalOutcome

  /**
   * Sets the new PIN. Overwrites it.
   *
   * @param hasConsent - the holder agreed to spend the card's last try.
   * @returns the receipt to read out, where there is one; the new PIN was proved afterwards.
   * @throws Problem `pin-policy`, `last-try`: nothing has happened, ask again; `pin-refused-by-card`: the same; anything
   *   else ends the attempt, with `receipt` among its facts where there is one.
   */
  async setNewPin(newPin: Uint8Array, hasConsent: boolean): Promise<{ receipt: string | null }> {
    this.expectOpen()
    this.expectReady()
    this.#isActing = true
    try {
      await checkNewPin(this.policy, newPin)
      const isLastTry = await this.way.isLastTry(this.#connection)
      if (this.#lost) throw this.#lost
      if (isLastTry && !hasConsent) throw new Problem('last-try')
      await this.#tools.journal.intend(this.intentOf(this.#line()))
      const receipt = await this.#actAndSettle(newPin)
      return { receipt }
    } catch (error) {
      if (error instanceof Problem) throw error
      await this.end()
      throw asProblem(error)
    } finally {
      this.#isActing = false
      newPin.fill(0)
    }
  }

  async #actAndSettle(newPin: Uint8Array): Promise<string | null> {
    try {
      await this.way.setPin(this.#connection, newPin)
    } catch (error) {
      const { outcome, problem } = this.way.judge(error)
      if (problem.code === 'pin-refused-by-card') throw problem
      await this.#settle(outcome)
      const receipt = this.way.receipt(outcome)
      await this.end()
      throw new Problem(problem.code, { facts: { ...problem.facts, ...(receipt && { receipt }) }, cause: error })
    }
    await this.#settle({ code: 'unblocked' })
    const receipt = this.way.receipt({ code: 'unblocked' })
    try {
      await this.way.verify(this.#connection, newPin)
      return receipt
    } catch (cause) {
      // Lost after it said yes: the PIN is set. A card that says yes and then refuses the PIN is not to be believed.
      if (cause instanceof ReaderError) throw unproved(receipt, cause)
      await this.#settle({ code: 'unknown' })
      throw unproved(this.way.receipt({ code: 'unknown' }), cause)
    } finally {
      await this.end()
    }
  }

  /** Forgets what is secret and lets the card go. Nothing more can be done with this attempt. */
  async end(): Promise<void> {
    if (this.#isEnded) return
    this.#isEnded = true
    await this.#connection.disconnect()
    this.way.forget()
  }

  protected expectOpen(): void {
    if (this.#isEnded || this.#isActing) throw new Problem('attempt-ended')
  }

  #settle(outcome: AttemptOutcome): Promise<void> {
    return this.#tools.journal.settle(this.outcomeOf(this.#line(), outcome))
  }

  #line(): Line {
    const at = this.#tools.now().toISOString()
    return { attemptId: this.attemptId, cardUuid: writeHex(this.reading.cardUuid), at }
  }
}

/** What every line of the journal has. */
export interface Line {
  readonly attemptId: string
  readonly cardUuid: string
  readonly at: string
}

/** The new PIN could not be proved afterwards. */
const unproved = (receipt: string | null, cause: unknown) =>
  new Problem('outcome-unknown', { facts: receipt ? { receipt } : {}, cause })
