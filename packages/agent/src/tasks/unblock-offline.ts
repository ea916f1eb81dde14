import { randomUUID } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import { Problem } from '@unlatch/contract'
import { asProblem, asReadingProblem } from './card-problems.ts'
import { GidsUnblock } from './gids-unblock.ts'
import { MaskedPukUnblock } from './masked-puk-unblock.ts'
import { checkNewPin } from './new-pin.ts'
import { type CardConnection, type CardReaders, type Configuration, type Journal, ReaderError } from './ports.ts'
import { type CardReading, readCard } from './read-card.ts'
import type { AttemptOutcome, UnblockWay } from './unblock-way.ts'

/**
 * An unblock without a network: challenge, telephone call, cryptogram, new PIN. The card is held from the challenge to the
 * end; whatever ends it before leaves the card as it was.
 *
 * Rules: nothing that a person can get wrong reaches the card; the journal has the intent on the disk before the card may
 * change and the outcome after; RESET RETRY COUNTER is never sent twice blindly.
 */

/** What the caller of a task hands it. */
export interface OfflineTools {
  readonly readers: CardReaders
  readonly journal: Journal
  readonly configuration: Configuration
  readonly now: () => Date
}

/** Wrong entries of a cryptogram that end an attempt. [piv-unblock/v1, The run, 3] */
const WRONG_ENTRIES = 5

/** One attempt: from the challenge to its end. */
export class OfflineUnblock {
  readonly attemptId = randomUUID()
  readonly reading: CardReading
  readonly way: UnblockWay
  readonly #connection: CardConnection
  readonly #tools: OfflineTools
  #entriesLeft = WRONG_ENTRIES
  #isAccepted = false
  #isEnded = false
  /** A command that changes the card is under way: nothing else may begin. */
  #isActing = false
  #lost: ReaderError | undefined

  private constructor(tools: OfflineTools, connection: CardConnection, reading: CardReading, way: UnblockWay) {
    this.#tools = tools
    this.#connection = connection
    this.reading = reading
    this.way = way
    void connection.whenEnded.then((error) => {
      this.#lost = error
    })
  }

  /**
   * Takes hold of the card and draws a challenge. Changes nothing on the card.
   *
   * @param force - also for a card whose PIN is not blocked.
   * @throws Problem `card-not-blocked`, `global-pin`, `card-not-supported`, `no-card`, `reader-in-use`…
   */
  static async begin(tools: OfflineTools, reader: string, force = false): Promise<OfflineUnblock> {
    let connection: CardConnection | undefined
    try {
      connection = await tools.readers.connect(reader)
      const reading = await readCard(connection)
      if (!reading.isBlocked && !force) {
        const facts = reading.triesLeft === undefined ? {} : { triesLeft: reading.triesLeft }
        throw new Problem('card-not-blocked', { facts })
      }
      if (reading.isGlobalPin) throw new Problem('global-pin')
      const way =
        reading.family === 'piv'
          ? await MaskedPukUnblock.prepare(connection, reading, tools.configuration)
          : await GidsUnblock.prepare(connection, reading)
      return new OfflineUnblock(tools, connection, reading, way)
    } catch (error) {
      await connection?.disconnect()
      throw asReadingProblem(error)
    }
  }

  /** Resolves when the card is lost while it is held: removed, or used by another program. Nothing is lost but the challenge. */
  async whenLost(): Promise<Problem> {
    const error = await this.#connection.whenEnded
    return asProblem(error) as Problem
  }

  get entriesLeft(): number {
    return this.#entriesLeft
  }

  get isAccepted(): boolean {
    return this.#isAccepted
  }

  /**
   * Takes the cryptogram as it was typed. The card sees nothing of it yet.
   *
   * @throws Problem `cryptogram-mistyped` with `entriesLeft` and `wrongGroups`; `attempt-ended` after five of them.
   */
  async enterCryptogram(typed: Uint8Array): Promise<void> {
    this.#expectOpen()
    const cryptogram = stripSeparators(typed)
    try {
      this.way.accept(cryptogram)
      this.#isAccepted = true
    } catch (cause) {
      const wrongGroups = this.way.wrongGroups(cryptogram)
      this.#entriesLeft--
      if (this.#entriesLeft === 0) {
        await this.end()
        throw new Problem('attempt-ended', { cause })
      }
      throw new Problem('cryptogram-mistyped', { facts: { entriesLeft: this.#entriesLeft, wrongGroups }, cause })
    } finally {
      cryptogram.fill(0)
    }
  }

  /** True when the next command may be the last try that the card has: its holder is asked before. */
  isLastTry(): Promise<boolean> {
    this.#expectOpen()
    return this.way.isLastTry(this.#connection)
  }

  /**
   * Sets the new PIN. Overwrites it.
   *
   * @param hasConsent - the holder agreed to spend the card's last try.
   * @returns the receipt to read out (PIV), and whether the new PIN was proved afterwards.
   * @throws Problem `pin-policy`, `last-try`: nothing has happened, ask again; `pin-refused-by-card`: the same; anything
   *   else ends the attempt, with `receipt` among its facts where there is one.
   */
  async setNewPin(newPin: Uint8Array, hasConsent: boolean): Promise<{ receipt: string | null }> {
    this.#expectOpen()
    if (!this.#isAccepted) throw new Problem('cryptogram-mistyped', { facts: { entriesLeft: this.#entriesLeft } })
    this.#isActing = true
    try {
      checkNewPin(this.#tools.configuration.pinPolicy, newPin)
      const isLastTry = await this.way.isLastTry(this.#connection)
      if (this.#lost) throw this.#lost
      if (isLastTry && !hasConsent) throw new Problem('last-try')
      await this.#intend()
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

  /** Forgets the challenge and lets the card go. Nothing more can be done with this attempt. */
  async end(): Promise<void> {
    if (this.#isEnded) return
    this.#isEnded = true
    await this.#connection.disconnect()
    this.way.forget()
  }

  #expectOpen(): void {
    if (this.#isEnded || this.#isActing) throw new Problem('attempt-ended')
  }

  async #intend(): Promise<void> {
    await this.#tools.journal.intend({
      attemptId: this.attemptId,
      cardUuid: writeHex(this.reading.cardUuid),
      challenge: this.way.challenge,
      receiptIfUnknown: this.way.receipt({ code: 'unknown' }),
      at: this.#tools.now().toISOString(),
    })
  }

  async #settle(outcome: AttemptOutcome): Promise<void> {
    await this.#tools.journal.settle({
      attemptId: this.attemptId,
      cardUuid: writeHex(this.reading.cardUuid),
      challenge: this.way.challenge,
      outcome: outcome.code,
      receipt: this.way.receipt(outcome),
      at: this.#tools.now().toISOString(),
    })
  }
}

/** The new PIN could not be proved afterwards. */
const unproved = (receipt: string | null, cause: unknown) =>
  new Problem('outcome-unknown', { facts: receipt ? { receipt } : {}, cause })

/** Digits and letters of a typed code, as octets, upper case; everything else is a separator. */
function stripSeparators(typed: Uint8Array): Uint8Array {
  const kept = typed.filter((octet) => isDigit(octet) || isLetter(octet))
  return kept.map((octet) => (octet >= 0x61 ? octet - 0x20 : octet))
}

const isDigit = (octet: number) => octet >= 0x30 && octet <= 0x39
const isLetter = (octet: number) => (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x61 && octet <= 0x7a)
