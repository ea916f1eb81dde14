import { ascii, concat, type Octets, readHex } from '@unlatch/card'
import { writeTlv } from '@unlatch/card/iso7816'
import { SW } from '../status-words.ts'

/** The PIV cards that can be pretended; `PIV_PROFILES` says how they differ. */
export type PivCardKind = 'piv-lenient' | 'piv-strict' | 'yubikey' | 'yubikey-3des'

/**
 * How PIV cards differ: each line is something that real cards do in different ways, so that the product meets all of them
 * in its tests. `piv-strict` follows SP 800-73-5; the others name whom they are like.
 */
export interface PivProfile {
  readonly atrHex: string
  /** Answer to SELECT. */
  readonly selectAnswerHex: string
  readonly pinTries: number
  readonly pukTries: number
  /** Algorithm of the factory's key 9B: 03 three-key 3DES, 08, 0A, 0C AES-128, 192, 256. */
  readonly managementKeyAlgorithm: number
  /** Algorithms that key 9B may be changed to, by SET MANAGEMENT KEY. */
  readonly managementKeyAlgorithms: readonly number[]
  /** Answered to a wrong or a used-up cryptogram of key 9B. */
  readonly wrongCryptogram: number
  /** Answered to SELECT of an AID that is not there while PIV is selected. */
  readonly unknownAid: number
  /** `digits`: 6 to 8, then FF. `ascii`: 6 to 8 octets 00 to 7F, then FF. [SP 800-73-5 pt 2, 2.4.3] */
  readonly pinFormat: 'digits' | 'ascii'
  /** `any`: 8 octets whatever. `digits`, `ascii`: as for the PIN. */
  readonly pukFormat: 'any' | 'digits' | 'ascii'
  /** CHANGE REFERENCE DATA of the PUK is optional; without it `6A88`. [SP 800-73-5 pt 2, 3.2.2] */
  readonly isPukChangeable: boolean
  /** Whether a right PUK sets its own counter back; the standard leaves it open. [SP 800-73-5 pt 2, 3.2.3] */
  readonly isPukRestored: boolean
  /** ECDH with any slot's key, or with 9D and retired ones only, as the standard has it. */
  readonly exponentiation: 'everywhere' | 'key-management'
  readonly keyAlgorithms: readonly number[]
  /** Instructions of Yubico's extensions that the card knows; the others are `6D00`. */
  readonly yubicoCommands: readonly number[]
  /** Firmware that they report. */
  readonly yubicoVersion: readonly [number, number, number]
  /** Key 9B as from the factory; absent: `01..08` over and over. */
  readonly managementKeyHex?: string
  /** Answered to a reset while PIN or PUK has tries left. */
  readonly resetRefused: number
  /** All private keys go when PIN and PUK are both used up. */
  readonly erasesKeysWhenExhausted: boolean
  /** CHUID, CCC and key history are there from the start, with random identifiers. */
  readonly isBornWithObjects: boolean
}

const RID = readHex('A000000308')

/** The full AID of the PIV card application. [SP 800-73-5 pt 1, 2.2] */
export const PIV_AID: Octets = readHex('A000000308000010000100')

/** Application property template. [SP 800-73-5 pt 2, Tables 3 to 5] */
function selectAnswer(label: string): string {
  const template = writeTlv(
    0x61,
    writeTlv(0x4f, PIV_AID),
    writeTlv(0x79, writeTlv(0x4f, RID)),
    writeTlv(0x50, ascii(label)),
  )
  return Buffer.from(template).toString('hex').toUpperCase()
}

/** An ATR of our own: direct convention, T=0 and T=1, our name in the historical bytes. [7816-3, 8.2] */
export function ownAtr(name: string): string {
  const historical = ascii(name)
  const checked = concat(Uint8Array.of(0x80 + historical.length, 0x80, 0x01), historical)
  const check = checked.reduce((sum, octet) => sum ^ octet, 0)
  return Buffer.from(concat(Uint8Array.of(0x3b), checked, Uint8Array.of(check)))
    .toString('hex')
    .toUpperCase()
}

// [SP 800-78-5, Table 10]
const RSA_1024 = 0x06
const RSA_2048 = 0x07
const RSA_3072 = 0x05
const P_256 = 0x11
const P_384 = 0x14

const strict: PivProfile = {
  atrHex: ownAtr('UnlatchPIV-S'),
  selectAnswerHex: selectAnswer('Unlatch virtual PIV, strict'),
  pinTries: 3,
  pukTries: 3,
  managementKeyAlgorithm: 0x0c,
  managementKeyAlgorithms: [],
  wrongCryptogram: SW.securityStatus,
  unknownAid: SW.notFound,
  pinFormat: 'digits',
  pukFormat: 'any',
  isPukChangeable: true,
  isPukRestored: true,
  exponentiation: 'key-management',
  keyAlgorithms: [RSA_2048, RSA_3072, P_256, P_384],
  yubicoCommands: [],
  yubicoVersion: [0, 0, 0],
  resetRefused: SW.conditionsNotSatisfied,
  erasesKeysWhenExhausted: false,
  isBornWithObjects: false,
}

const yubikey: PivProfile = {
  ...strict,
  // YubiKey 5 over USB; its template 4F holds only the PIX.
  atrHex: '3BFD1300008131FE158073C021C057597562694B657940',
  selectAnswerHex: '61114F0600001000010079074F05A000000308',
  managementKeyAlgorithm: 0x0a,
  managementKeyAlgorithms: [0x03, 0x08, 0x0a, 0x0c],
  pinFormat: 'ascii',
  pukFormat: 'ascii',
  exponentiation: 'everywhere',
  keyAlgorithms: [RSA_1024, RSA_2048, RSA_3072, P_256, P_384],
  yubicoCommands: [0xf6, 0xf7, 0xf8, 0xfa, 0xfb, 0xfd, 0xfe, 0xff],
  yubicoVersion: [5, 7, 1],
}

/** The kinds of PIV card. */
export const PIV_PROFILES: Readonly<Record<PivCardKind, PivProfile>> = {
  'piv-strict': strict,
  // Like PivApplet: ECDH everywhere, digits also in the PUK, 6A80 for a wrong cryptogram, 6D00 for an unknown AID.
  'piv-lenient': {
    ...strict,
    atrHex: ownAtr('UnlatchPIV-L'),
    selectAnswerHex: selectAnswer('Unlatch virtual PIV, lenient'),
    managementKeyAlgorithm: 0x03,
    managementKeyAlgorithms: [0x03, 0x08, 0x0a, 0x0c],
    wrongCryptogram: SW.wrongData,
    unknownAid: SW.unknownInstruction,
    pukFormat: 'digits',
    exponentiation: 'everywhere',
    keyAlgorithms: [RSA_1024, RSA_2048, P_256, P_384],
    yubicoCommands: [0xfa, 0xfb, 0xfe, 0xff],
    resetRefused: SW.securityStatus,
    erasesKeysWhenExhausted: true,
    isBornWithObjects: true,
  },
  yubikey,
  // Firmware before 5.7: the same key octets, but as a 3DES key.
  'yubikey-3des': {
    ...yubikey,
    managementKeyAlgorithm: 0x03,
    keyAlgorithms: [RSA_1024, RSA_2048, P_256, P_384],
    yubicoCommands: [0xf7, 0xf8, 0xfa, 0xfb, 0xfd, 0xfe, 0xff],
    yubicoVersion: [5, 4, 3],
  },
}
