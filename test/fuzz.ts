/**
 * `npm run fuzz -- --minutes N [--seed S]`: the properties of parsers, cards and the API, for long. Rounds are run until the time
 * is over; each prints its seed, and `--seed S` alone runs that round again.
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

/** How many times as often as in a usual test run, in one round. */
const TIMES = 4
const TEST_TIMEOUT_MS = 900_000

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } })
const until = Date.now() + Number(values.minutes ?? 0) * 60_000
let seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
if (!Number.isSafeInteger(seed) || Number.isNaN(until)) throw new Error('usage: npm run fuzz -- --minutes N [--seed S]')

let rounds = 0
do {
  console.log(`seed ${seed}`)
  const env = { ...process.env, UNLATCH_FUZZ_TIMES: String(TIMES), UNLATCH_FUZZ_SEED: String(seed) }
  const args = ['vitest', 'run', '--project', 'all', `--testTimeout=${TEST_TIMEOUT_MS}`, '.property.test.ts']
  const { status } = spawnSync('npx', args, { stdio: 'inherit', env })
  if (status !== 0) {
    console.error(`again: npm run fuzz -- --seed ${seed}`)
    process.exitCode = 1
    break
  }
  rounds++
  seed++
} while (Date.now() < until)
console.log(`${rounds} rounds, nothing found${process.exitCode ? ' before the last one' : ''}`)
