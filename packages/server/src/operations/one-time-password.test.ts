import { randomUUID } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import { HOTP, Secret, TOTP } from 'otpauth'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SYSTEM } from '../records/actors.ts'
import { countersOf, NEVER_USED } from '../records/self-service/one-time-passwords.ts'
import { connectAgent } from './connected.fixture.ts'
import { perform } from './operation.ts'
import { acceptRestore } from './restore/accept-restore.ts'
import { answerOneTimePassword } from './self-service/answer-one-time-password.ts'
import { allowSelfService, openProved } from './self-service.fixture.ts'
import { type StagedPivCard, type StagedWorld, stageWorld } from './world.fixture.ts'

/** A holder shows by a code of his app that it is he: each code counts once. */

let stage: StagedWorld
let personId: string
let card: StagedPivCard
let agent: ReturnType<typeof connectAgent>
beforeEach(async () => {
  stage = await stageWorld()
  personId = await stage.person()
  card = await stage.pivCard(personId)
  agent = connectAgent(stage, card)
  await allowSelfService(stage, card.id, { ways: ['one-time-password'] })
})
afterEach(() => stage.close())

const pass = (seconds: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + seconds * 1000)
}
const codeOf = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? 'a bug',
  )

/** An app that was set up a while ago, and counts. */
async function setUp(kind: 'totp' | 'hotp', usableFrom = stage.clock.at) {
  const of = { personId, id: randomUUID() }
  const { secret, sealed } = await stage.world.keys.drawOneTimeSecret(of)
  const at = stage.clock.at.toISOString()
  const row = {
    id: of.id,
    person_id: personId,
    kind,
    label: 'Phone',
    sealed_secret: sealed,
    counter: NEVER_USED,
    created_at: at,
    confirmed_at: at,
    usable_from: usableFrom.toISOString(),
    last_used_at: null,
  }
  await stage.database.transaction(async (tx) => void (await tx.insertInto('one_time_passwords').values(row).execute()))
  const shared = new Secret({ buffer: new Uint8Array(secret).buffer })
  const [totp, hotp] = [new TOTP({ secret: shared }), new HOTP({ secret: shared })]
  return {
    /** The code that it shows now, and so many steps from now. */
    shows: (steps = 0) => totp.generate({ timestamp: stage.clock.at.getTime() + steps * 30_000 }),
    at: (counter: number) => hotp.generate({ counter }),
    secret,
  }
}
const answer = (unblockId: string, code: string, by = agent) => {
  const secret = writeHex(new TextEncoder().encode(code))
  return perform(answerOneTimePassword, stage.world, { unblockId, secret }, by.actor)
}
const proved = (of = card, by = agent) => openProved(stage, of, by)

describe('a code of a clock', () => {
  it.each([-1, 0, 1])('counts %i steps from now, once', async (steps) => {
    const app = await setUp('totp')
    const unblockId = await proved()
    expect(await answer(unblockId, app.shows(steps))).toMatchObject({ isMet: true })
    expect(await codeOf(answer(await proved(), app.shows(steps)))).toBe('one-time-password-wrong')
  })

  it.each([-2, 2])('does not count %i steps from now', async (steps) => {
    const app = await setUp('totp')
    expect(await codeOf(answer(await proved(), app.shows(steps)))).toBe('one-time-password-wrong')
  })

  it('counts no more once a later one was used', async () => {
    const app = await setUp('totp')
    await answer(await proved(), app.shows(1))
    expect(await codeOf(answer(await proved(), app.shows(0)))).toBe('one-time-password-wrong')
    pass(60)
    expect(await codeOf(answer(await proved(), app.shows(0)))).toBe('done')
  })
})

