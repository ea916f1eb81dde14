import { getCardUuid, select as selectGids } from '../gids/commands.ts'
import type { Channel } from '../iso7816/channel.ts'
import { selectFirst } from '../iso7816/select.ts'
import { CardError, readAnswer } from '../iso7816/status.ts'
import { readSequence, TlvError } from '../iso7816/tlv.ts'
import { type Octets, readHex } from '../octets.ts'
import { readCardUuid } from '../piv/chuid.ts'
import { getObject, select as selectPiv } from '../piv/commands.ts'
import { OBJECT } from '../piv/references.ts'
import { findSerialNumber, findVersion } from '../piv/yubico.ts'
import type { FamilyId } from './families.ts'

/** What a card tells of itself; none of it is proved. */
export interface RecognisedCard {
  /** Undefined: nothing that is known here. */
  readonly family: FamilyId | undefined
  /** By which application it is managed here; undefined: by none. */
  readonly application: 'piv' | 'gids' | undefined
  /** 16 bytes; undefined on a card from the factory. */
  readonly cardUuid: Octets | undefined
  /** What its maker calls it; undefined where it does not tell. */
  readonly serialNumber: number | undefined
  /** Firmware of a YubiKey: major, minor, patch. */
  readonly version: readonly [number, number, number] | undefined
}

/** The Common Access Card's access control applet. [CAC applets] */
const CAC_ACA_AID = readHex('A0000000790300')
/** IDPrime's own applet. [OpenSC] */
const IDPRIME_AID = readHex('A000000018800000000662')
/** Application property template: its label. [SP 800-73-5 pt 2, 3.1.1] */
const TAG_LABEL = 0x50

/**
 * Says what kind of card this is, by what it answers and never by its ATR alone: contactless ATRs are the reader's work, and
 * applets show their platform's. Touches no counter. Which application is selected afterwards is not said.
 *
 * @throws what the channel throws; a card that answers nonsense is one that tells nothing.
 * @see [SP 800-73-5 pt 2, 3.1.1]; [Yubico PIV extensions]; [GIDS 2.0]
 */
export async function recogniseCard(channel: Channel): Promise<RecognisedCard> {
  const properties = await attempt(selectPiv(channel))
  if (properties !== undefined) return recognisePiv(channel, properties)
  if ((await attempt(selectGids(channel))) !== undefined) {
    return { ...NOTHING, family: 'gids', application: 'gids', cardUuid: await attempt(getCardUuid(channel)) }
  }
  if (await knows(channel, CAC_ACA_AID)) return { ...NOTHING, family: 'cac' }
  if (await knows(channel, IDPRIME_AID)) return { ...NOTHING, family: 'idprime' }
  return NOTHING
}

const NOTHING: RecognisedCard = {
  family: undefined,
  application: undefined,
  cardUuid: undefined,
  serialNumber: undefined,
  version: undefined,
}

async function recognisePiv(channel: Channel, properties: Octets): Promise<RecognisedCard> {
  const cardUuid = await attempt(readUuid(channel))
  const version = await findVersion(channel)
  if (version === undefined) {
    // Its keys are with its issuer, whatever its PIV application would allow.
    if (await knows(channel, CAC_ACA_AID)) return { ...NOTHING, family: 'cac', cardUuid }
    return { ...NOTHING, family: 'piv', application: 'piv', cardUuid }
  }
  if (readLabel(properties)?.startsWith('PivApplet')) {
    // Its serial is drawn at random: nothing to recognise a card by.
    return { ...NOTHING, family: 'piv-applet', application: 'piv', cardUuid, version }
  }
  const serialNumber = await findSerialNumber(channel)
  return { family: 'yubikey', application: 'piv', cardUuid, serialNumber, version }
}

async function readUuid(channel: Channel): Promise<Octets> {
  const chuid = await getObject(channel, OBJECT.chuid)
  return readAnswer('GET DATA', () => readCardUuid(chuid))
}

function readLabel(properties: Octets): string | undefined {
  try {
    const [template] = readSequence(properties)
    const label = readSequence(template?.value ?? new Uint8Array(0)).find(({ tag }) => tag === TAG_LABEL)?.value
    return label && String.fromCharCode(...label)
  } catch (error) {
    if (error instanceof TlvError) return undefined
    throw error
  }
}

/** The answer, or undefined when the card refuses or answers nonsense. */
async function attempt<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question
  } catch (error) {
    if (error instanceof CardError) return undefined
    throw error
  }
}

const knows = async (channel: Channel, identifier: Uint8Array): Promise<boolean> =>
  (await attempt(selectFirst(channel, [identifier]))) !== undefined
