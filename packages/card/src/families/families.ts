/**
 * The kinds of card that are told apart, and what is known of each. Data: docs/supported-credentials.md is made from it.
 *
 * Nothing here is claimed beyond how it was verified.
 */

/** How it is known that a card does what its row says. */
export type Verification =
  /** Our own virtual card keeps its rules, and tools that others wrote work with it. */
  | 'virtual card, tools of others'
  /** Our own virtual card alone. */
  | 'virtual card'
  /** What its maker, a standard or open source says. */
  | 'documentation'

/** What a kind of card can do, by the four procedures. */
export interface CardFamily {
  readonly id: FamilyId
  readonly name: string
  readonly makers: string
  /** By which application it is registered and unblocked here; null: it is recognised, and that is all. */
  readonly application: 'piv' | 'gids' | null
  /** How it is told from others; never by its ATR alone. */
  readonly recognisedBy: string
  readonly puc: string
  readonly atOperator: string
  readonly byTelephone: string
  /** Secrets that it leaves the factory with. */
  readonly factorySecrets: string
  readonly verified: Verification
  readonly remarks: string
}

export const FAMILY_IDS = ['yubikey', 'piv-applet', 'piv', 'gids', 'cac', 'idprime'] as const
export type FamilyId = (typeof FAMILY_IDS)[number]

export const FAMILIES: readonly CardFamily[] = [
  {
    id: 'yubikey',
    name: 'YubiKey, and tokens with its commands',
    makers: 'Yubico; Nitrokey, Token2 and others answer alike',
    application: 'piv',
    recognisedBy: 'PIV, and GET VERSION (FD)',
    puc: 'eight digits; restored by an unblock; rotated',
    atOperator: 'at a station; over the network where key 9E agrees',
    byTelephone: 'masked PUK, by ECDH with key 9E',
    factorySecrets: 'PIN 123456, PUK 12345678, 9B 01 to 08 three times (from 5.7 as AES-192)',
    verified: 'virtual card, tools of others',
    remarks:
      'Serial recorded and compared. Bio keys have no PUK. FIPS keys from 5.7.1 ask for a PIN with 9E: PUC only, unblocked by it or at a station. Its Windows minidriver blocks a PUK that is still the factory’s.',
  },
  {
    id: 'piv-applet',
    name: 'PivApplet',
    makers: 'open source, on JavaCards',
    application: 'piv',
    recognisedBy: 'PIV, and the label of its application property template',
    puc: 'eight digits; three tries',
    atOperator: 'at a station; over the network where key 9E agrees',
    byTelephone: 'masked PUK, by ECDH with key 9E',
    factorySecrets: 'as a YubiKey',
    verified: 'documentation',
    remarks: 'Erases its private keys when PIN and PUK are both used up. Its serial is random.',
  },
  {
    id: 'piv',
    name: 'Other PIV cards',
    makers: 'Thales/Gemalto, IDEMIA/Oberthur/Morpho, Taglio, Feitian, HID and others',
    application: 'piv',
    recognisedBy: 'PIV without Yubico’s commands',
    puc: 'eight digits; rotated where the card allows CHANGE REFERENCE DATA of the PUK',
    atOperator: 'at a station; over the network where key 9E agrees',
    byTelephone: 'masked PUK: ECDH with 9E, or RSA-2048 where the card refuses that; else the PUC alone',
    factorySecrets: 'as its maker says; given at Issue where they are not the usual ones',
    verified: 'virtual card, tools of others',
    remarks: 'Two virtual cards stand for these: one that allows ECDH in 9E, and a strict one that refuses it.',
  },
  {
    id: 'gids',
    name: 'GIDS and Microsoft virtual smart cards',
    makers: 'GidsApplet on JavaCards, Microsoft, minidriver cards with GIDS',
    application: 'gids',
    recognisedBy: 'SELECT of GIDS',
    puc: 'none: there is no PUK',
    atOperator: 'by its admin key',
    byTelephone: 'native admin key; also at Windows’ own screen',
    factorySecrets: 'admin key 01 to 08 three times, or 24 zeros',
    verified: 'virtual card, tools of others',
    remarks: 'Must be initialised. 3DES admin keys; a family that counts tries of the admin key says so at Register.',
  },
  {
    id: 'cac',
    name: 'Common Access Card',
    makers: 'issued by the United States Department of Defense',
    application: null,
    recognisedBy: 'SELECT of its access control applet, beside PIV or without',
    puc: 'no: its keys are with its issuer',
    atOperator: 'no',
    byTelephone: 'no',
    factorySecrets: 'none that anybody else has',
    verified: 'documentation',
    remarks: 'Its PIN is reset in person, at a RAPIDS site or a CAC PIN Reset station.',
  },
  {
    id: 'idprime',
    name: 'IDPrime with its own applet',
    makers: 'Thales/Gemalto',
    application: null,
    recognisedBy: 'SELECT of its applet, where neither PIV nor GIDS is there',
    puc: 'not by us',
    atOperator: 'not yet',
    byTelephone: 'not by us: Windows’ own screen with its maker’s minidriver',
    factorySecrets: 'admin key 24 zeros, dead after five wrong tries',
    verified: 'documentation',
    remarks: 'The commands behind its admin key are not public. IDPrime PIV is under *Other PIV cards*.',
  },
]
