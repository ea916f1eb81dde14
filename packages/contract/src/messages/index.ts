import { en } from './en.ts'

export type { ProblemText } from './en/problems.ts'
export { en }

/** The same tree with any words: what a translation must have. */
type Words<Tree> = { readonly [Key in keyof Tree]: Tree[Key] extends string ? string : Words<Tree[Key]> }

/** A catalogue: one language's texts. */
export type Messages = Words<typeof en>

/** The languages that there are, by BCP 47 tag. */
export const MESSAGES = { en } as const satisfies Record<string, Messages>

/** A language of the catalogue. */
export type Language = keyof typeof MESSAGES
