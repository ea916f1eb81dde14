import { AndFilter, EqualityFilter, type Filter, FilterParser, OrFilter } from 'ldapts'

/** Filters. Pure. */

/** A value that means itself, whatever signs it has. [RFC 4515, 3] */
export const escapeValue = (value: string): string =>
  value.replace(/[\\*()\0]/g, (sign) => `\\${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)

/**
 * An entry, by what names it for ever. Octets cannot stand in a filter as text: the library takes each for a letter of its own.
 *
 * @param key - octets in hex for an objectGUID.
 */
export const isEntry = (attribute: string, key: string): Filter =>
  new EqualityFilter({ attribute, value: attribute === 'objectGUID' ? Buffer.from(key, 'hex') : key })

/** People of a directory: whom the filter of the connection fits, and one of these. */
export const both = (filter: string, some: readonly (string | Filter)[]): Filter =>
  new AndFilter({
    filters: [
      readFilter(filter),
      new OrFilter({ filters: some.map((one) => (typeof one === 'string' ? readFilter(one) : one)) }),
    ],
  })

/** Letters beyond ASCII may be written as their octets. [RFC 4515, 3] */
const readFilter = (text: string): Filter =>
  FilterParser.parseString(
    text.replace(/(?:\\[89a-f][0-9a-f])+/gi, (octets) => Buffer.from(octets.replaceAll('\\', ''), 'hex').toString()),
  )

/** The value of the first part of a name: a manager is named by his entry. [RFC 4514, 2.4] */
export function readFirstName(dn: string): string {
  const [, value = dn] = /^[^=]+=((?:\\.|[^,+\\])*)/.exec(dn) ?? []
  const octets = value.replace(/\\([0-9A-Fa-f]{2})/g, (_, hex: string) => `%${hex}`)
  try {
    const isEscaped = octets !== value
    return (isEscaped ? decodeURIComponent(octets.replace(/%(?![0-9A-Fa-f]{2})/g, '%25')) : value).replace(
      /\\(.)/g,
      '$1',
    )
  } catch {
    return value
  }
}
