import { type CodeKind, groupCode, readTypedCode } from '@unlatch/contract'

/** What stands in a code field after a change: grouped, as long as the cursor is at the end; else as it was typed. */
export function writeTypedCode(field: HTMLInputElement, kindOf: (symbols: string) => CodeKind): string {
  if (field.selectionStart !== field.value.length) return field.value
  const symbols = readTypedCode(field.value)
  return groupCode(symbols, kindOf(symbols)).join(' ')
}

/** The first place, counted from 1, in which two codes differ; undefined while the second is a beginning of the first. */
export function findDifference(wanted: string, typed: string): number | undefined {
  for (let i = 0; i < typed.length; i++) {
    if (typed[i] !== wanted[i]) return i + 1
  }
  return undefined
}
