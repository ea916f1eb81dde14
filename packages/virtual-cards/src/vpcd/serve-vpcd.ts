import type { VirtualCard } from '../virtual-card.ts'
import { VirtualReader } from '../virtual-reader.ts'
import { VpcdSlot } from './vpcd-slot.ts'

/** Where vpcd listens, and the cards that are in its slots from the start. */
export interface VpcdOptions {
  readonly host?: string
  /** Port of the first slot; each further slot has the next one. */
  readonly port?: number
  /** One per slot; undefined is an empty slot. */
  readonly cards: readonly (VirtualCard | undefined)[]
}

/** Virtual cards as pcscd sees them. */
export interface VpcdBridge {
  /** One per slot: to insert, remove, or cut the power. */
  readonly readers: readonly VirtualReader[]
  /** Puts a card into a slot, counted from 0. */
  insert(slot: number, card: VirtualCard): void
  /** Takes the card out of a slot. */
  remove(slot: number): void
  /** Takes all cards out and ends. */
  close(): void
}

/** vpcd's own default. */
const VPCD_PORT = 35963

/**
 * Shows virtual cards to pcscd through vpcd, the virtual reader of vsmartcard: then any program that speaks PC/SC uses them.
 * vpcd may be started before or after, and again.
 */
export function serveVpcd({ host = '127.0.0.1', port = VPCD_PORT, cards }: VpcdOptions): VpcdBridge {
  const readers = cards.map((card, slot) => {
    const reader = new VirtualReader(`Virtual PCD 00 ${String(slot).padStart(2, '0')}`)
    if (card) reader.insert(card)
    return reader
  })
  const slots = readers.map((reader, slot) => new VpcdSlot(reader, { host, port: port + slot }))
  const readerAt = (slot: number) => {
    const reader = readers[slot]
    if (!reader) throw new RangeError(`no slot ${slot}`)
    return reader
  }
  return {
    readers,
    insert: (slot, card) => readerAt(slot).insert(card),
    remove: (slot) => readerAt(slot).remove(),
    close() {
      for (const slot of slots) slot.close()
      for (const reader of readers) reader.remove()
    },
  }
}
