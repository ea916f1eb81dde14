import type { Language } from './language.ts'
/**
 * Codes that people say to each other over a bad line: what may be typed, how it is grouped, how it is spelled.
 *
 * Three kinds: a *challenge* (Crockford base32, or bare hexadecimal from a screen that is not ours), a *cryptogram* and a
 * *receipt* (digits, or bare hexadecimal).
 */

/** How a challenge is written; its length tells. */
export type ChallengeForm = 'masked' | 'native' | 'bare'

/** Symbols by which forms are told apart. [piv-unblock/v1, Native admin key, our own screen] */
export const CHALLENGE_LENGTHS = { masked: [10], native: [15, 28], bare: [16, 32] } as const

const SEPARATORS = /[\s.,;:_/|–—-]+/g
const LOOKALIKES: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' }

/**
 * What a person typed or pasted, as the symbols that were meant: any case, any separator, O for 0, I and L for 1.
 *
 * Nothing is refused here; `findForm` and `findStrangeSymbol` say what is wrong.
 */
export function readTypedCode(typed: string): string {
  return typed
    .replace(SEPARATORS, '')
    .toUpperCase()
    .replace(/[OIL]/g, (symbol) => LOOKALIKES[symbol] as string)
}

/** The form that a challenge of this length has; undefined while it is too short, or when it fits none. */
export function findForm(challenge: string): ChallengeForm | undefined {
  for (const [form, lengths] of Object.entries(CHALLENGE_LENGTHS)) {
    if (!(lengths as readonly number[]).includes(challenge.length)) continue
    if (form === 'bare' && !/^[0-9A-F]+$/.test(challenge)) return undefined
    return form as ChallengeForm
  }
  return undefined
}

/** The first typed symbol that no challenge can hold (U, Ü, an emoji…); undefined when all may stand. */
export function findStrangeSymbol(challenge: string): string | undefined {
  return [...challenge].find((symbol) => !/^[0-9A-HJKMNP-TV-Z]$/.test(symbol))
}

/** What a code is, for its grouping. */
export type CodeKind =
  | ChallengeForm
  | 'cryptogram'
  | 'native-cryptogram'
  | 'bare-cryptogram'
  | 'receipt'
  | 'puc'
  | 'set-up-code'
  | 'prompt-code'
  | 'caller-code'
  | 'proof-code'

const GROUP_LENGTHS = {
  masked: 5,
  native: 5,
  bare: 4,
  cryptogram: 4,
  'native-cryptogram': 7,
  'bare-cryptogram': 4,
  receipt: 4,
  puc: 4,
  'set-up-code': 4,
  'prompt-code': 2,
  'caller-code': 4,
  'proof-code': 4,
} as const satisfies Record<CodeKind, number>

/** The groups in which a code is shown and said. */
export function groupCode(code: string, kind: CodeKind): string[] {
  const groups: string[] = []
  for (let offset = 0; offset < code.length; offset += GROUP_LENGTHS[kind]) {
    groups.push(code.slice(offset, offset + GROUP_LENGTHS[kind]))
  }
  return groups
}

/** How the symbols of a code are said, by language. Digits are words too, so that a screen reader says "four two". */
export const SPELLING = {
  en: {
    '0': 'zero',
    '1': 'one',
    '2': 'two',
    '3': 'three',
    '4': 'four',
    '5': 'five',
    '6': 'six',
    '7': 'seven',
    '8': 'eight',
    '9': 'nine',
    A: 'Alfa',
    B: 'Bravo',
    C: 'Charlie',
    D: 'Delta',
    E: 'Echo',
    F: 'Foxtrot',
    G: 'Golf',
    H: 'Hotel',
    J: 'Juliett',
    K: 'Kilo',
    M: 'Mike',
    N: 'November',
    P: 'Papa',
    Q: 'Quebec',
    R: 'Romeo',
    S: 'Sierra',
    T: 'Tango',
    V: 'Victor',
    W: 'Whiskey',
    X: 'X-ray',
    Y: 'Yankee',
    Z: 'Zulu',
  },
  // Towns; and "zwo", which nobody takes for "drei". [DIN 5009]
  de: {
    '0': 'null',
    '1': 'eins',
    '2': 'zwo',
    '3': 'drei',
    '4': 'vier',
    '5': 'fünf',
    '6': 'sechs',
    '7': 'sieben',
    '8': 'acht',
    '9': 'neun',
    A: 'Aachen',
    B: 'Berlin',
    C: 'Chemnitz',
    D: 'Düsseldorf',
    E: 'Essen',
    F: 'Frankfurt',
    G: 'Goslar',
    H: 'Hamburg',
    J: 'Jena',
    K: 'Köln',
    M: 'München',
    N: 'Nürnberg',
    P: 'Potsdam',
    Q: 'Quickborn',
    R: 'Rostock',
    S: 'Salzwedel',
    T: 'Tübingen',
    V: 'Völklingen',
    W: 'Wuppertal',
    X: 'Xanten',
    Y: 'Ypsilon',
    Z: 'Zwickau',
  },
} as const satisfies Record<Language, Record<string, string>>

/** A group of symbols as it is said: `Kilo four two`; in the language of whoever says it. */
export function spellGroup(group: string, language: Language = 'en'): string {
  const words: Readonly<Record<string, string>> = SPELLING[language]
  return [...group].map((symbol) => words[symbol] ?? symbol).join(' ')
}
