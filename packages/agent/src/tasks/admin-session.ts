import { resetRetryCounter, verifyPin } from '@unlatch/card/gids'
import { CardError } from '@unlatch/card/iso7816'
import { Problem } from '@unlatch/contract'
import { asProblem } from './card-problems.ts'
import { type CardConnection, ReaderError } from './ports.ts'
import type { AttemptOutcome, PinWay } from './unblock-way.ts'

/** A GIDS card takes its new PIN in a session of its admin key, which the server opened through this agent. */
export class AdminSessionUnblock implements PinWay {
  async isLastTry(): Promise<boolean> {
    return false
  }

  receipt(): null {
    return null
  }

  setPin(connection: CardConnection, newPin: Uint8Array): Promise<void> {
    return resetRetryCounter(connection, newPin)
  }

  verify(connection: CardConnection, newPin: Uint8Array): Promise<void> {
    return verifyPin(connection, newPin)
  }

  judge(error: unknown): { outcome: AttemptOutcome; problem: Problem } {
    if (error instanceof ReaderError) {
      return { outcome: { code: 'unknown' }, problem: new Problem('outcome-unknown', { cause: error }) }
    }
    const problem = error instanceof CardError ? asProblem(error) : error
    return {
      outcome: { code: 'unknown' },
      problem: problem instanceof Problem ? problem : new Problem('card-fault', { cause: error }),
    }
  }

  /** The session is the card's: it ends when the card is let go. */
  forget(): void {}
}
