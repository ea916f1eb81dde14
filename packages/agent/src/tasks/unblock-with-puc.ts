import { findRetries, REFERENCE } from '@unlatch/card/piv'
import { Problem } from '@unlatch/contract'
import type { CardConnection, JournalIntent, JournalOutcome } from './ports.ts'
import { PukUnblock } from './puk-unblock.ts'
import type { CardReading } from './read-card.ts'
import { isDigit, stripSeparators } from './typed-code.ts'
import { holdCard, type Line, UnblockAttempt, type UnblockTools } from './unblock-attempt.ts'
import type { AttemptOutcome } from './unblock-way.ts'

/** Digits of a PUC: the PUK of a PIV card, as its holder got it. [SP 800-73-5 pt 2, 2.4.3] */
const PUC_LENGTH = 8

/**
 * An unblock with the PUC that its holder got by letter or mail: no call, no server, no key 9E. Also for cards that are *PUC
 * only*. After a refusal the attempt is over: whoever types the PUC again begins again, knowing how many tries are left.
 */
export class UnblockWithPuc extends UnblockAttempt<PukUnblock> {
  /** Tries of the PUC left when the attempt began; undefined where the card does not tell. */
  readonly triesLeft: number | undefined
  #hasPuc = false

  private constructor(tools: UnblockTools, held: [CardConnection, CardReading], triesLeft: number | undefined) {
    super(tools, ...held, new PukUnblock('puc-refused'))
    this.triesLeft = triesLeft
  }

  /**
   * Takes hold of the card. Changes nothing on it, and touches no counter.
   *
   * @param force - also for a card whose PIN is not blocked.
   * @throws Problem `card-not-supported` for a GIDS card, which has no PUC; `puk-blocked` where the card tells that no try is
   *   left; `card-not-blocked`, `global-pin`, `no-card`, `reader-in-use`…
   */
  static begin(tools: UnblockTools, reader: string, force = false): Promise<UnblockWithPuc> {
    return holdCard(tools, reader, force, async (connection, reading) => {
      if (reading.family !== 'piv') throw new Problem('card-not-supported', { detail: 'this card has no PUC' })
      const triesLeft = (await findRetries(connection, REFERENCE.puk))?.left
      if (triesLeft === 0) throw new Problem('puk-blocked')
      return new UnblockWithPuc(tools, [connection, reading], triesLeft)
    })
  }

  /**
   * Takes the PUC as it was typed, and overwrites that. The card sees nothing of it yet.
   *
   * @throws Problem `puc-malformed`: it has not eight digits.
   */
  enterPuc(typed: Uint8Array): void {
    this.expectOpen()
    const puc = stripSeparators(typed)
    typed.fill(0)
    this.#hasPuc = puc.length === PUC_LENGTH && puc.every(isDigit)
    this.way.keep(puc)
    this.expectReady()
  }

  protected override expectReady(): void {
    if (!this.#hasPuc) throw new Problem('puc-malformed')
  }

  protected override intentOf(line: Line): JournalIntent {
    return line
  }

  protected override outcomeOf(line: Line, outcome: AttemptOutcome): JournalOutcome {
    const triesLeft = outcome.code === 'refused' ? outcome.triesLeft : null
    return { ...line, outcome: outcome.code, triesLeft }
  }
}
