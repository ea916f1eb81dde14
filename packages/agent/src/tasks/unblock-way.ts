import type { Problem } from '@unlatch/contract'
import type { CardConnection } from './ports.ts'

/** How a card takes its new PIN, once everything for it is here. */
export interface PinWay {
  /** True when the next command may be the last try that the card has. */
  isLastTry(connection: CardConnection): Promise<boolean>
  /** The receipt for an outcome; null where there is none. */
  receipt(outcome: AttemptOutcome): string | null
  /** Lets the card set the new PIN. Throws CardError or ReaderError. */
  setPin(connection: CardConnection, newPin: Uint8Array): Promise<void>
  /** Proves that the new PIN is the card's. */
  verify(connection: CardConnection, newPin: Uint8Array): Promise<void>
  /** What a failed `setPin` says about the card. */
  judge(error: unknown): { outcome: AttemptOutcome; problem: Problem }
  /** Overwrites what is secret. */
  forget(): void
}

/** How a card is unblocked once its challenge is out: one way for each family. */
export interface UnblockWay extends PinWay {
  readonly form: 'masked' | 'native'
  /** As it is read out, without separators. */
  readonly challenge: string
  /**
   * Checks a typed cryptogram without asking the card.
   *
   * @throws CodeError; `wrongGroups` then says where, if it can be known.
   */
  accept(cryptogram: Uint8Array): void
  wrongGroups(cryptogram: Uint8Array): number[]
}

/** What became of the card. */
export type AttemptOutcome = { code: 'unblocked' } | { code: 'refused'; triesLeft: number } | { code: 'unknown' }
