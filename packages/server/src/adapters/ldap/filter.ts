/** Filters as text. Pure. */

/** A value that means itself, whatever signs it has. [RFC 4515, 3] */
export const escapeValue = (value: string): string =>
  value.replace(/[\\*()\0]/g, (sign) => `\\${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** Octets in a filter. [RFC 4515, 3] */
export const escapeOctets = (hex: string): string => hex.replace(/../g, (octet) => `\\${octet.toLowerCase()}`)

/** People of a directory: whom the filter of the connection fits, and one of these. */
export const both = (filter: string, some: readonly string[]): string => `(&${filter}(|${some.join('')}))`

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
