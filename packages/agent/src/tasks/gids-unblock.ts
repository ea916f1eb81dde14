import { readHex } from '@unlatch/card'
import { answerAdminChallenge, getAdminChallenge, resetRetryCounter, verifyPin } from '@unlatch/card/gids'
import { CardError } from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { CodeError, findWrongGroups, readNativeCryptogram, writeNativeChallenge } from '@unlatch/card/unblock'
import { Problem } from '@unlatch/contract'
import { asProblem } from './card-problems.ts'
import { type CardConnection, ReaderError } from './ports.ts'
import type { CardReading } from './read-card.ts'
import type { AttemptOutcome, UnblockWay } from './unblock-way.ts'

/** The way of cards with a native admin key: the card itself drew the challenge and judges the answer. */
export class GidsUnblock implements UnblockWay {
  readonly form = 'native'
  readonly challenge: string
  readonly #blockLength: number
  #response = new Uint8Array(0)
  #isAuthenticated = false

  private constructor(challenge: string, blockLength: number) {
    this.challenge = challenge
    this.#blockLength = blockLength
  }

  static async prepare(connection: CardConnection, reading: CardReading): Promise<GidsUnblock> {
    const block = await getAdminChallenge(connection)
    return new GidsUnblock(writeNativeChallenge(nodeCrypto, block, reading.cardUuid), block.length)
  }

  /** Takes our digits, or bare hexadecimal of one block. */
  accept(cryptogram: Uint8Array): void {
    const isBare = cryptogram.length === this.#blockLength * 2
    const response = isBare ? readBare(cryptogram) : readNativeCryptogram(cryptogram)
    if (response.length !== this.#blockLength) throw new CodeError('length')
    this.#response = response
  }

  wrongGroups(cryptogram: Uint8Array): number[] {
    const isDigits = cryptogram.every((octet) => octet >= 0x30 && octet <= 0x39)
    return isDigits && cryptogram.length !== this.#blockLength * 2 ? findWrongGroups(cryptogram) : []
  }

  /** No card of this family tells how many tries its admin key has left. */
  async isLastTry(): Promise<boolean> {
    return false
  }

  receipt(): null {
    return null
  }

  async setPin(connection: CardConnection, newPin: Uint8Array): Promise<void> {
    if (!this.#isAuthenticated) await answerAdminChallenge(connection, this.#response)
    this.#isAuthenticated = true
    await resetRetryCounter(connection, newPin)
  }

  verify(connection: CardConnection, newPin: Uint8Array): Promise<void> {
    return verifyPin(connection, newPin)
  }

  judge(error: unknown): { outcome: AttemptOutcome; problem: Problem } {
    if (error instanceof ReaderError) {
      return { outcome: { code: 'unknown' }, problem: new Problem('outcome-unknown', { cause: error }) }
    }
    const code = error instanceof CardError ? error.code : undefined
    const problem =
      code === 'reference-incorrect' || code === 'reference-blocked'
        ? new Problem('cryptogram-refused', { cause: error })
        : asProblem(error)
    if (problem instanceof Problem) return { outcome: { code: 'refused', triesLeft: 7 }, problem }
    return { outcome: { code: 'unknown' }, problem: new Problem('card-fault', { cause: error }) }
  }

  forget(): void {
    this.#response.fill(0)
  }
}

function readBare(cryptogram: Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    return readHex(String.fromCharCode(...cryptogram))
  } catch {
    throw new CodeError('alphabet')
  }
}
