import type { Octets } from '../octets.ts'
import { type Channel, send } from './channel.ts'
import { CardError, expectOk } from './status.ts'

/**
 * SELECT by the first identifier that the card knows: cut short as most cards take it, then whole, for those that compare all
 * of it. Costs nothing.
 *
 * @throws CardError of the first refusal when the card knows none; `bad-response`.
 * @see [7816-4, 7.1.1]
 */
export async function selectFirst(channel: Channel, identifiers: readonly Uint8Array[]): Promise<Octets> {
  let refusal: unknown
  for (const data of identifiers) {
    try {
      return expectOk('SELECT', await send(channel, { cla: 0x00, ins: 0xa4, p1: 0x04, p2: 0x00, data, le: 256 }))
    } catch (error) {
      if (!(error instanceof CardError) || error.code === 'bad-response') throw error
      refusal ??= error
    }
  }
  throw refusal
}
