import { ascii } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { writeReceipt } from '@unlatch/card/unblock'
import type { Permission, ProblemCode } from '@unlatch/contract'
import { LIVE_DESK_PAGE } from '@unlatch/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Actor } from '../records/actors.ts'
import { connectedProgress } from '../records/connected-unblocks/views.ts'
import { deskNumbers, deskNumbersFile } from '../records/desk-events/views.ts'
import { colleagues, liveDesk, resumedAttempt } from '../records/live-desk/views.ts'
import { look } from '../records/view.ts'
import { connectAgent } from './connected.fixture.ts'
import { endAttempt } from './live-desk/end-attempt.ts'
import { handOver } from './live-desk/hand-over.ts'
import { takeOver } from './live-desk/take-over.ts'
import { perform } from './operation.ts'
import { releaseSigned } from './signed-release.fixture.ts'
import { confirmUnblock } from './unblock/confirm.ts'
import { openUnblock } from './unblock/open-unblock.ts'
import { writeOfflineStatement } from './unblock/write-offline-statement.ts'
import { askUnblock } from './unblock-connected/ask-unblock.ts'
import { verifyHolder } from './verified.fixture.ts'
import { openVerification } from './verify/open-verification.ts'
import { type StagedPivCard, type StagedWorld, stageWorld } from './world.fixture.ts'

/** What is open at the desk is seen, handed over, taken over and ended, each on record; and what was done is counted. */

const SUPERVISOR: readonly Permission[] = ['person:read', 'unblock:release', 'unblock:supervise', 'desk:watch']

let stage: StagedWorld
let olivia: Actor
let otto: Actor
let supervisor: Actor
let card: StagedPivCard
beforeEach(async () => {
  stage = await stageWorld()
  olivia = await stage.operator()
  otto = await stage.operator(undefined, 'session-2')
  supervisor = await stage.operator(SUPERVISOR, 'session-3')
  card = await stage.pivCard(await stage.person())
})
afterEach(() => stage.close())

const list = (by: Actor, after?: string) => look(liveDesk, stage.world, after === undefined ? {} : { after }, by)
const resumed = (by: Actor) => look(resumedAttempt, stage.world, { cardId: card.id }, by)
const open = async (by = olivia) => (await perform(openUnblock, stage.world, { cardId: card.id }, by)).id
const hand = (attemptId: string, to: Actor, by = olivia) =>
  perform(handOver, stage.world, { attemptId, operatorId: to.id, reason: 'end of the shift' }, by)
const take = (attemptId: string, by = supervisor) => perform(takeOver, stage.world, { attemptId }, by)
const end = (attemptId: string, by = olivia) => perform(endAttempt, stage.world, { attemptId }, by)
const release = (unblockId: string, by = olivia, attempt = card.attempt()) =>
  releaseSigned(stage.world, { unblockId, challenge: attempt.challenge, idempotencyKey: 'key-00000001' }, by)
const refused = (promise: Promise<unknown>, code: ProblemCode) =>
  expect(promise).rejects.toThrow(expect.objectContaining({ code }))
const pass = (minutes: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + minutes * 60_000)
}
const lastAudit = async () => (await stage.audit()).at(-1)

it('one sees one’s own, a supervisor everybody’s: who is verified, what waits, and what was given', async () => {
  const { id: verificationId } = await perform(
    openVerification,
    stage.world,
    { cardId: card.id, procedure: 'telephone' },
    olivia,
  )
  const [first] = (await list(olivia)).attempts
  expect(first).toMatchObject({
    id: verificationId,
    place: 'telephone',
    waitsFor: 'verification',
    isOwn: true,
    ways: [],
  })
  expect(first).toMatchObject({ personName: 'Pia Person', cardId: card.id, firstReleaseAt: null })
  expect((await list(otto)).attempts).toEqual([])
  expect((await list(supervisor)).attempts).toMatchObject([
    { id: verificationId, isOwn: false, operator: { id: olivia.id } },
  ])

  pass(1)
  await verifyHolder(stage.world, card.id, olivia)
  const unblockId = await open()
  expect((await list(olivia)).attempts).toMatchObject([
    { id: unblockId, waitsFor: 'challenge', ways: ['in-person'], openedAt: '2026-11-23T09:00:00.000Z' },
  ])
  const { challenge } = card.attempt()
  await perform(writeOfflineStatement, stage.world, { unblockId, challenge }, olivia)
  expect((await list(olivia)).attempts).toMatchObject([{ waitsFor: 'signature' }])
  pass(3)
  expect((await list(olivia)).attempts).toMatchObject([{ waitsFor: 'challenge' }])
  await release(unblockId)
  expect((await list(olivia)).attempts).toMatchObject([
    { waitsFor: 'outcome', firstReleaseAt: '2026-11-23T09:04:00.000Z' },
  ])
  expect(await resumed(olivia)).toEqual({ attempt: { unblockId, closesBy: 'receipt' }, connectedId: null })
  expect(JSON.stringify(await resumed(olivia))).not.toContain('code')
  expect(await resumed(otto)).toEqual({ attempt: null, connectedId: null })
})

