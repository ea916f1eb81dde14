import type { Octets } from '@unlatch/card'
import { getCardUuid, readPinRetries, select as selectGids } from '@unlatch/card/gids'
import { CardError, type Channel, readAnswer } from '@unlatch/card/iso7816'
import {
  getObject,
  isGlobalPinPreferred,
  OBJECT,
  readCardUuid,
  readPinTries,
  select as selectPiv,
} from '@unlatch/card/piv'
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
 * Says which card this is and how its PIN stands. A card with both applications is PIV, as it is to Windows, unless its PIV
 * application is empty, or only its GIDS PIN is blocked.
 *
 * @throws Problem `card-not-supported` for a card with neither application, `card-not-issued` for one without an identifier;
 *   CardError, ReaderError.
 */
export async function readCard(channel: Channel): Promise<CardReading> {
  const piv = await findPiv(channel)
  if (piv?.isBlocked) return piv
  const gids = await findGids(channel)
  if (gids && (gids.isBlocked || !piv)) return gids
  if (!piv) {
    const isThere = (await hasApplication(selectPiv(channel))) || (await hasApplication(selectGids(channel)))
    if (isThere) throw new Problem('card-not-issued', { detail: 'the card has no identifier: nobody issued it' })
    throw new Problem('card-not-supported', { detail: 'the card has no PIV or GIDS application' })
  }
  // The look at GIDS may have left PIV.
  await selectPiv(channel)
  return piv
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

const hasApplication = async (selecting: Promise<unknown>) => (await absentIfRefused(selecting)) !== undefined

/** PIV, if the card has it with a CHUID. */
async function findPiv(channel: Channel): Promise<CardReading | undefined> {
  if ((await absentIfRefused(selectPiv(channel))) === undefined) return undefined
  const chuid = await absentIfRefused(getObject(channel, OBJECT.chuid))
  if (!chuid?.length) return undefined
  const tries = await readPinTries(channel)
  return {
    family: 'piv',
    cardUuid: readAnswer('GET DATA', () => readCardUuid(chuid)),
    isBlocked: tries.state === 'blocked',
    triesLeft: tries.state === 'left' ? tries.retriesLeft : tries.state === 'blocked' ? 0 : undefined,
    isGlobalPin: await isGlobalPin(channel),
  }
}

/** Discovery is optional, and what cannot be read prefers nothing. [SP 800-73-5 pt 1, 3.3.2] */
async function isGlobalPin(channel: Channel): Promise<boolean> {
  try {
    const discovery = await getObject(channel, OBJECT.discovery)
    return readAnswer('GET DATA', () => isGlobalPinPreferred(discovery))
  } catch (error) {
    if (error instanceof CardError) return false
    throw error
  }
}

/** GIDS, if the card has it with a card identifier. */
async function findGids(channel: Channel): Promise<CardReading | undefined> {
  if ((await absentIfRefused(selectGids(channel))) === undefined) return undefined
  const cardUuid = await absentIfRefused(getCardUuid(channel))
  if (!cardUuid) return undefined
  const { left } = await readPinRetries(channel)
  return { family: 'gids', cardUuid, isBlocked: left === 0, triesLeft: left, isGlobalPin: false }
}
