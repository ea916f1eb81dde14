import type { Octets } from '@unlatch/card'
import * as gids from '@unlatch/card/gids'
import { CardError, type Channel, readAnswer } from '@unlatch/card/iso7816'
import * as piv from '@unlatch/card/piv'
import { Problem } from '@unlatch/contract'

/** A card as far as an unblock must know it. Read without touching any counter. */
export interface CardReading {
  readonly family: 'piv' | 'gids'
  /** 16 bytes as the card tells them: not trusted, only the key service's check decides. */
  readonly cardUuid: Octets
  readonly isBlocked: boolean
  /** Tries of the PIN left; undefined when unknown. 0 when blocked. */
  readonly triesLeft: number | undefined
  /** The everyday PIN is the Global PIN, which this procedure cannot set. */
  readonly isGlobalPin: boolean
}

/**
 * Says which card this is and how its PIN stands. A card with both applications is PIV, as it is to Windows.
 *
 * @throws Problem `card-not-supported` for a card with neither application or without an identifier; CardError, ReaderError.
 */
export async function readCard(channel: Channel): Promise<CardReading> {
  if (await has(() => piv.select(channel))) return readPiv(channel)
  if (await has(() => gids.select(channel))) return readGids(channel)
  throw new Problem('card-not-supported', { detail: 'the card has neither a PIV nor a GIDS application' })
}

async function has(selecting: () => Promise<unknown>): Promise<boolean> {
  return (await absentIfRefused(selecting())) !== undefined
}

/** The value, or undefined when the card says that it has no such thing. */
async function absentIfRefused<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof CardError && error.code !== 'bad-response') return undefined
    throw error
  }
}

async function readPiv(channel: Channel): Promise<CardReading> {
  const tries = await piv.readPinTries(channel)
  const chuid = await absentIfRefused(piv.getObject(channel, piv.OBJECT.chuid))
  if (!chuid) throw new Problem('card-not-supported', { detail: 'the card has no CHUID' })
  const discovery = await absentIfRefused(piv.getObject(channel, piv.OBJECT.discovery))
  return {
    family: 'piv',
    cardUuid: readAnswer('GET DATA', () => piv.readCardUuid(chuid)),
    isBlocked: tries.state === 'blocked',
    triesLeft: tries.state === 'left' ? tries.retriesLeft : tries.state === 'blocked' ? 0 : undefined,
    isGlobalPin: discovery !== undefined && readAnswer('GET DATA', () => piv.isGlobalPinPreferred(discovery)),
  }
}

async function readGids(channel: Channel): Promise<CardReading> {
  const cardUuid = await absentIfRefused(gids.getCardUuid(channel))
  if (!cardUuid) throw new Problem('card-not-supported', { detail: 'the GIDS card is not initialised' })
  const { left } = await gids.readPinRetries(channel)
  return { family: 'gids', cardUuid, isBlocked: left === 0, triesLeft: left, isGlobalPin: false }
}