describe('a code of a counter', () => {
  it('counts ten ahead, and nothing at or before the last one', async () => {
    const app = await setUp('hotp')
    expect(await codeOf(answer(await proved(), app.at(10)))).toBe('one-time-password-wrong')
    expect(await codeOf(answer(await proved(), app.at(9)))).toBe('done')
    expect(await codeOf(answer(await proved(), app.at(9)))).toBe('one-time-password-wrong')
    expect(await codeOf(answer(await proved(), app.at(3)))).toBe('one-time-password-wrong')
    expect(await codeOf(answer(await proved(), app.at(10)))).toBe('done')
  })

  it('is looked for in ten counters, and in three time steps', () => {
    const now = new Date(90_000)
    expect(countersOf({ kind: 'hotp', counter: NEVER_USED }, now)).toEqual({ from: 0, to: 9 })
    expect(countersOf({ kind: 'totp', counter: NEVER_USED }, now)).toEqual({ from: 2, to: 4 })
    expect(countersOf({ kind: 'totp', counter: 3 }, now)).toEqual({ from: 4, to: 4 })
  })
})

it('typed twice at the same instant counts once, also with two cards of one person', async () => {
  const app = await setUp('totp')
  const other = await stage.pivCard(personId)
  await allowSelfService(stage, other.id, { ways: ['one-time-password'] })
  const reader = connectAgent(stage, other, { id: 'other' })
  const [first, second] = [await proved(), await proved(other, reader)]
  const ends = await Promise.all([codeOf(answer(first, app.shows())), codeOf(answer(second, app.shows(), reader))])
  expect(ends.toSorted()).toEqual(['done', 'one-time-password-wrong'])
})

it('wrong ones are counted with the card, however many come at once, and told', async () => {
  const app = await setUp('totp')
  const unblockId = await proved()
  await expect(answer(unblockId, '000000')).rejects.toMatchObject({ facts: { triesLeft: 4 } })
  const ends = await Promise.all(Array.from({ length: 8 }, () => codeOf(answer(unblockId, '000000'))))
  expect(ends.toSorted()).toEqual([
    ...Array.from({ length: 4 }, () => 'one-time-password-wrong'),
    ...Array.from({ length: 4 }, () => 'self-service-tries'),
  ])
  expect(await codeOf(answer(unblockId, app.shows()))).toBe('self-service-tries')
  pass(31 * 60)
  expect(await codeOf(answer(await proved(), app.shows()))).toBe('done')
})

it('counts from its day on, for its person alone, and where the template admits it', async () => {
  const app = await setUp('totp', new Date(stage.clock.at.getTime() + 1000))
  const unblockId = await proved()
  expect(await codeOf(answer(unblockId, app.shows()))).toBe('way-not-set-up')
  pass(1)
  const heir = await stage.person('Heir')
  const theirs = await stage.pivCard(heir)
  await allowSelfService(stage, theirs.id, { ways: ['one-time-password'] })
  const reader = connectAgent(stage, theirs, { id: 'other' })
  expect(await codeOf(answer(await proved(theirs, reader), app.shows(), reader))).toBe('way-not-set-up')
  await allowSelfService(stage, card.id, { ways: ['domain'] })
  expect(await codeOf(answer(unblockId, app.shows()))).toBe('verification-not-admitted')
})

it('stands in no record: neither the code nor its secret', async () => {
  const app = await setUp('totp')
  await codeOf(answer(await proved(), '135790'))
  await answer(await proved(), app.shows())
  const rows = await stage.database.reads.selectFrom('self_service_ways').selectAll().execute()
  const written = JSON.stringify([rows, await stage.audit()])
  for (const text of ['135790', app.shows(), writeHex(app.secret)]) expect(written).not.toContain(text)
})

it('after a restore no code comes again: those of a clock until now, and those of a counter for ever', async () => {
  const [clock, counter] = [await setUp('totp'), await setUp('hotp')]
  await answer(await proved(), clock.shows())
  await answer(await proved(), counter.at(0))
  // The backup was made before.
  await stage.database.transaction(
    async (tx) => void (await tx.updateTable('one_time_passwords').set({ counter: NEVER_USED }).execute()),
  )
  await perform(acceptRestore, stage.world, {}, SYSTEM)
  expect(await codeOf(answer(await proved(), clock.shows()))).toBe('one-time-password-wrong')
  expect(await codeOf(answer(await proved(), counter.at(0)))).toBe('one-time-password-wrong')
  pass(60)
  expect(await codeOf(answer(await proved(), clock.shows()))).toBe('done')
})
