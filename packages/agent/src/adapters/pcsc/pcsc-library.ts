import type { Octets } from '@unlatch/card'

/** A PC/SC code other than success. */
export class PcscFailure extends Error {
  override readonly name = 'PcscFailure'
  readonly status: number

  constructor(call: string, status: number) {
    super(`${call}: ${status.toString(16).toUpperCase()}`)
    this.status = status
  }
}

/** A handle of the library: an integer, wide on some systems. */
export type PcscHandle = number | bigint

/** What is known of a reader: PC/SC's state bits, and the ATR where a card is in it. */
export interface PcscReaderState {
  readonly name: string
  readonly state: number
  readonly atr: Octets
}

/** A connection to the card in a reader. */
export interface PcscCard {
  readonly handle: PcscHandle
  /** 1 is T=0, 2 is T=1. */
  readonly protocol: number
}

/**
 * The calls of PC/SC that we use, and no more. Calls that may wait are asynchronous; each throws or rejects with
 * `PcscFailure`. Calls in one context run one after the other.
 *
 * @see [winscard.h]
 */
export interface PcscLibrary {
  establishContext(): PcscHandle
  releaseContext(context: PcscHandle): void
  /** Empty when no reader is connected. */
  listReaders(context: PcscHandle): string[]
  /** Waits until a reader differs from the state given, or the time is over; with 0 it tells at once. */
  getStatusChange(
    context: PcscHandle,
    timeoutMs: number,
    known: readonly { readonly name: string; readonly state: number }[],
  ): Promise<PcscReaderState[]>
  /** Ends a waiting `getStatusChange` of this context. */
  cancel(context: PcscHandle): void
  connect(context: PcscHandle, reader: string): Promise<PcscCard>
  /** Resets the card and takes it up again; a transaction goes on. */
  reconnect(card: PcscCard): Promise<PcscCard>
  disconnect(card: PcscCard, how: 'leave' | 'reset'): Promise<void>
  /** Waits while another program's transaction runs, without end. `disconnect` ends the transaction. */
  beginTransaction(card: PcscCard): Promise<void>
  /** Fails when the card was removed or reset. */
  status(card: PcscCard): Promise<void>
  transmit(card: PcscCard, command: Uint8Array): Promise<Octets>
}
