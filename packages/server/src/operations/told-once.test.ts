import { ascii } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { writeReceipt } from '@unlatch/card/unblock'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tellDue } from '../jobs/tell-holders.ts'
import type { TextMessage } from '../ports/delivery.ts'
import { type Actor, SYSTEM } from '../records/actors.ts'
import { cardNotices } from '../records/notices/views.ts'
import { look } from '../records/view.ts'
import { stageTemplate } from './delivery.fixture.ts'
import { changeDeskSettings } from './desk/change-settings.ts'
import { perform } from './operation.ts'
import { releaseSigned } from './signed-release.fixture.ts'
import { planNotice } from './tell/plan-notice.ts'
import { confirmUnblock } from './unblock/confirm.ts'
import { openUnblock } from './unblock/open-unblock.ts'
import { type StagedPivCard, type StagedWorld, stageWorld } from './world.fixture.ts'

/** One unblock, one notice, where both of its halves come within a minute; and none is lost where they do not. */

let stage: StagedWorld
let operator: Actor
let card: StagedPivCard
let sent: TextMessage[]
beforeEach(async () => {
  stage = await stageWorld()
  operator = await stage.operator(['unblock:release', 'person:read'])
  card = await stage.pivCard(await stage.person())
  sent = []
  const { connectionId } = await stageTemplate(stage)
  const administrator = { ...SYSTEM, permissions: new Set(['desk:write'] as const) }
  const wish = { revision: 0, settings: { mailConnectionId: connectionId } }
  await perform(changeDeskSettings, stage.world, wish, administrator)
})
afterEach(() => stage.close())

const pass = (seconds: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + seconds * 1000)
}
async function tell(): Promise<string[]> {
  const before = sent.length
  const carrier = {
    send: async () => {},
    sendText: async (_: unknown, message: TextMessage) => void sent.push(message),
  }
  const carriers = { smtp: carrier, letter: carrier, file: carrier, webhook: carrier }
  await tellDue(stage.world, carriers, { organisation: 'Example', helpDeskPhone: '', language: 'en' })
  return sent.slice(before).map(({ subject }) => subject)
}
async function release() {
  const { id: unblockId } = await perform(openUnblock, stage.world, { cardId: card.id }, operator)
  const attempt = card.attempt()
  const wish = { unblockId, challenge: attempt.challenge, idempotencyKey: 'key-00000001' }
  const { code } = await releaseSigned(stage.world, wish, operator)
  const receipt = writeReceipt(nodeCrypto, attempt.keys, ascii(code), { code: 'unblocked' })
  return { unblockId, confirm: () => perform(confirmUnblock, stage.world, { unblockId, receipt }, operator) }
}
const notices = async () => (await look(cardNotices, stage.world, { cardId: card.id }, operator)).notices

it('release and outcome within a minute are told in one message that says both times', async () => {
  const { confirm } = await release()
  expect(await tell()).toEqual([])
  pass(59)
  expect(await tell()).toEqual([])
  await confirm()
  expect(await tell()).toEqual(['Your smart card has a new PIN'])
  expect(sent[0]?.text).toContain('gave out a cryptogram by telephone on 23 November 2026 at 09:00 UTC')
  pass(600)
  expect(await tell()).toEqual([])
  expect(await notices()).toMatchObject([
    { kind: 'pin-unblocked', at: '2026-11-23T09:00:59.000Z', releasedAt: '2026-11-23T09:00:00.000Z' },
  ])
})

it('an outcome that comes later is told by itself; one that is told again is not', async () => {
  const { confirm } = await release()
  pass(60)
  expect(await tell()).toEqual(['Somebody is unblocking your smart card'])
  await confirm()
  expect(await tell()).toEqual(['Your smart card has a new PIN'])
  expect(sent[1]?.text).toContain('was unblocked and has a new PIN')
  await confirm()
  expect(await tell()).toEqual([])
})

it('whoever gives a cryptogram and is never heard of again is told on after a minute', async () => {
  await release()
  pass(3600)
  expect(await tell()).toEqual(['Somebody is unblocking your smart card'])
})

it('planned at the very moment of the outcome: two messages, or one, and nothing is lost', async () => {
  const { confirm } = await release()
  const [notice] = await notices()
  pass(60)
  await Promise.all([perform(planNotice, stage.world, { noticeId: notice?.id }, SYSTEM), confirm()])
  await tell()
  expect(sent.map(({ subject }) => subject)).toContain('Your smart card has a new PIN')
  const kinds = (await notices()).map(({ kind, releasedAt }) => `${kind} ${releasedAt !== null}`).sort()
  expect([['pin-unblocked true'], ['cryptogram-released false', 'pin-unblocked false']]).toContainEqual(kinds)
})
