import { ascii, concat, readHex, writeHex } from '@unlatch/card'
import { writeTlv } from '@unlatch/card/iso7816'
import type { ReferenceData } from '../reference-data.ts'
import type { PivCardKind, PivProfile } from './piv-profile.ts'

/** A key pair in a slot. */
interface StoredKeyPair {
  /** PIV algorithm identifier. [SP 800-78-5, Table 10] */
  algorithm: number
  /** PKCS #8, DER. */
  privateHex: string
  /** 1 generated on the card, 2 imported. */
  origin: 1 | 2
  /** 0 the slot's own rule, 1 never, 2 once, 3 always. */
  pinPolicy: number
  /** 0 or 1 never, 2 always, 3 cached; no virtual card waits for a touch. */
  touchPolicy: number
}

/** What a PIV card remembers without power. */
export interface PivState {
  readonly kind: PivCardKind
  /** Departures from the kind's profile. */
  readonly profile: Partial<PivProfile>
  readonly serial: number
  pin: ReferenceData
  puk: ReferenceData
  managementKey: { algorithm: number; keyHex: string; touchPolicy: number }
  /** Data objects by tag in hexadecimal; the value is what stands inside tag 53. */
  objects: Record<string, string>
  /** Key pairs by slot in hexadecimal. */
  keys: Record<string, StoredKeyPair>
}

/** "123456", padded with FF. */
export const FACTORY_PIN = '313233343536FFFF'
/** "12345678". */
export const FACTORY_PUK = '3132333435363738'

const FACTORY_KEY_OCTETS = '0102030405060708'

/** A card as it leaves the factory. */
export function createPivState(
  kind: PivCardKind,
  overrides: Partial<PivProfile>,
  profile: PivProfile,
  random: (length: number) => Uint8Array,
): PivState {
  return { kind, profile: overrides, serial: readSerial(random(4)), ...createContents(profile, random) }
}

/** Everything that a reset to factory state puts back: all but the kind and the serial number. */
export function createContents(
  profile: PivProfile,
  random: (length: number) => Uint8Array,
): Omit<PivState, 'kind' | 'profile' | 'serial'> {
  const { pinTries, pukTries, managementKeyAlgorithm: algorithm } = profile
  return {
    pin: { valueHex: FACTORY_PIN, limit: pinTries, left: pinTries },
    puk: { valueHex: FACTORY_PUK, limit: pukTries, left: pukTries },
    managementKey: { algorithm, keyHex: profile.managementKeyHex ?? factoryManagementKey(algorithm), touchPolicy: 1 },
    objects: profile.isBornWithObjects ? createObjects(random) : {},
    keys: {},
  }
}

/** `01..08` over and over, to the length of the algorithm's key. */
export function factoryManagementKey(algorithm: number): string {
  return FACTORY_KEY_OCTETS.repeat(4).slice(0, 2 * (MANAGEMENT_KEY_LENGTH[algorithm] ?? 24))
}

/** Key lengths in bytes by algorithm of key 9B. [SP 800-78-5, Table 10] */
export const MANAGEMENT_KEY_LENGTH: Readonly<Record<number, number>> = { 3: 24, 8: 16, 10: 24, 12: 32 }

function readSerial(octets: Uint8Array): number {
  return octets.reduce((serial, octet) => serial * 256 + octet, 0)
}

/** CHUID with a random GUID, CCC and key history, as some applets make up at their installation. */
function createObjects(random: (length: number) => Uint8Array): Record<string, string> {
  const chuid = concat(
    writeTlv(0x30, new Uint8Array(25)),
    writeTlv(0x34, random(16)),
    writeTlv(0x35, ascii('20500101')),
    writeTlv(0x3e),
    writeTlv(0xfe),
  )
  const cardIdentifier = concat(readHex('A000000116FF02'), random(14))
  const ccc = concat(writeTlv(0xf0, cardIdentifier), readHex('F10121F20121F300F400F50110F600F700FA00FB00FC00FD00FE00'))
  return { '5FC102': writeHex(chuid), '5FC107': writeHex(ccc), '5FC10C': 'C10100C20100FE00' }
}
