import { writeHex } from '@unlatch/card'
import { type RecognisedCard, recogniseCard } from '@unlatch/card/families'
import type { Channel } from '@unlatch/card/iso7816'
import { findSerialNumber } from '@unlatch/card/piv'
import type { SeenCard } from '@unlatch/contract'

/** What a card tells about itself before it is issued, in the words of the wire. */
export interface CardSight extends Required<SeenCard> {
  readonly recognised: RecognisedCard
}

/** Looks at a card. Touches no counter; what the card says of itself is not trusted. Throws ReaderError. */
export async function seeCard(channel: Channel): Promise<CardSight> {
  const recognised = await recogniseCard(channel)
  const { cardUuid, serialNumber } = recognised
  return {
    recognised,
    cardUuid: cardUuid ? writeHex(cardUuid) : null,
    hardwareNumber: serialNumber === undefined ? null : hardwareNumberOf(serialNumber),
  }
}

/** The number that a card's maker gave it, with the maker's name; null where the card does not tell. PIV is selected. */
export async function findHardwareNumber(channel: Channel): Promise<string | null> {
  const serial = await findSerialNumber(channel)
  return serial === undefined ? null : hardwareNumberOf(serial)
}

const hardwareNumberOf = (serial: number): string => `yubico:${serial}`
