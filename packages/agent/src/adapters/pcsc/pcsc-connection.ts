import type { Octets } from '@unlatch/card'
import type { Channel } from '@unlatch/card/iso7816'
import { ReaderError } from '../../tasks/ports.ts'
import { type PcscCard, PcscFailure, type PcscHandle, type PcscLibrary } from './pcsc-library.ts'
import { commandErrorOf, isInUse, readerErrorOf } from './pcsc-status.ts'

/** How often a held card is looked at: Windows resets a card whose transaction has seen no call for more than 5 s. */
const HEARTBEAT_MS = 2_000
/** A card is often still held for a moment by the program that has just ended. */
const IN_USE_RETRY_MS = 100
/** A response APDU is a status word at the least; with less the command's outcome is unknown. */
const SHORTEST_ANSWER = 2

/**
 * A card held for one piece of work, in one transaction from here to `disconnect`: no other program comes between a
 * challenge and its answer, though it may be a telephone call apart.
 *
 * Each connection has its own PC/SC context, since the calls of one context wait for each other. An error other than
 * `in-use` ends the connection; `whenEnded` tells of it even while nothing is sent.
 */
export class PcscConnection implements Channel {
  readonly reader: string
  /** Resolves when the card is lost, with why: `removed`, `reset`, `torn`, `service-stopped`; or `closed`. */
  readonly whenEnded: Promise<ReaderError>
  readonly #library: PcscLibrary
  readonly #context: PcscHandle
  readonly #heartbeat: NodeJS.Timeout
  readonly #resolveEnded: (error: ReaderError) => void
  #card: PcscCard
  #turn: Promise<unknown> = Promise.resolve()
  #ended: ReaderError | undefined

  private constructor(library: PcscLibrary, context: PcscHandle, reader: string, card: PcscCard) {
    this.#library = library
    this.#context = context
    this.#card = card
    this.reader = reader
    const { promise, resolve } = Promise.withResolvers<ReaderError>()
    this.whenEnded = promise
    this.#resolveEnded = resolve
    this.#heartbeat = setInterval(() => void this.checkCard(), HEARTBEAT_MS)
    this.#heartbeat.unref()
  }

  /**
   * Connects to the card in a reader and begins the transaction.
   *
   * @param patienceMs - how long to wait for another program to let the card go.
   * @throws ReaderError `no-service`, `no-reader`, `no-card`, or `in-use` when the patience is over.
   */
  static async open(library: PcscLibrary, reader: string, patienceMs: number): Promise<PcscConnection> {
    const context = establish(library)
    const taking = takeHold(library, context, reader, Date.now() + patienceMs)
    const card = await beforeLong(taking, patienceMs).catch((error) => {
      library.releaseContext(context)
      throw asConnectError(error)
    })
    if (card) return new PcscConnection(library, context, reader, card)
    // The calls cannot be taken back: what they get after all is let go at once.
    taking
      .then((late) => library.disconnect(late, 'leave'))
      .catch(ignoreFailure)
      .finally(() => library.releaseContext(context))
    throw new ReaderError('in-use')
  }

  /** @throws ReaderError `removed`, `reset`, `torn`, `service-stopped` or `closed`. */
  transmit(command: Uint8Array): Promise<Octets> {
    return this.#inTurn(async () => {
      const answer = await this.#library.transmit(this.#card, command)
      if (answer.length < SHORTEST_ANSWER) throw new ReaderError('torn')
      return answer
    }, commandErrorOf)
  }

  /** Resets the card within the transaction: challenges and verifications are gone, the connection stays. */
  reset(): Promise<void> {
    return this.#inTurn(async () => {
      this.#card = await this.#library.reconnect(this.#card)
    }, readerErrorOf)
  }

  /** Looks whether the card is still the one that was connected, which also keeps the transaction alive. */
  async checkCard(): Promise<void> {
    await this.#inTurn(() => this.#library.status(this.#card), readerErrorOf).catch(() => {})
  }

  /**
   * Lets the card go, reset: what it has authenticated would serve any program.
   *
   * Waits for a command that is under way; does nothing on a connection that has ended.
   */
  disconnect(): Promise<void> {
    const done = this.#turn.then(async () => {
      if (this.#ended) return
      this.#end(new ReaderError('closed'))
      await this.#library.disconnect(this.#card, 'reset').catch(ignoreFailure)
      this.#library.releaseContext(this.#context)
    })
    this.#turn = done.catch(() => {})
    return done
  }

  /** One call after the other: the heartbeat never meets a command under way. */
  #inTurn<T>(act: () => Promise<T>, errorOf: (failure: PcscFailure) => ReaderError): Promise<T> {
    const result = this.#turn.then(async () => {
      if (this.#ended) throw this.#ended
      try {
        return await act()
      } catch (error) {
        const fact = error instanceof PcscFailure ? errorOf(error) : error
        if (fact instanceof ReaderError) {
          this.#end(fact)
          this.#library.releaseContext(this.#context)
        }
        throw fact
      }
    })
    this.#turn = result.catch(() => {})
    return result
  }

  #end(error: ReaderError): void {
    this.#ended = error
    clearInterval(this.#heartbeat)
    this.#resolveEnded(error)
  }
}

/** A card that is gone needs no more letting go. */
function ignoreFailure(error: unknown): void {
  if (!(error instanceof PcscFailure)) throw error
}

function establish(library: PcscLibrary): PcscHandle {
  try {
    return library.establishContext()
  } catch (cause) {
    throw new ReaderError('no-service', { cause })
  }
}

/**
 * Connects and begins the transaction. Both calls wait, without end, while another program's transaction runs; an exclusive
 * connection of another program is a refusal, repeated until then.
 */
async function takeHold(library: PcscLibrary, context: PcscHandle, reader: string, until: number): Promise<PcscCard> {
  const card = await connect(library, context, reader, until)
  await library.beginTransaction(card)
  return card
}

async function connect(library: PcscLibrary, context: PcscHandle, reader: string, until: number): Promise<PcscCard> {
  for (;;) {
    try {
      return await library.connect(context, reader)
    } catch (error) {
      if (!(error instanceof PcscFailure && isInUse(error.status)) || Date.now() >= until) throw error
      await new Promise((resolve) => setTimeout(resolve, IN_USE_RETRY_MS))
    }
  }
}

/** What the promise gives within the time; else undefined. */
async function beforeLong<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), timeoutMs)
  return Promise.race([promise, over]).finally(() => clearTimeout(timer))
}

/** At connecting, a card that was drawn or reset in between was simply not there. */
function asConnectError(error: unknown): unknown {
  if (!(error instanceof PcscFailure)) return error
  const fact = readerErrorOf(error)
  return fact.code === 'removed' || fact.code === 'reset' ? new ReaderError('no-card', { cause: error }) : fact
}
