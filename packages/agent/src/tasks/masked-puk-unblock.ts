import { CardError } from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { findRetries, REFERENCE, resetRetryCounter, verifyPin } from '@unlatch/card/piv'
import { type AttemptKeys, NONCE_LENGTH, unmaskPuk, writeChallenge, writeReceipt } from '@unlatch/card/unblock'
import { Problem } from '@unlatch/contract'
import { asProblem } from './card-problems.ts'
import { agreeOnAttempt } from './offline-secret.ts'
import { type CardConnection, type Configuration, ReaderError } from './ports.ts'
import type { CardReading } from './read-card.ts'
import type { AttemptOutcome, UnblockWay } from './unblock-way.ts'

/** The way of plain PIV cards: the PUK under a mask that this card takes off. [piv-unblock/v1, The run] */
export class MaskedPukUnblock implements UnblockWay {
  readonly form = 'masked'
  readonly challenge: string
  readonly #keys: AttemptKeys
  #cryptogram = new Uint8Array(0)
  #puk = new Uint8Array(0)

  private constructor(keys: AttemptKeys, challenge: string) {
    this.#keys = keys
    this.challenge = challenge
  }

  /** @throws Problem `configuration-missing` without an unblock key; CardError, ReaderError. */
  static async prepare(
    connection: CardConnection,
    reading: CardReading,
    { unblockKeys: [unblockKey] }: Configuration,
  ): Promise<MaskedPukUnblock> {
    if (!unblockKey) throw new Problem('configuration-missing')
    const nonce = nodeCrypto.random(NONCE_LENGTH)
    const keys = await agreeOnAttempt(connection, unblockKey, nonce, reading.cardUuid)
    return new MaskedPukUnblock(keys, writeChallenge(nodeCrypto, keys, nonce))
  }

  accept(cryptogram: Uint8Array): void {
    this.#puk = unmaskPuk(nodeCrypto, this.#keys, cryptogram)
    this.#cryptogram = new Uint8Array(cryptogram)
  }

  /** The tag is over the whole: which group is wrong cannot be known. */
  wrongGroups(): number[] {
    return []
  }

  async isLastTry(connection: CardConnection): Promise<boolean> {
    return (await findRetries(connection, REFERENCE.puk))?.left === 1
  }

  receipt(outcome: AttemptOutcome): string {
    return writeReceipt(nodeCrypto, this.#keys, this.#cryptogram, outcome)
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
          problem: new Problem('puk-refused', { facts: { triesLeft: retriesLeft ?? null }, cause: error }),
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
    this.#cryptogram.fill(0)
    for (const key of Object.values(this.#keys)) key.fill(0)
  }
}
