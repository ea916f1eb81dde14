/** Values that canonical JSON holds here: no fractions, no `undefined`. */
export type CanonicalValue =
  | string
  | number
  | boolean
  | null
  | readonly CanonicalValue[]
  | { readonly [name: string]: CanonicalValue }

/**
 * Canonical JSON: one text for one value, so that it can be hashed and signed. Names sorted by UTF-16 code units, no blanks.
 * Numbers are safe integers only, so that no rule about fractions is needed.
 *
 * @throws RangeError for another number or a lone surrogate.
 * @see [RFC 8785, 3.2]
 */
export function writeCanonicalJson(value: CanonicalValue): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError('only safe integers')
  if (typeof value === 'string' && !value.isWellFormed()) throw new RangeError('lone surrogate')
  if (value === null || typeof value !== 'object') return JSON.stringify(Object.is(value, -0) ? 0 : value)
  if (Array.isArray(value)) return `[${value.map(writeCanonicalJson).join(',')}]`
  const members = Object.entries(value as Record<string, CanonicalValue>).sort(([a], [b]) =>
    a < b ? -1 : a > b ? 1 : 0,
  )
  return `{${members.map(([name, member]) => `${writeCanonicalJson(name)}:${writeCanonicalJson(member)}`).join(',')}}`
}
