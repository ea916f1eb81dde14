import type { ImportDelimiter, ImportEncoding } from '@unlatch/contract'

/** What a file's octets mean: its encoding and what stands between its cells. Pure. */

/** By its byte order mark; else UTF-8 where that fits; else what Windows writes in the West. */
export function guessEncoding(octets: Uint8Array): ImportEncoding {
  const [first, second] = octets
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(octets)
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

/** The text; a byte order mark is no part of it, and octets that mean nothing become U+FFFD. */
export const readText = (octets: Uint8Array, encoding: ImportEncoding): string =>
  new TextDecoder(encoding).decode(octets)

/** What stands most often in the first line, outside of quotation marks. */
export function guessDelimiter(text: string): ImportDelimiter {
  const counts: Record<ImportDelimiter, number> = { ',': 0, ';': 0, '\t': 0 }
  let isQuoted = false
  for (const sign of text) {
    if (sign === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (sign === '\n' && counts[','] + counts[';'] + counts['\t'] > 0) break
    else if (Object.hasOwn(counts, sign)) counts[sign as ImportDelimiter]++
  }
  const [most] = Object.entries(counts).sort(([, a], [, b]) => b - a)
  return (most?.[0] ?? ',') as ImportDelimiter
}
