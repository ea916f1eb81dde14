import type { Language } from '../language.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import type { Words } from './words.ts'

export type { ProblemText } from './en/problems.ts'

/** A catalogue: one language's texts. */
export type Messages = Words<typeof en>

/** The catalogue of each language. Pages load one alone, from `messages/en` or `messages/de`. */
export const MESSAGES = { en, de } as const satisfies Record<Language, Messages>
