import { randomInt } from 'node:crypto'
import type { Language } from '@unlatch/contract'
import { WORDS } from '../../records/verifications/words.ts'

/** Words that are sent to a person and said back. They are not stored: a MAC of them is. */

/** Two words that are easy to say and to tell apart. */
export const drawWords = (language: Language): string => `${drawWord(language)} ${drawWord(language)}`
const drawWord = (language: Language) => WORDS[language][randomInt(0, WORDS[language].length)] as string

/** What somebody typed, as it was meant: words in lower case with one blank, digits without separators. */
export function readSaid(said: string): string {
  const folded = said.normalize('NFKC').trim().toLowerCase()
  return /\d/.test(folded) ? folded.replace(/[^0-9a-z]/g, '') : folded.replace(/[^a-z]+/g, ' ').trim()
}
