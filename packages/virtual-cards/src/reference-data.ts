import { isEqual, readHex } from '@unlatch/card'
import { Refusal, SW } from './status-words.ts'

/** A PIN or PUK in a card's memory: `left` goes from `limit` down to 0, which is blocked. */
export interface ReferenceData {
  valueHex: string
  limit: number
  left: number
}

/** Refuses with `6983` while no try is left: the comparison is not made. */
export function requireTries(reference: ReferenceData): void {
  if (reference.left === 0) throw new Refusal(SW.blocked)
}

/**
 * Compares, taking the try first, so that a card torn from its reader has paid for it.
 *
 * @param restores - whether a right value sets the counter back to its limit; else it gives back the one try.
 * @throws Refusal `63Cx` when wrong, `6983` when no try was left (and then nothing is compared).
 */
export function compare(reference: ReferenceData, candidate: Uint8Array, restores = true): void {
  requireTries(reference)
  const before = reference.left
  reference.left -= 1
  if (!isEqual(candidate, readHex(reference.valueHex))) throw new Refusal(triesLeft(reference))
  reference.left = restores ? reference.limit : before
}

/** `63Cx`; a counter over 15 shows as 15. */
export function triesLeft(reference: ReferenceData): number {
  return SW.wrongReference + Math.min(reference.left, 15)
}
