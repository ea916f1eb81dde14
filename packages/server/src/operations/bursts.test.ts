import { ascii } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { writeReceipt } from '@unlatch/card/unblock'
import { Problem, ROLE_PERMISSIONS } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Actor, ANYBODY, SYSTEM } from '../records/actors.ts'
import { findPukRecord } from '../records/puk-records/puk-records.ts'
import { inviteOperator } from './administer/invite-operator.ts'
import { setOperatorState } from './administer/set-operator-state.ts'
import { perform, type World } from './operation.ts'
import { issueCard } from './register/issue-card.ts'
import { personaliseCard } from './register/personalise-card.ts'
import { registerCard } from './register/register-card.ts'
import { addOperator } from './set-up/add-operator.ts'
import { finishSetUp } from './set-up/finish-set-up.ts'
import { signIn } from './sign-in/sign-in.ts'
import { releaseSigned, signRelease } from './signed-release.fixture.ts'
import { checkChallenge } from './unblock/check-challenge.ts'
import { confirmUnblock } from './unblock/confirm.ts'
import { openUnblock } from './unblock/open-unblock.ts'
import { releaseCryptogram } from './unblock/release-cryptogram.ts'
import { reportUnblock } from './unblock/report.ts'
import { STAGED_PASSWORD, type StagedPivCard, type StagedWorld, stageWorld } from './world.fixture.ts'

/** Limits hold however many ask at once, at two servers that share a database. */

let stage: StagedWorld
let nodes: World[]
let operators: Actor[]
let personId: string
let card: StagedPivCard

const AGENT: Actor = { ...ANYBODY, kind: 'agent', permissions: new Set(['agent:report', 'card:register']) }
const LIMITS = { releasesPerCardAndDay: 5, releasesPerOperatorAndHour: 30 }

beforeEach(async () => {
  stage = await stageWorld(LIMITS)
  nodes = [stage.world, { ...stage.world, database: await stage.database.another() }]
  operators = [await stage.operator(), await stage.operator()]
  personId = await stage.person()
  card = await stage.pivCard(personId)
})
afterEach(() => stage.close())

const nodeOf = (i: number) => nodes[i % nodes.length] as World
const operatorOf = (i: number) => operators[i % operators.length] as Actor

const open = async (actor: Actor, cardId = card.id) => (await perform(openUnblock, stage.world, { cardId }, actor)).id

const wish = (unblockId: string, challenge: string, idempotencyKey = 'key-00000001') => {
  return { unblockId, challenge, idempotencyKey }
}

/** How many of each: `done`, or the problem's code. */
async function count(burst: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const settled of await Promise.allSettled(burst)) {
    if (settled.status === 'rejected' && !(settled.reason instanceof Problem)) throw settled.reason
    const code = settled.status === 'fulfilled' ? 'done' : (settled.reason as Problem).code
    counts[code] = (counts[code] ?? 0) + 1
  }
  return counts
}

const times = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i))

const rowsOf = (table: 'releases' | 'notices' | 'challenge_misses') =>
  stage.world.database.reads.selectFrom(table).selectAll().execute()

