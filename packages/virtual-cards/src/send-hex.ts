import { readHex, writeHex } from '@unlatch/card'
import type { VirtualCard } from './virtual-card.ts'

/** Sends a command in hexadecimal and returns the answer so, as transcripts print them. */
export const sendHex =
  (card: VirtualCard) =>
  (hex: string): string =>
    writeHex(card.transmit(readHex(hex)))
