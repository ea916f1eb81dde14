import type { Entry } from 'ldapts'

/** What names an entry that has nothing else that stays. */
export const DN_KEY = 'dn:'

/** Servers answer with names of attributes as they write them. */
export function findValue(entry: Entry, attribute: string) {
  const name = Object.keys(entry).find((one) => one.toLowerCase() === attribute.toLowerCase())
  return name === undefined ? undefined : entry[name]
}