describe('at once', () => {
  it('administrators who disable each other: one is left', async () => {
    const add = (userName: string) =>
      perform(
        addOperator,
        stage.world,
        { name: userName, userName, password: STAGED_PASSWORD, roles: ['administrator'] },
        SYSTEM,
      )
    const ids = await Promise.all(times(4, (i) => add(`admin${i}`)))
    const burst = ids.map(({ id }, i) =>
      perform(setOperatorState, nodeOf(i), { operatorId: id, isDisabled: true }, SYSTEM),
    )
    expect(await count(burst)).toEqual({ done: 3, 'last-administrator': 1 })
  })

  it('one set-up code from many places: one becomes the operator', async () => {
    const wishes = { name: 'Ben', userName: 'ben', roles: ['help-desk'] }
    const { code } = await perform(inviteOperator, stage.world, wishes, {
      ...SYSTEM,
      permissions: new Set(ROLE_PERMISSIONS),
    })
    const burst = times(6, (i) =>
      perform(finishSetUp, nodeOf(i), { code, password: `four quiet lorries ${i}`, address: `10.0.0.${i}` }, ANYBODY),
    )
    expect(await count(burst)).toEqual({ done: 1, 'set-up-code-refused': 5 })
  })

  it('twenty challenges of one card: five are answered', async () => {
    const unblocks = await Promise.all(times(20, (i) => open(operatorOf(i))))
    const signed = await Promise.all(
      times(20, (i) => signRelease(nodeOf(i), wish(unblocks[i] ?? '', card.attempt().challenge), operatorOf(i))),
    )
    const burst = signed.map((asked, i) => perform(releaseCryptogram, nodeOf(i), asked, operatorOf(i)))
    // Whoever got three of them has used up how he verified his caller.
    const { done, 'release-limit-card': many = 0, 'caller-not-verified': used = 0, ...other } = await count(burst)
    expect({ done, refused: many + used, other }).toEqual({ done: 5, refused: 15, other: {} })
    expect(await rowsOf('releases')).toHaveLength(5)
  })

  it('challenges of many cards through one operator: as many as he may', async () => {
    const [olivia] = operators as [Actor]
    const settings = { ...stage.world.settings, releasesPerOperatorAndHour: 4 }
    const cards = await Promise.all(times(12, async () => stage.pivCard(await stage.person())))
    const unblocks = await Promise.all(cards.map(({ id }) => open(olivia, id)))
    const signed = await Promise.all(
      cards.map((one, i) => signRelease(nodeOf(i), wish(unblocks[i] ?? '', one.attempt().challenge), olivia)),
    )
    const burst = signed.map((asked, i) => perform(releaseCryptogram, { ...nodeOf(i), settings }, asked, olivia))
    expect(await count(burst)).toEqual({ done: 4, 'release-limit-operator': 8 })
  })

  it('one challenge from many sessions: one gets the cryptogram', async () => {
    const { challenge } = card.attempt()
    const unblocks = await Promise.all(times(8, (i) => open(operatorOf(i))))
    const signed = await Promise.all(
      times(8, (i) => signRelease(nodeOf(i), wish(unblocks[i] ?? '', challenge), operatorOf(i))),
    )
    const burst = signed.map((asked, i) =>
      perform(releaseCryptogram, nodeOf(i), asked, { ...operatorOf(i), sessionId: `session-${i}` }),
    )
    expect(await count(burst)).toEqual({ done: 1, 'challenge-answered': 7 })
    expect(await rowsOf('releases')).toHaveLength(1)
  })

  it('the same request many times: the same cryptogram each time, one release', async () => {
    const [olivia] = operators as [Actor]
    const asked = await signRelease(stage.world, wish(await open(olivia), card.attempt().challenge), olivia)
    const answers = await Promise.all(times(6, (i) => perform(releaseCryptogram, nodeOf(i), asked, olivia)))
    expect(new Set(answers.map(({ code }) => code)).size).toBe(1)
    expect(await rowsOf('releases')).toHaveLength(1)
  })

  it('several candidates: one release until its outcome is known, and one try', async () => {
    const candidates = [
      { epoch: 0, counter: 2 },
      { epoch: 0, counter: 1 },
    ]
    const torn = await stage.pivCard(personId, { candidates, triesAtLeast: 5, triesLimit: 5 })
    const unblocks = await Promise.all(times(6, (i) => open(operatorOf(i), torn.id)))
    const signed = await Promise.all(
      times(6, (i) => signRelease(nodeOf(i), wish(unblocks[i] ?? '', torn.attempt().challenge), operatorOf(i))),
    )
    const burst = signed.map((asked, i) => perform(releaseCryptogram, nodeOf(i), asked, operatorOf(i)))
    expect(await count(burst)).toEqual({ done: 1, 'outcome-outstanding': 5 })
    expect((await findPukRecord(stage.world.database.reads, torn.id))?.record.triesAtLeast).toBe(4)
  })

  it('wrong challenges: ten are judged', async () => {
    const [olivia] = operators as [Actor]
    const unblockId = await open(olivia)
    const burst = times(24, (i) => perform(releaseCryptogram, nodeOf(i), wish(unblockId, card.attempt().wrong), olivia))
    expect(await count(burst)).toEqual({ 'challenge-misheard': 10, 'too-many-misses': 14 })
    expect(await rowsOf('challenge_misses')).toHaveLength(10)
  })

  it('wrong challenges in the live check: ten are judged', async () => {
    const [olivia] = operators as [Actor]
    const unblockId = await open(olivia)
    const verdicts = await Promise.all(
      times(24, (i) => perform(checkChallenge, nodeOf(i), { unblockId, challenge: card.attempt().wrong }, olivia)),
    )
    expect(verdicts.filter(({ verdict }) => verdict === 'challenge-misheard')).toHaveLength(10)
    expect(await rowsOf('challenge_misses')).toHaveLength(10)
  })

  it('wrong receipts: five are looked at', async () => {
    const [olivia] = operators as [Actor]
    const unblockId = await open(olivia)
    const { challenge, keys } = card.attempt()
    const { code } = await releaseSigned(stage.world, wish(unblockId, challenge), olivia)
    const right = writeReceipt(nodeCrypto, keys, ascii(code), { code: 'unblocked' })
    const wrong = `${(Number(right[0]) + 9) % 10}${right.slice(1, -1)}${(Number(right.at(-1)) + 1) % 10}`
    const burst = times(12, (i) => perform(confirmUnblock, nodeOf(i), { unblockId, receipt: wrong }, olivia))
    expect(await count(burst)).toEqual({ 'receipt-mismatch': 5, 'too-many-receipts': 7 })
  })

  it('the receipt from the caller and from the agent: settled once, told once', async () => {
    const [olivia] = operators as [Actor]
    const unblockId = await open(olivia)
    const { challenge, keys } = card.attempt()
    const { code } = await releaseSigned(stage.world, wish(unblockId, challenge), olivia)
    const receipt = writeReceipt(nodeCrypto, keys, ascii(code), { code: 'unblocked' })
    const cardUuid = Buffer.from(card.cardUuid).toString('hex').toUpperCase()
    const report = { cardUuid, challenge, outcome: 'unblocked', receipt, at: '2026-11-23T09:01:00.000Z' }
    const burst = times(8, (i) =>
      i % 3 === 0
        ? perform(reportUnblock, nodeOf(i), report, AGENT)
        : perform(confirmUnblock, nodeOf(i), { unblockId, receipt }, olivia),
    )
    expect(await count(burst)).toEqual({ done: 8 })
    const told = (await rowsOf('notices')).filter((row) => 'kind' in row && row.kind === 'pin-unblocked')
    expect(told).toHaveLength(1)
  })

  it.each(['known', 'unknown'])('wrong passwords for a name that is %s: five are looked at', async (which) => {
    const userName = which === 'known' ? operatorOf(0).userName : 'nobody'
    const burst = times(12, (i) => perform(signIn, nodeOf(i), { userName, password: 'wrong' }, ANYBODY))
    expect(await count(burst)).toEqual({ 'sign-in-refused': 5, 'sign-in-throttled': 7 })
  })

  it('one round of a personalisation: one goes on', async () => {
    const station: Actor = { ...AGENT, id: 'station' }
    const asked = { personId, family: 'piv', label: 'l', printedSerial: 'S-1' }
    const { cardId } = await perform(registerCard, stage.world, asked, station)
    const { round } = await perform(issueCard, stage.world, { cardId }, station)
    const burst = times(5, (i) => perform(personaliseCard, nodeOf(i), { cardId, round, answers: [] }, station))
    expect(await count(burst)).toEqual({ done: 1, 'attempt-closed': 4 })
  })
})
