import { type Channel, send } from '../iso7816/channel.ts'
import { isOk } from '../iso7816/status.ts'
import { readSequence, TlvError } from '../iso7816/tlv.ts'
import { type Octets, readUint } from '../octets.ts'

/**
 * Of Yubico's additions to PIV, those that are used here. They cost nothing; a card that does not know one says so.
 *
 * @see [Yubico PIV extensions]
 */

/** GET METADATA, tag of the retry counters: total, then left. */
const TAG_RETRIES = 0x06

/**
 * GET METADATA of a PIN or PUK: the tries it has in all and the tries left; undefined where the card does not tell.
 *
 * @param reference - `80` PIN, `81` PUK.
 */
export async function findRetries(
  channel: Channel,
  reference: number,
): Promise<{ limit: number; left: number } | undefined> {
  const response = await send(channel, { cla: 0x00, ins: 0xf7, p1: 0x00, p2: reference, le: 256 })
  if (!isOk(response)) return undefined
  const [limit, left] = findPart(response.data, TAG_RETRIES) ?? []
  return limit === undefined || left === undefined ? undefined : { limit, left }
}

/**
 * GET SERIAL: the number that the maker gave the key; undefined where the card does not tell. PIV must be selected.
 */
export async function findSerialNumber(channel: Channel): Promise<number | undefined> {
  const { data, sw } = await send(channel, { cla: 0x00, ins: 0xf8, p1: 0x00, p2: 0x00, le: 256 })
  return isOk({ data, sw }) && data.length === SERIAL_LENGTH ? Number(readUint(data)) : undefined
}

const SERIAL_LENGTH = 4

/**
 * GET VERSION: the firmware; undefined where the card does not know the command. PIV must be selected.
 */
export async function findVersion(channel: Channel): Promise<readonly [number, number, number] | undefined> {
  const response = await send(channel, { cla: 0x00, ins: 0xfd, p1: 0x00, p2: 0x00, le: 256 })
  const [major, minor, patch, ...rest] = isOk(response) ? response.data : []
  const isVersion = major !== undefined && minor !== undefined && patch !== undefined && rest.length === 0
  return isVersion ? [major, minor, patch] : undefined
}

/** Another vendor's `F7` may be another command: what is no metadata tells nothing. */
function findPart(metadata: Uint8Array, tag: number): Octets | undefined {
  try {
    return readSequence(metadata).find((part) => part.tag === tag)?.value
  } catch (error) {
    if (error instanceof TlvError) return undefined
    throw error
  }
}
