import { nodeCrypto } from '@unlatch/card/node-crypto'
import { type AttemptKeys, NONCE_LENGTH, unmaskPuk, writeChallenge, writeReceipt } from '@unlatch/card/unblock'
import { Problem } from '@unlatch/contract'
import { agreeOnAttempt } from './offline-secret.ts'
import type { CardConnection, Configuration } from './ports.ts'
import { PukUnblock } from './puk-unblock.ts'
import type { CardReading } from './read-card.ts'
import type { AttemptOutcome, UnblockWay } from './unblock-way.ts'

/** The way of plain PIV cards: the PUK under a mask that this card takes off. [piv-unblock/v1, The run] */
export class MaskedPukUnblock extends PukUnblock implements UnblockWay {
  readonly form = 'masked'
  readonly challenge: string
  readonly #keys: AttemptKeys
  #cryptogram = new Uint8Array(0)

  private constructor(keys: AttemptKeys, challenge: string) {
    super('puk-refused')
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
    this.keep(unmaskPuk(nodeCrypto, this.#keys, cryptogram))
    this.#cryptogram = new Uint8Array(cryptogram)
  }

  /** The tag is over the whole: which group is wrong cannot be known. */
  wrongGroups(): number[] {
    return []
  }

  override receipt(outcome: AttemptOutcome): string {
    return writeReceipt(nodeCrypto, this.#keys, this.#cryptogram, outcome)
  }

  override forget(): void {
    super.forget()
    this.#cryptogram.fill(0)
    for (const key of Object.values(this.#keys)) key.fill(0)
  }
}
