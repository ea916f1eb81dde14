import type { Octets } from '@unlatch/card'
import type { VirtualCard } from './virtual-card.ts'

/** Why a reader could not do what it was asked. */
export type VirtualReaderErrorCode =
  /** Nothing is inserted. */
  | 'no-card'
  /** Another connection holds the card. */
  | 'in-use'
  /** The card of this connection was taken out; another one inserted since does not count. */
  | 'removed'
  /** Somebody reset the card under this connection: its challenges and verifications are gone. */
  | 'reset'
  /** The card lost power during the command: it may have taken effect or not. */
  | 'torn'
  /** The connection was closed by its own holder. */
  | 'closed'

/** A fact about the reader, never about what the card answered. */
export class VirtualReaderError extends Error {
  override readonly name = 'VirtualReaderError'
  readonly code: VirtualReaderErrorCode

  constructor(code: VirtualReaderErrorCode) {
    super(`virtual reader: ${code}`)
    this.code = code
  }
}

/** What happens at a reader. */
export type VirtualReaderEvent = { readonly type: 'inserted' | 'removed' }

/** When the power fails: this many commands still work, and the next one is torn, before or after the card ran it. */
export interface PowerCut {
  readonly afterCommands: number
  readonly moment: 'before' | 'after'
}

/** A card held for one piece of work; nobody else reaches it until it is disconnected. */
export interface VirtualConnection {
  readonly atr: Octets
  /** @throws VirtualReaderError `removed`, `reset`, `torn` or `closed`; all of them end the connection. */
  transmit(command: Uint8Array): Promise<Octets>
  /** Resets the card and keeps the connection. */
  reset(): Promise<void>
  /** Lets the card go, as it is or reset. */
  disconnect(how: 'leave' | 'reset'): Promise<void>
}

/**
 * A card reader that is only pretended, with what goes wrong at real ones: insertion and removal, a reset by another
 * program, power that fails at a chosen command.
 */
export class VirtualReader {
  readonly name: string
  #card: VirtualCard | undefined
  #holder: { end: VirtualReaderErrorCode | undefined } | undefined
  #cut: PowerCut | undefined
  readonly #listeners = new Set<(event: VirtualReaderEvent) => void>()

  constructor(name = 'Virtual reader') {
    this.name = name
  }

  get card(): VirtualCard | undefined {
    return this.#card
  }

  /** Puts a card in and powers it; one that was in there is taken out first. */
  insert(card: VirtualCard): void {
    this.remove()
    card.reset()
    this.#card = card
    this.#tell({ type: 'inserted' })
  }

  /** Takes the card out; its connection ends with `removed`. */
  remove(): void {
    if (!this.#card) return
    this.#card.reset()
    this.#card = undefined
    this.#cut = undefined
    this.#endHolder('removed')
    this.#tell({ type: 'removed' })
  }

  /** Resets the card as another program would; its connection ends with `reset`. */
  resetByOther(): void {
    this.#card?.reset()
    this.#endHolder('reset')
  }

  /** Lets the power fail at a coming command; the card is out afterwards, until it is inserted again. */
  cutPower(cut: PowerCut): void {
    this.#cut = cut
  }

  /** Calls back at each insertion and removal; the returned function ends that. */
  subscribe(listener: (event: VirtualReaderEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Takes hold of the card, for this connection alone.
   *
   * @throws VirtualReaderError `no-card`, or `in-use` while another connection is open.
   */
  connect(): VirtualConnection {
    const card = this.#card
    if (!card) throw new VirtualReaderError('no-card')
    if (this.#holder) throw new VirtualReaderError('in-use')
    const hold: { end: VirtualReaderErrorCode | undefined } = { end: undefined }
    this.#holder = hold
    const check = () => {
      if (hold.end) throw new VirtualReaderError(hold.end)
    }
    return {
      atr: card.atr,
      transmit: async (command) => {
        check()
        return this.#transmit(card, command)
      },
      reset: async () => {
        check()
        card.reset()
      },
      disconnect: async (how) => {
        if (hold.end) return
        if (how === 'reset') card.reset()
        this.#endHolder('closed')
      },
    }
  }

  #transmit(card: VirtualCard, command: Uint8Array): Octets {
    const cut = this.#cut
    if (!cut || cut.afterCommands > 0) {
      if (cut) this.#cut = { ...cut, afterCommands: cut.afterCommands - 1 }
      return card.transmit(command)
    }
    if (cut.moment === 'after') card.transmit(command)
    this.remove()
    throw new VirtualReaderError('torn')
  }

  #endHolder(end: VirtualReaderErrorCode): void {
    if (this.#holder) this.#holder.end = end
    this.#holder = undefined
  }

  #tell(event: VirtualReaderEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
