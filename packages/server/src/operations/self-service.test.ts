import { writeHex } from '@unlatch/card'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkLogon } from '../jobs/check-logon.ts'
import { type Directory, DirectoryError, type LogonRefusal } from '../ports/directory.ts'
import { selfServiceOffer, selfServiceProgress } from '../records/self-service/views.ts'
import { look } from '../records/view.ts'
import { connectAgent } from './connected.fixture.ts'
import { addConnection } from './connections/add-connection.ts'
import { setThreatLevel } from './desk/set-threat-level.ts'
import { moveCard } from './lifecycle/move-card.ts'
import { perform } from './operation.ts'
import { beginLogon, endLogon } from './self-service/check-logon.ts'
import { proveSelfService } from './self-service/prove-self-service.ts'
import { releaseSelfService } from './self-service/release-self-service.ts'
import { allowSelfService, openAttempt, openProved } from './self-service.fixture.ts'
import { askUnblock } from './unblock-connected/ask-unblock.ts'
import { collectUnblock } from './unblock-connected/collect-unblock.ts'
import { dropUnblock } from './unblock-connected/drop-unblock.ts'
import { reportConnected } from './unblock-connected/report-connected.ts'
import { verifyHolder } from './verified.fixture.ts'
import { type StagedPivCard, type StagedWorld, stageWorld } from './world.fixture.ts'

/** A holder alone: nothing leaves before the card proved itself and its holder showed that it is he; a stranger changes nothing. */

let stage: StagedWorld
let personId: string
let card: StagedPivCard
let agent: ReturnType<typeof connectAgent>
/** What the directory answers, and how often it was asked. */
let refusal: LogonRefusal | Error | undefined
let asked: string[]
beforeEach(async () => {
  stage = await stageWorld()
  personId = await stage.person()
  card = await stage.pivCard(personId)
  agent = connectAgent(stage, card)
  refusal = undefined
  asked = []
  await allow(card.id, {})
  const admin = await stage.operator(['connection:write'])
  const settings = { urls: ['ldaps://dir.example'], authority: '', baseDn: 'ou=people', bindDn: 'cn=reader' }
  const attributes = {
    name: 'cn',
    userName: 'uid',
    department: '',
    email: '',
    phone: '',
    manager: '',
    entry: 'entryUUID',
  }
  const directory = { ...settings, filter: '(objectClass=person)', attributes }
  const { id } = await perform(
    addConnection,
    stage.world,
    { kind: 'directory', name: 'D', directory, secret: 's' },
    admin,
  )
  const source = { directory_id: id, directory_entry: 'k', directory_dn: 'uid=k' }
  await stage.database.transaction((tx) =>
    tx
      .updateTable('people')
      .set(source)
      .where('id', '=', personId)
      .execute()
      .then(() => {}),
  )
})
afterEach(() => stage.close())

const DIRECTORY: Directory = {
  search: async () => ({ entries: [], isMore: false }),
  read: async () => [],
  count: async () => ({ count: 0, isMore: false }),
  async logOn(_, { dn }, password) {
    asked.push(`${dn} ${password}`)
    if (refusal instanceof Error) throw refusal
    return refusal
  },
}
const allow = (cardId: string, demand: Parameters<typeof allowSelfService>[2], isAllowed = true) =>
  allowSelfService(stage, cardId, demand, isAllowed)
const cardUuid = () => writeHex(card.cardUuid)
const open = (by = agent) => openAttempt(stage, card, by)
const proved = (by = agent) => openProved(stage, card, by)
const answer = (unblockId: string, password = 'right', by = agent) =>
  checkLogon(stage.world, DIRECTORY, { unblockId, secret: writeHex(new TextEncoder().encode(password)) }, by.actor)
const release = (unblockId: string, by = agent) => perform(releaseSelfService, stage.world, { unblockId }, by.actor)
const collect = (unblockId: string, by = agent) => perform(collectUnblock, stage.world, { unblockId }, by.actor)
const pass = (minutes: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + minutes * 60_000)
}
const codeOf = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? 'a bug',
  )

