import { CardError } from '@unlatch/card/iso7816'
import { findRetries, REFERENCE, resetRetryCounter, verifyPin } from '@unlatch/card/piv'
import { Problem } from '@unlatch/contract'
import { asProblem } from './card-problems.ts'
import { type CardConnection, ReaderError } from './ports.ts'
import type { AttemptOutcome, PinWay } from './unblock-way.ts'

/**
 * A PIV card takes its new PIN for its PUK, however that came to this computer: typed by its holder, or under a mask.
 *
 * A wrong PUK costs the card one of the PUK's tries. [SP 800-73-5 pt 2, 3.2.3]
 */
export class PukUnblock implements PinWay {
  readonly #refusal: 'puk-refused' | 'puc-refused'
  #puk = new Uint8Array(0)

  /** @param refusal - what a person is told when the card refuses the PUK: whose it was makes the difference. */
  constructor(refusal: 'puk-refused' | 'puc-refused') {
    this.#refusal = refusal
  }

  /** @param puk - 8 octets as the card compares them; kept here until `forget`. */
  keep(puk: Uint8Array<ArrayBuffer>): void {
    this.#puk.fill(0)
    this.#puk = puk
  }

  async isLastTry(connection: CardConnection): Promise<boolean> {
    return (await findRetries(connection, REFERENCE.puk))?.left === 1
  }

  receipt(_outcome: AttemptOutcome): string | null {
    return null
  }

  setPin(connection: CardConnection, newPin: Uint8Array): Promise<void> {
    return resetRetryCounter(connection, this.#puk, newPin)
  }

  verify(connection: CardConnection, newPin: Uint8Array): Promise<void> {
    return verifyPin(connection, newPin)
  }

  judge(error: unknown): { outcome: AttemptOutcome; problem: Problem } {
    if (error instanceof CardError) {
      const { fault } = error
      if (fault.code === 'reference-blocked') {
        return { outcome: { code: 'refused', triesLeft: 0 }, problem: new Problem('puk-blocked', { cause: error }) }
      }
      if (fault.code === 'reference-incorrect') {
        const { retriesLeft } = fault
        const outcome: AttemptOutcome =
          retriesLeft === undefined ? { code: 'unknown' } : { code: 'refused', triesLeft: retriesLeft }
        return {
          outcome,
          problem: new Problem(this.#refusal, { facts: { triesLeft: retriesLeft ?? null }, cause: error }),
        }
      }
    }
    // What the card's format cannot hold was not sent.
    if (error instanceof RangeError) {
      return { outcome: { code: 'unknown' }, problem: new Problem('pin-refused-by-card', { cause: error }) }
    }
    const problem = error instanceof ReaderError ? new Problem('outcome-unknown', { cause: error }) : asProblem(error)
    return {
      outcome: { code: 'unknown' },
      problem: problem instanceof Problem ? problem : new Problem('card-fault', { cause: error }),
    }
  }

  forget(): void {
    this.#puk.fill(0)
  }
}
