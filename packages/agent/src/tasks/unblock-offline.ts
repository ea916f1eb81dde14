import { Problem } from '@unlatch/contract'
import { GidsUnblock } from './gids-unblock.ts'
import { MaskedPukUnblock } from './masked-puk-unblock.ts'
import type { JournalIntent, JournalOutcome } from './ports.ts'
import { stripSeparators } from './typed-code.ts'
import { holdCard, type Line, UnblockAttempt, type UnblockTools } from './unblock-attempt.ts'
import type { AttemptOutcome, UnblockWay } from './unblock-way.ts'

/** Wrong entries of a cryptogram that end an attempt. [piv-unblock/v1, The run, 3] */
const WRONG_ENTRIES = 5

/** An unblock without a network: challenge, telephone call, cryptogram, new PIN. */
export class OfflineUnblock extends UnblockAttempt<UnblockWay> {
  #entriesLeft = WRONG_ENTRIES
  #isAccepted = false

  /**
   * Takes hold of the card and draws a challenge. Changes nothing on the card.
   *
   * @param force - also for a card whose PIN is not blocked.
   * @throws Problem `card-not-blocked`, `global-pin`, `card-not-supported`, `no-card`, `reader-in-use`…
   */
  static begin(tools: UnblockTools, reader: string, force = false): Promise<OfflineUnblock> {
    return holdCard(tools, reader, force, async (connection, reading) => {
      const way =
        reading.family === 'piv'
          ? await MaskedPukUnblock.prepare(connection, reading, tools.configuration)
          : await GidsUnblock.prepare(connection, reading)
      return new OfflineUnblock(tools, connection, reading, way)
    })
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
    this.expectOpen()
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

  protected override expectReady(): void {
    if (!this.#isAccepted) throw new Problem('cryptogram-mistyped', { facts: { entriesLeft: this.#entriesLeft } })
  }

  protected override intentOf(line: Line): JournalIntent {
    const { challenge } = this.way
    return { ...line, challenge, receiptIfUnknown: this.way.receipt({ code: 'unknown' }) }
  }

  protected override outcomeOf(line: Line, outcome: AttemptOutcome): JournalOutcome {
    const { challenge } = this.way
    return { ...line, challenge, outcome: outcome.code, receipt: this.way.receipt(outcome) }
  }
}
