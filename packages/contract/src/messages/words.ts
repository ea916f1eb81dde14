/** The same tree with any words: what a translation of it must have, no text less and none more. */
export type Words<Tree> = { readonly [Key in keyof Tree]: Tree[Key] extends string ? string : Words<Tree[Key]> }
