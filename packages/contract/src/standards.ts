/**
 * The standards gate: a template that says to keep a standard is refused where it cannot, and each unblock says which
 * conditions were met. It judges what this program can know; what an organisation must do beside it is its own affair.
 *
 * @see [FIPS 201-3, 2.9.2 and 2.9.3.1]; [SP 800-63B-4, 3.1.7]
 */

export const STANDARDS = ['none', 'fips-201-3', 'sp-800-63b-4'] as const
export type Standard = (typeof STANDARDS)[number]

/** What a standard demands of the reset of a PIN, as far as it is known here. */
export const STANDARD_CONDITIONS = [
  'no-telephone',
  'no-self-service',
  'station-only',
  'in-person-with-document',
  'pin-length',
  'block-list',
] as const
export type StandardCondition = (typeof STANDARD_CONDITIONS)[number]

/** What is looked at: a part of a card template. */
interface Judged {
  readonly standard: Standard
  readonly pin: { readonly preset: string; readonly minLength: number; readonly blockList: readonly string[] }
  readonly allows: { readonly telephone: boolean; readonly selfService: boolean }
  readonly verification: { readonly ways: readonly string[] }
}

/** PINs that are refused at least, where the list is one's own. */
const SHORTEST_LIST = 10

const IS_MET: Record<StandardCondition, (document: Judged) => boolean> = {
  // No mutually authenticated session with the card, and no biometric match on it. [FIPS 201-3, 2.9.3.1]
  'no-telephone': ({ allows }) => !allows.telephone,
  'no-self-service': ({ allows }) => !allows.selfService,
  // The holder's own computer would need a match on the card: it is refused when it is asked for.
  'station-only': () => true,
  'in-person-with-document': ({ verification }) => verification.ways.every((way) => way === 'in-person'),
  'pin-length': ({ pin }) => pin.minLength >= 6,
  'block-list': ({ pin }) => pin.preset !== 'own' || pin.blockList.length >= SHORTEST_LIST,
}

const CONDITIONS_OF: Record<Standard, readonly StandardCondition[]> = {
  none: [],
  'fips-201-3': ['no-telephone', 'no-self-service', 'station-only', 'in-person-with-document', 'pin-length'],
  'sp-800-63b-4': ['pin-length', 'block-list'],
}

/** The conditions of a template's standard, and which of them are met. */
export const judgeStandard = (document: Judged): { condition: StandardCondition; isMet: boolean }[] =>
  CONDITIONS_OF[document.standard].map((condition) => ({ condition, isMet: IS_MET[condition](document) }))

/** True for a standard by which a card is unblocked at a station alone. */
export const isStationOnly = ({ standard }: { readonly standard: Standard }): boolean =>
  CONDITIONS_OF[standard].includes('station-only')
