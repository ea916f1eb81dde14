import type { Octets } from '@unlatch/card'
import { type CommandApdu, expectOk, readResponse, writeCommand } from '@unlatch/card/iso7816'
import type { VirtualCard } from '../virtual-card.ts'

/** Runs one command that must succeed; extended lengths carry any data and any answer at once. */
export function runCommand(card: VirtualCard, name: string, command: CommandApdu): Octets {
  return expectOk(name, readResponse(card.transmit(writeCommand({ le: 0x10000, ...command }))))
}
