import { concat, type Octets } from '../octets.ts'
import { CLA_CHAINING, type CommandApdu, type ResponseApdu, readResponse, writeCommand } from './apdu.ts'
import { CardError, isChainingRefused, SW_OK, SW1_MORE_DATA, SW1_WRONG_LE } from './status.ts'

/**
 * A card in a reader, held for one piece of work. PC/SC and the virtual reader implement it.
 *
 * `transmit` sends exactly these octets and returns exactly the card's answer. It throws what its adapter names for a card
 * that was removed, reset or torn: those are facts about the reader, not about the card.
 */
export interface Channel {
  transmit(command: Uint8Array): Promise<Octets>
}

/** Data octets of one fragment of a chained command. [SP 800-73-5 pt 2, 3.3.2] */
const FRAGMENT_LENGTH = 255
/** No honest answer of the cards we speak to is longer; a card that never stops must not fill the memory. */
const RESPONSE_LIMIT = 0x10000

/**
 * Sends a command and collects the whole answer: command chaining for more than 255 octets of data (extended length where the
 * card refuses the first fragment of a chain), GET RESPONSE while the card has more, one repetition when it asks for another
 * Le.
 *
 * @throws CardError `bad-response` when the answer is no response APDU or never ends.
 * @see [7816-4, 5.1.1 and 5.1.3]
 */
export async function send(channel: Channel, command: CommandApdu): Promise<ResponseApdu> {
  const data = command.data ?? new Uint8Array(0)
  let offset = 0
  for (; data.length - offset > FRAGMENT_LENGTH; offset += FRAGMENT_LENGTH) {
    const { cla, ins, p1, p2 } = command
    const fragment = { cla: cla | CLA_CHAINING, ins, p1, p2, data: data.subarray(offset, offset + FRAGMENT_LENGTH) }
    const response = await exchange(channel, fragment)
    if (offset === 0 && isChainingRefused(response)) {
      return collect(channel, command, await exchange(channel, { ...command, le: command.le && 0x10000 }))
    }
    if (response.sw !== SW_OK) return response
  }
  const last = data.length === 0 ? command : { ...command, data: data.subarray(offset) }
  let response = await exchange(channel, last)
  // Only a command that asked for an answer, or carries nothing: a PIN or PUK is never sent twice.
  const mayRepeat = last.le !== undefined || last.data === undefined
  if (response.sw >> 8 === SW1_WRONG_LE && mayRepeat)
    response = await exchange(channel, { ...last, le: response.sw & 0xff || 256 })
  return collect(channel, command, response)
}

async function collect(channel: Channel, command: CommandApdu, first: ResponseApdu): Promise<ResponseApdu> {
  const parts: Octets[] = [first.data]
  let { sw } = first
  let length = first.data.length
  while (sw >> 8 === SW1_MORE_DATA) {
    const getResponse = { cla: command.cla & ~CLA_CHAINING, ins: 0xc0, p1: 0, p2: 0, le: sw & 0xff || 256 }
    const more = await exchange(channel, getResponse)
    length += more.data.length
    if (length > RESPONSE_LIMIT || (more.sw >> 8 === SW1_MORE_DATA && more.data.length === 0)) {
      throw new CardError('GET RESPONSE', { code: 'bad-response' })
    }
    parts.push(more.data)
    sw = more.sw
  }
  return { data: concat(...parts), sw }
}

async function exchange(channel: Channel, command: CommandApdu): Promise<ResponseApdu> {
  const answer = await channel.transmit(writeCommand(command))
  try {
    return readResponse(answer)
  } catch (cause) {
    throw new CardError('TRANSMIT', { code: 'bad-response' }, { cause })
  }
}
