import { writeHex } from '@unlatch/card'
import { getCardUuid, select as selectGids } from '@unlatch/card/gids'
import { CardError, type Channel, readAnswer } from '@unlatch/card/iso7816'
import { findSerialNumber, getObject, OBJECT, readCardUuid, select as selectPiv } from '@unlatch/card/piv'
import type { SeenCard } from '@unlatch/contract'

/** What a card tells about itself before it is issued: its family, its identifier if it has one, its maker's number. */
export interface CardSight extends Required<SeenCard> {
  /** Undefined for a card with neither application. */
  readonly family: 'piv' | 'gids' | undefined
}

/** Looks at a card. Touches no counter; what the card says of itself is not trusted. Throws ReaderError. */
export async function seeCard(channel: Channel): Promise<CardSight> {
  if (await isThere(selectPiv(channel))) {
    const cardUuid = await findUuid(async () => {
      const chuid = await getObject(channel, OBJECT.chuid)
      return readAnswer('GET DATA', () => readCardUuid(chuid))
    })
    return { family: 'piv', cardUuid, hardwareNumber: await findHardwareNumber(channel) }
  }
  if (!(await isThere(selectGids(channel)))) return { family: undefined, cardUuid: null, hardwareNumber: null }
  return { family: 'gids', cardUuid: await findUuid(() => getCardUuid(channel)), hardwareNumber: null }
}

/** The number that a card's maker gave it, with the maker's name; null where the card does not tell. PIV is selected. */
export async function findHardwareNumber(channel: Channel): Promise<string | null> {
  const serial = await findSerialNumber(channel)
  return serial === undefined ? null : `yubico:${serial}`
}

async function findUuid(read: () => Promise<Uint8Array>): Promise<string | null> {
  try {
    return writeHex(await read())
  } catch (error) {
    if (error instanceof CardError) return null
    throw error
  }
}

async function isThere(selecting: Promise<unknown>): Promise<boolean> {
  try {
    await selecting
    return true
  } catch (error) {
    if (error instanceof CardError) return false
    throw error
  }
}