it('page by page, and no further back than a day', async () => {
  for (let count = 0; count <= LIVE_DESK_PAGE; count++) {
    await open()
    pass(1)
  }
  const first = await list(olivia)
  expect(first.attempts).toHaveLength(LIVE_DESK_PAGE)
  const second = await list(olivia, first.next ?? '')
  expect(second).toMatchObject({ next: null })
  expect(second.attempts).toHaveLength(1)
  const ids = [...first.attempts, ...second.attempts].map(({ id }) => id)
  expect(new Set(ids).size).toBe(LIVE_DESK_PAGE + 1)
  await refused(list(olivia, 'nonsense'), 'input-invalid')
  pass(24 * 60)
  expect((await list(olivia)).attempts).toEqual([])
})

it('handed over with what is known of the caller: the other one goes on at once, and the first one no more', async () => {
  await verifyHolder(stage.world, card.id, olivia)
  const unblockId = await open()
  await hand(unblockId, otto)
  expect(await lastAudit()).toMatchObject({
    operation: 'unblock.hand-over',
    outcome: 'done',
    subject: `unblock:${unblockId}`,
    event: { unblockId, cardId: card.id, from: olivia.id, to: otto.id, reason: 'end of the shift' },
  })
  expect((await list(olivia)).attempts).toEqual([])
  expect((await list(otto)).attempts).toMatchObject([{ id: unblockId, waitsFor: 'challenge', ways: ['in-person'] }])
  await refused(release(unblockId, olivia), 'not-found')
  await release(unblockId, otto)
})

it('a cryptogram that is out comes along: its receipt is typed by the other one, and its code is shown to nobody', async () => {
  const unblockId = await open()
  const attempt = card.attempt()
  const { code } = await release(unblockId, olivia, attempt)
  await hand(unblockId, otto)
  expect(await resumed(otto)).toMatchObject({ attempt: { unblockId, closesBy: 'receipt' } })
  await refused(release(unblockId, otto, attempt), 'challenge-answered')
  const receipt = writeReceipt(nodeCrypto, attempt.keys, ascii(code), { code: 'unblocked' })
  expect(await perform(confirmUnblock, stage.world, { unblockId, receipt }, otto)).toMatchObject({
    outcome: 'unblocked',
  })
})

it('never while a signature is asked for, to oneself, to who may release nothing, or by somebody else', async () => {
  await verifyHolder(stage.world, card.id, olivia)
  const unblockId = await open()
  await refused(hand(unblockId, olivia), 'colleague-unfit')
  await refused(hand(unblockId, await stage.operator(['person:read'])), 'colleague-unfit')
  await refused(hand(unblockId, otto, otto), 'not-found')
  await refused(hand('nothing', otto), 'not-found')
  await refused(take(unblockId, otto), 'not-permitted')
  await perform(writeOfflineStatement, stage.world, { unblockId, challenge: card.attempt().challenge }, olivia)
  await refused(hand(unblockId, otto), 'attempt-busy')
  await refused(take(unblockId), 'attempt-busy')
  pass(3)
  await take(unblockId)
  expect(await lastAudit()).toMatchObject({
    operation: 'unblock.take-over',
    event: { from: olivia.id, to: supervisor.id },
  })
  await refused(take(unblockId), 'colleague-unfit')
  expect(await look(colleagues, stage.world, {}, olivia)).toEqual({
    colleagues: [otto, supervisor].map(({ id, name, userName }) => ({ id, name, userName })),
  })
})

