/** How often a challenge may miss. [piv-unblock/v1, Values] */
export { MISSES_PER_UNBLOCK } from '../../records/unblocks/unblocks.ts'
export const MISSES_PER_CARD_AND_HOUR = 30
/** How often a receipt may be wrong. */
export const RECEIPT_MISSES = 5
/** Within this time the same operator's repetition gets the same answer. [piv-unblock/v1, The run, 2] */
export const REPETITION_MS = 2 * 60_000
