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
    if (error instanceof ReaderError) return { outcome: { code: 'unknown' }, problem: this.#judgeLoss(error) }
    const code = error instanceof CardError ? error.code : undefined
    if (code === undefined || code === 'bad-response' || code === 'unexpected-status') {
      return { outcome: { code: 'unknown' }, problem: new Problem('card-fault', { cause: error }) }
    }
    // Until the administrator is authenticated only the cryptogram can have been refused; some cards answer 6A80 to it.
    const isOfCryptogram = !this.#isAuthenticated && code !== 'conditions-not-satisfied'
    const problem = isOfCryptogram ? new Problem('cryptogram-refused', { cause: error }) : (asProblem(error) as Problem)
    return { outcome: { code: 'refused', triesLeft: 7 }, problem }
  }

  /** Lost before the administrator was authenticated: the PIN is as it was. */
  #judgeLoss(error: ReaderError): Problem {
    if (this.#isAuthenticated) return new Problem('outcome-unknown', { cause: error })
    return error.code === 'torn' ? new Problem('card-removed', { cause: error }) : (asProblem(error) as Problem)
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
