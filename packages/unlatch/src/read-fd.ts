import { fstatSync } from 'node:fs'
import { Problem } from '@unlatch/contract'

/** A file descriptor that is open; undefined when none was said. */
export function readFd(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  try {
    if (!/^\d{1,5}$/.test(text)) throw new RangeError('not a number')
    fstatSync(Number(text))
    return Number(text)
  } catch (cause) {
    throw new Problem('wrong-usage', { detail: `${option} ${text}: there is no such file descriptor`, cause })
  }
}