describe('a holder alone', () => {
  it('proves the card, signs in, and gets what this card at this agent opens, once; all of it on record', async () => {
    const unblockId = await proved()
    expect(await answer(unblockId)).toMatchObject({ isMet: true, ways: [{ way: 'domain', state: 'met' }] })
    expect(asked).toEqual(['uid=k right'])
    await release(unblockId)
    // Its answer was lost.
    await release(unblockId)
    const round = await collect(unblockId)
    expect(round).toMatchObject({
      kind: 'puk',
      statement: { operation: 'unblock-self-service', attemptId: unblockId, personId, ways: ['domain'] },
    })
    const report = { unblockId, outcome: 'unblocked', triesLeft: null, at: '2026-11-23T09:01:00Z' }
    await perform(reportConnected, stage.world, report, agent.actor)
    const audit = await stage.audit()
    expect(audit.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual(
      expect.arrayContaining([
        'self-service.open done',
        'self-service.begin-logon done',
        'self-service.end-logon done',
        'self-service.release done',
      ]),
    )
    expect(JSON.stringify(audit)).not.toContain('right')
    const notices = await stage.database.reads.selectFrom('notices').selectAll().execute()
    expect(notices.every(({ procedure, operator_id }) => procedure === 'self-service' && operator_id === null)).toBe(
      true,
    )
    const [event] = await stage.database.reads
      .selectFrom('desk_events')
      .selectAll()
      .where('kind', '=', 'unblocked')
      .execute()
    expect(event?.name).toBe('self-service')
  })

  it('gets nothing without another authentication, and nothing after it was too long ago', async () => {
    const unblockId = await proved()
    expect(await codeOf(release(unblockId))).toBe('caller-not-verified')
    await answer(unblockId)
    pass(2)
    expect(await codeOf(release(unblockId))).toBe('statement-expired')
    expect(await codeOf(collect(unblockId))).toBe('attempt-closed')
  })

  it('is over after ten minutes, whatever was shown', async () => {
    await allow(card.id, { count: 2, ways: ['domain', 'unblock-code'] })
    const unblockId = await proved()
    await answer(unblockId)
    pass(11)
    expect(await codeOf(answer(unblockId))).toBe('attempt-closed')
    expect(await codeOf(release(unblockId))).toBe('attempt-closed')
  })

  it('begins anew at once where the agent died with what it had collected; its report is taken all the same', async () => {
    const unblockId = await proved()
    await answer(unblockId)
    await release(unblockId)
    await collect(unblockId)
    expect(await codeOf(open(connectAgent(stage, card, { id: 'another' })))).toBe('unblock-under-way')
    const next = await proved()
    expect(await codeOf(collect(unblockId))).toBe('attempt-closed')
    const report = { unblockId, outcome: 'unknown', triesLeft: null, at: '2026-11-23T09:01:00Z' }
    expect(await perform(reportConnected, stage.world, report, agent.actor)).toEqual({ result: 'recorded' })
    await answer(next)
    await release(next)
    expect(await codeOf(collect(next))).toBe('done')
  })

  it('needs two ways with two roots where the template says so', async () => {
    await allow(card.id, { count: 2, ways: ['domain', 'unblock-code'] })
    const unblockId = await proved()
    expect(await answer(unblockId)).toMatchObject({ isMet: false, count: 2 })
    expect(await codeOf(release(unblockId))).toBe('caller-not-verified')
  })

  it('is told only who he is once the card proved itself', async () => {
    const { unblockId } = await open()
    expect(await codeOf(look(selfServiceProgress, stage.world, { unblockId }, agent.actor))).toBe('attempt-closed')
    expect(await codeOf(answer(unblockId))).toBe('attempt-closed')
    const wrong = perform(proveSelfService, stage.world, { unblockId, proof: '00'.repeat(16) }, agent.actor)
    expect(await codeOf(wrong)).toBe('card-not-proved')
    // It is over: no second guess.
    const again = perform(proveSelfService, stage.world, { unblockId, proof: '00'.repeat(16) }, agent.actor)
    expect(await codeOf(again)).toBe('attempt-closed')
    expect(asked).toEqual([])
  })
})

describe('wrong passwords', () => {
  it('count by the card: two in half an hour, then the directory is not asked, in no other attempt either', async () => {
    refusal = 'logon-wrong'
    const first = await proved()
    expect(await codeOf(answer(first, 'a'))).toBe('logon-wrong')
    expect(await codeOf(answer(first, 'b'))).toBe('logon-wrong')
    expect(await codeOf(answer(first, 'c'))).toBe('self-service-tries')
    const second = await proved()
    expect(await codeOf(answer(second, 'd'))).toBe('self-service-tries')
    expect(asked).toHaveLength(2)
    pass(31)
    refusal = undefined
    expect(await answer(await proved(), 'right')).toMatchObject({ isMet: true })
  })

  it('come in a burst and are two all the same', async () => {
    refusal = 'logon-wrong'
    const unblockId = await proved()
    const codes = await Promise.all(Array.from({ length: 6 }, (_, i) => codeOf(answer(unblockId, `p${i}`))))
    expect(codes.filter((code) => code === 'logon-wrong')).toHaveLength(2)
    expect(asked).toHaveLength(2)
  })

  it('of another card of the person are counted apart', async () => {
    refusal = 'logon-wrong'
    const mine = await proved()
    for (const word of ['a', 'b']) await codeOf(answer(mine, word))
    card = await stage.pivCard(personId)
    await allow(card.id, {})
    refusal = undefined
    expect(await answer(await proved())).toMatchObject({ isMet: true })
  })

  it('that the directory never heard are no tries', async () => {
    refusal = new DirectoryError('directory-unreachable', 'down')
    const unblockId = await proved()
    for (const _ of [1, 2, 3]) expect(await codeOf(answer(unblockId))).toBe('directory-unreachable')
    refusal = undefined
    expect(await answer(unblockId)).toMatchObject({ isMet: true })
  })

  it('leave each state of an account its own answer', async () => {
    for (const state of ['account-locked', 'account-expired', 'account-not-member'] as const) {
      card = await stage.pivCard(personId)
      await allow(card.id, {})
      refusal = state
      expect(await codeOf(answer(await proved()))).toBe(state)
    }
  })

  it('that are empty are not sent', async () => {
    const unblockId = await proved()
    expect(await codeOf(answer(unblockId, '\0'))).toBe('input-invalid')
    expect(asked).toEqual([])
  })

  it('answered late, when the attempt is over, change nothing', async () => {
    const unblockId = await proved()
    const { wayId } = await perform(beginLogon, stage.world, { unblockId }, agent.actor)
    await perform(dropUnblock, stage.world, { unblockId, problem: 'attempt-cancelled' }, agent.actor)
    const late = perform(endLogon, stage.world, { unblockId, wayId, refusal: null }, agent.actor)
    expect(await codeOf(late)).toBe('attempt-closed')
  })
})

describe('who may not', () => {
  const offer = async () => (await look(selfServiceOffer, stage.world, { cardUuid: cardUuid() }, agent.actor)).obstacle

  it('a card whose template does not allow it, or that is suspended; while the threat is raised nobody', async () => {
    expect(await offer()).toBeNull()
    const unblockId = await proved()
    await answer(unblockId)
    const supervisor = await stage.operator(['threat:set', 'card:move'])
    await perform(setThreatLevel, stage.world, { isRaised: true, reason: 'calls' }, supervisor)
    expect(await offer()).toBe('self-service-closed')
    expect(await codeOf(open())).toBe('self-service-closed')
    expect(await codeOf(release(unblockId))).toBe('self-service-closed')
    await perform(setThreatLevel, stage.world, { isRaised: false, reason: 'over' }, supervisor)
    await perform(moveCard, stage.world, { cardId: card.id, move: 'suspend', reason: 'lost' }, supervisor)
    expect(await codeOf(open())).toBe('card-suspended')
    expect(await codeOf(release(unblockId))).toBe('attempt-closed')
    card = await stage.pivCard(personId)
    await allow(card.id, {}, false)
    expect(await offer()).toBe('self-service-not-allowed')
    expect(await codeOf(open())).toBe('self-service-not-allowed')
  })

  it('another agent: what is sealed for one is not collected by the other; two that report one card are both refused', async () => {
    const unblockId = await proved()
    await answer(unblockId)
    const thief = connectAgent(stage, card, { id: 'thief' })
    expect(await codeOf(release(unblockId, thief))).toBe('not-found')
    expect(await codeOf(open(thief))).toBe('card-in-two-places')
    expect(await codeOf(release(unblockId))).toBe('attempt-closed')
  })

  it('anybody while an operator unblocks the card; an operator takes over from a holder', async () => {
    const operator = await stage.operator()
    await verifyHolder(stage.world, card.id, operator, 'connected')
    const wish = { cardId: card.id, agentId: 'laptop', reader: 'Reader' }
    const unblockId = await proved()
    await perform(askUnblock, stage.world, wish, operator)
    expect(await codeOf(answer(unblockId))).toBe('attempt-closed')
    expect(await codeOf(open())).toBe('unblock-under-way')
  })

  it('somebody who was somebody else’s: a card that was given away meanwhile', async () => {
    const unblockId = await proved()
    await answer(unblockId)
    const other = await stage.person('Other')
    await stage.database.transaction((tx) =>
      tx
        .updateTable('cards')
        .set({ person_id: other })
        .where('id', '=', card.id)
        .execute()
        .then(() => {}),
    )
    expect(await codeOf(release(unblockId))).toBe('attempt-closed')
  })

  it('a holder who had enough today', async () => {
    for (let count = 0; count < 5; count++) {
      const unblockId = await proved()
      await answer(unblockId)
      await release(unblockId)
      const report = { unblockId, outcome: 'unblocked', triesLeft: null, at: '2026-11-23T09:01:00Z' }
      await perform(reportConnected, stage.world, report, agent.actor)
    }
    const last = await proved()
    await answer(last)
    expect(await codeOf(release(last))).toBe('release-limit-card')
  })
})
