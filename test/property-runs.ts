import fc from 'fast-check'

/**
 * How long properties are looked at, in one place: as often as each says, with a seed of its own; by `npm run fuzz` many times as
 * often, from a seed that is printed. The same seed gives the same inputs again.
 */
const { UNLATCH_FUZZ_TIMES, UNLATCH_FUZZ_SEED } = process.env
const times = Number(UNLATCH_FUZZ_TIMES ?? 1)
const USUAL = 100

/** `usual` runs, or as many times more as are wished. */
export const runs = (usual: number): number => usual * times

fc.configureGlobal({
  numRuns: runs(USUAL),
  ...(UNLATCH_FUZZ_SEED !== undefined && { seed: Number(UNLATCH_FUZZ_SEED) }),
})
