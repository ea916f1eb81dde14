import type { Entry } from 'ldapts'

/** What names an entry that has nothing else that stays. */
export const DN_KEY = 'dn:'

/** Servers answer with names of attributes as they write them. */
export function findValue(entry: Entry, attribute: string) {
  const name = Object.keys(entry).find((one) => one.toLowerCase() === attribute.toLowerCase())
  return name === undefined ? undefined : entry[name]
}

/** The first value; nothing where there is none. */
export function textOf(entry: Entry | undefined, attribute: string): string {
  const value = entry && findValue(entry, attribute)
  const [first] = Array.isArray(value) ? value : [value]
  return first === undefined ? '' : String(first)
}

/** Milliseconds since 1970; NaN where nothing stands. [RFC 4517, 3.3.13] */
export function readTime(text: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(text) ?? []
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
