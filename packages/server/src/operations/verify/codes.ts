import { randomInt } from 'node:crypto'
import type { Language } from '@unlatch/contract'
import { WORDS } from '../../records/verifications/words.ts'

/** What is sent to a person and said back: six digits with a check digit, or two words. Neither is stored: a MAC of it is. */

/** Digits of a code, without the check digit. */
const DIGITS = 6

/** Six digits and one that catches a digit that was misheard, and two that changed places. [ISO/IEC 7064, MOD 11,10] */
export function drawCode(): string {
  const digits = String(randomInt(0, 10 ** DIGITS)).padStart(DIGITS, '0')
  return digits + checkDigitOf(digits)
}

function checkDigitOf(digits: string): string {
  let product = 10
  for (const digit of digits) {
    const sum = (product + Number(digit)) % 10 || 10
    product = (sum * 2) % 11
  }
  return String((11 - product) % 10)
}

/** True for digits whose check digit fits. */
export const isCode = (typed: string): boolean =>
  /^\d{7}$/.test(typed) && checkDigitOf(typed.slice(0, DIGITS)) === typed.at(-1)

/** Two words that are easy to say and to tell apart. */
export const drawWords = (language: Language): string => `${drawWord(language)} ${drawWord(language)}`
const drawWord = (language: Language) => WORDS[language][randomInt(0, WORDS[language].length)] as string

/** What somebody typed, as it was meant: words in lower case with one blank, digits without separators. */
export function readSaid(said: string): string {
  const folded = said.normalize('NFKC').trim().toLowerCase()
  return /\d/.test(folded) ? folded.replace(/[^0-9a-z]/g, '') : folded.replace(/[^a-z]+/g, ' ').trim()
}
