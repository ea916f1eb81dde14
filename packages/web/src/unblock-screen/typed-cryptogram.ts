import { type CodeKind, readTypedCode, type ScreenState } from '@unlatch/contract'

type Challenge = NonNullable<ScreenState['challenge']>

/** What a typed cryptogram is so far. */
export interface TypedCryptogram {
  /** Digits, or bare hexadecimal; no separators. */
  readonly symbols: string
  /** How it is grouped. */
  readonly kind: CodeKind
  /** Digits that a whole cryptogram has. */
  readonly wanted: number
  readonly strangeSymbol: string | undefined
  /** True when it has a length that may be sent. */
  readonly isWhole: boolean
  /** True when nothing longer can be meant: it may be sent without a key press. */
  readonly isCertain: boolean
  /** Groups that cannot be right by their own check digits, counted from 1. */
  readonly wrongGroups: readonly number[]
}

/** Digits of a masked cryptogram; of a native one, per card block of 8 or 16 bytes, in digits and in hexadecimal. */
const MASKED_DIGITS = 12
const NATIVE = { 15: { digits: 28, hex: 16 }, 28: { digits: 56, hex: 32 } } as const

/** Reads what stands in the field, in the light of the challenge that it answers. [piv-unblock/v1, Native admin key] */
export function readTypedCryptogram(typed: string, challenge: Challenge): TypedCryptogram {
  const symbols = readTypedCode(typed)
  if (challenge.form === 'masked') {
    return {
      symbols,
      kind: 'cryptogram',
      wanted: MASKED_DIGITS,
      strangeSymbol: [...symbols].find((symbol) => !/[0-9]/.test(symbol)),
      isWhole: symbols.length === MASKED_DIGITS,
      isCertain: symbols.length === MASKED_DIGITS,
      wrongGroups: [],
    }
  }
  const lengths = challenge.code.length === 28 ? NATIVE[28] : NATIVE[15]
  const isHex = /[A-F]/.test(symbols)
  const isWhole = symbols.length === lengths.hex || (!isHex && symbols.length === lengths.digits)
  return {
    symbols,
    kind: isHex ? 'bare-cryptogram' : 'native-cryptogram',
    wanted: isHex ? lengths.hex : lengths.digits,
    strangeSymbol: [...symbols].find((symbol) => !/[0-9A-F]/.test(symbol)),
    isWhole,
    isCertain: isWhole && (isHex || symbols.length === lengths.digits),
    wrongGroups: isHex ? [] : findWrongGroups(symbols),
  }
}

/** Five digits and two check digits: `number ‖ group ‖ check` leaves 1 when divided by 97. */
function findWrongGroups(digits: string): number[] {
  const wrong: number[] = []
  for (let number = 1; number * 7 <= digits.length; number++) {
    const group = digits.slice((number - 1) * 7, number * 7)
    if (Number(`${number}${group}`) % 97 !== 1) wrong.push(number)
  }
  return wrong
}