it('never to the manager who vouches for the caller', async () => {
  await verifyHolder(stage.world, card.id, olivia)
  const unblockId = await open()
  await stage.database.transaction((tx) => tx.updateTable('verification_ways').set({ approver_id: otto.id }).execute())
  await refused(hand(unblockId, otto), 'approval-own')
  await hand(unblockId, supervisor)
})

it('ended by its operator, or by a supervisor; not while nobody knows what became of a cryptogram', async () => {
  const unblockId = await open()
  await refused(end(unblockId, otto), 'not-found')
  await end(unblockId, supervisor)
  expect((await list(supervisor)).attempts).toEqual([])
  await refused(end(unblockId), 'attempt-closed')
  await refused(release(unblockId), 'attempt-closed')
  const second = await open()
  await release(second)
  await refused(end(second), 'outcome-outstanding')
  await perform(confirmUnblock, stage.world, { unblockId: second, told: 'unknown' }, olivia)
  expect((await list(olivia)).attempts).toEqual([])
})

it('an unblock in a reader: shown where it is, handed over before its PIN is typed, and its agent is told of the end', async () => {
  const { told, actor: agent } = connectAgent(stage, card)
  await verifyHolder(stage.world, card.id, olivia, 'connected')
  const { attempts: before } = await list(olivia)
  expect(before).toMatchObject([{ place: 'reader', waitsFor: 'challenge' }])
  const wish = { cardId: card.id, agentId: 'laptop', reader: 'Reader' }
  const { id } = await perform(askUnblock, stage.world, wish, olivia)
  expect((await list(olivia)).attempts).toMatchObject([{ id, place: 'online', waitsFor: 'card' }])
  expect(await resumed(olivia)).toEqual({ attempt: null, connectedId: id })
  const asks = async () => (await look(connectedProgress, stage.world, { unblockId: id }, agent)).operatorName
  expect(await asks()).toBe(olivia.name)
  await hand(id, otto)
  expect(told.at(-1)).toEqual({ type: 'nudge', jobId: id })
  expect(await asks()).toBe(otto.name)
  await take(id)
  expect(told.filter(({ type }) => type === 'nudge')).toHaveLength(2)
  expect(await asks()).toBe(supervisor.name)
  await hand(id, otto, supervisor)
  expect((await list(otto)).attempts).toMatchObject([{ id, ways: ['in-person'] }])
  await end(id, otto)
  expect(JSON.stringify(told)).toContain(id)
  expect((await list(otto)).attempts).toEqual([])
})

it('the desk in numbers: unblocks by procedure, time per call, refusals and limits; as a file too', async () => {
  const numbers = (days: '7' | '30' = '7') => look(deskNumbers, stage.world, { days }, supervisor)
  await verifyHolder(stage.world, card.id, olivia)
  pass(2)
  const unblockId = await open()
  const attempt = card.attempt()
  const { code } = await release(unblockId, olivia, attempt)
  pass(1)
  const receipt = writeReceipt(nodeCrypto, attempt.keys, ascii(code), { code: 'unblocked' })
  await perform(confirmUnblock, stage.world, { unblockId, receipt }, olivia)
  await perform(confirmUnblock, stage.world, { unblockId, receipt }, olivia)
  await refused(release(unblockId), 'attempt-closed')
  const { days, medianSeconds, refusals, limits } = await numbers()
  expect(days).toHaveLength(7)
  expect(days.at(-1)).toEqual({
    day: '2026-11-23',
    telephone: 1,
    station: 0,
    remote: 0,
    puc: 0,
    refused: 1,
    'self-service': 0,
  })
  expect(medianSeconds).toEqual({ telephone: 180, station: null, remote: null, 'self-service': null })
  expect(refusals).toEqual([{ problem: 'attempt-closed', count: 1 }])
  expect(limits).toEqual([])
  expect((await numbers('30')).days).toHaveLength(30)
  await refused(look(deskNumbers, stage.world, {}, olivia), 'not-permitted')
  let file = ''
  for await (const line of await look(deskNumbersFile, stage.world, {}, supervisor)) file += line
  expect(file).toContain('2026-11-23,1,0,0,0,0,1\n')
  expect(file).toContain('1,attempt-closed\n')
  pass(8 * 24 * 60)
  expect((await numbers()).refusals).toEqual([])
})
