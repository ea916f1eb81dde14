import type { DeskSettings, OperatorSignature, StatementToSign } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { raiseDue } from '../jobs/raise-alerts.ts'
import type { TextMessage } from '../ports/delivery.ts'
import type { Actor } from '../records/actors.ts'
import { cardHistory } from '../records/cards/views.ts'
import { markTested } from '../records/connections/connections.ts'
import { isWithin } from '../records/four-eyes/reasons.ts'
import { fourEyesRequests } from '../records/four-eyes/views.ts'
import { incidentList } from '../records/incidents/views.ts'
import { cardVerification } from '../records/verifications/views.ts'
import { look } from '../records/view.ts'
import { addConnection } from './connections/add-connection.ts'
import { stageTemplate } from './delivery.fixture.ts'
import { changeDeskSettings } from './desk/change-settings.ts'
import { setThreatLevel } from './desk/set-threat-level.ts'
import { answerFourEyes, writeApprovalStatement } from './four-eyes/answer-four-eyes.ts'
import { askFourEyes, breakGlass } from './four-eyes/ask-four-eyes.ts'
import { closeCaught } from './incidents/close-caught.ts'
import { perform } from './operation.ts'
import { releaseSigned } from './signed-release.fixture.ts'
import { openUnblock } from './unblock/open-unblock.ts'
import { verifyHolder } from './verified.fixture.ts'
import { answerWay } from './verify/answer-way.ts'
import { beginWay } from './verify/begin-way.ts'
import { openVerification } from './verify/open-verification.ts'
import { STAGED_PASSWORD, type StagedPivCard, type StagedWorld, stageWorld } from './world.fixture.ts'

let stage: StagedWorld
let operator: Actor
let second: Actor
let personId: string
let card: StagedPivCard

beforeEach(async () => {
  stage = await stageWorld()
  operator = await stage.operator(['unblock:release', 'unblock:break-glass'], 'session-1')
  second = await stage.operator(['unblock:release', 'unblock:approve'], 'session-2')
  personId = await stage.person()
  card = await stage.pivCard(personId)
  await addSession(operator, 'browser-1')
  await addSession(second, 'browser-2')
})
afterEach(() => stage.close())

const addSession = (actor: Actor, browser: string) =>
  stage.database.transaction((tx) => {
    const at = stage.clock.now().toISOString()
    const row = { id: actor.sessionId, operator_id: actor.id, browser, address: '', user_agent: '' }
    return tx
      .insertInto('sessions')
      .values({ ...row, created_at: at, last_seen_at: at, expires_at: '2999' })
      .execute()
  })
const pass = (minutes: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + minutes * 60_000)
}
const setDesk = async (settings: Partial<DeskSettings>) => {
  const administrator = await stage.operator(['desk:write', 'connection:write'])
  const { revision } = (await stage.database.reads.selectFrom('desk_settings').selectAll().executeTakeFirst()) ?? {
    revision: 0,
  }
  await perform(changeDeskSettings, stage.world, { revision, settings }, administrator)
}
const markPerson = () => stage.database.transaction((tx) => tx.updateTable('people').set({ is_sensitive: 1 }).execute())
const verified = async (by = operator) => {
  await verifyHolder(stage.world, card.id, by)
  return (await perform(openVerification, stage.world, { cardId: card.id, procedure: 'telephone' }, by)).id
}
const release = async (by = operator) => {
  const { id: unblockId } = await perform(openUnblock, stage.world, { cardId: card.id }, by)
  const wish = { unblockId, challenge: card.attempt().challenge, idempotencyKey: 'key-00000001' }
  return releaseSigned(stage.world, wish, by)
}
const ask = async (verificationId: string, by = operator) =>
  (await perform(askFourEyes, stage.world, { verificationId, note: 'she is at the airport' }, by)).id
const listIncidents = async () =>
  (await look(incidentList, stage.world, {}, await stage.operator(['incident:read']))).incidents
const written = (approvalId: string, by = second): Promise<StatementToSign> =>
  perform(writeApprovalStatement, stage.world, { approvalId }, by)
const answer = (approvalId: string, signed: { nonce: string; signature: OperatorSignature } | null, by = second) =>
  perform(answerFourEyes, stage.world, { approvalId, signed }, by)
const approve = async (approvalId: string, by = second) => {
  const { statement } = await written(approvalId, by)
  const signature = { kind: 'password', password: STAGED_PASSWORD } as const
  return answer(approvalId, { nonce: statement.nonce, signature }, by)
}
const view = () => look(cardVerification, stage.world, { cardId: card.id, procedure: 'telephone' }, operator)

describe('a second operator', () => {
  it('approves with his own signature, sees the evidence, and both are on record with the release', async () => {
    await markPerson()
    const verificationId = await verified()
    expect((await view()).fourEyes).toEqual({ reasons: ['person'], isForRelease: true, approval: null })
    await expect(release()).rejects.toMatchObject({ code: 'second-operator-needed', facts: { reasons: ['person'] } })
    const id = await ask(verificationId)
    await expect(release()).rejects.toMatchObject({ code: 'second-operator-needed' })
    const { requests } = await look(fourEyesRequests, stage.world, {}, second)
    expect(requests).toMatchObject([
      {
        id,
        askedBy: operator.name,
        isOwn: false,
        note: 'she is at the airport',
        ways: expect.arrayContaining([expect.objectContaining({ evidence: { document: 'passport' } })]),
      },
    ])
    expect((await written(id)).statement).toMatchObject({ operation: 'approve-release', askedBy: operator.id })
    await approve(id)
    expect((await view()).fourEyes.approval).toMatchObject({ state: 'approved', answeredBy: second.name })
    expect(await release()).toMatchObject({ kind: 'cryptogram' })
    const audit = await stage.audit()
    expect(audit.findLast(({ operation }) => operation === 'unblock.release-cryptogram')).toMatchObject({
      event: { approval: id },
    })
    expect(audit.findLast(({ operation }) => operation === 'four-eyes.answer')).toMatchObject({
      event: { answer: 'approved', statement: expect.stringContaining('approve-release') },
    })
  })

  it('is needed where the template says so, the desk for this action, or the hours', async () => {
    await verified()
    const reasons = async () => (await view()).fourEyes.reasons
    expect(await reasons()).toEqual([])
    const { templateId } = await stageTemplate(stage, { fourEyes: true })
    const change = { template_id: templateId, template_version: 1 }
    await stage.database.transaction((tx) => tx.updateTable('cards').set(change).where('id', '=', card.id).execute())
    await setDesk({
      fourEyes: ['telephone'],
      officeHours: { zone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], from: '08:00', to: '09:30' },
    })
    // 2026-11-23 is a Monday, and 10:00 in Berlin.
    expect(await reasons()).toEqual(['template', 'action', 'hours'])
  })

  it('is not the one who asked, nor his second account in the same browser: that is an incident', async () => {
    await markPerson()
    const id = await ask(await verified())
    const self = { ...operator, permissions: second.permissions }
    await expect(approve(id, self)).rejects.toMatchObject({ code: 'approval-own' })
    const account = await stage.operator(['unblock:approve'], 'session-3')
    await addSession(account, 'browser-1')
    await expect(approve(id, account)).rejects.toMatchObject({ code: 'approval-own' })
    expect((await stage.audit()).at(-1)).toMatchObject({
      outcome: 'refused',
      event: { incident: { kind: 'approval-by-second-account', otherOperatorId: operator.id } },
    })
    // A browser holds one session: that of whoever asked ended when his second account signed in.
    await stage.database.transaction((tx) => tx.deleteFrom('sessions').where('id', '=', operator.sessionId).execute())
    await expect(approve(id, account)).rejects.toMatchObject({ code: 'approval-own' })
    const [incident, ...others] = await listIncidents()
    expect(others).toEqual([])
    expect(incident).toMatchObject({ kind: 'approval-by-second-account', cardId: card.id, personId, count: 2 })
    expect(incident).toMatchObject({ operatorName: account.name, otherOperatorName: operator.name })
    for (const one of [account, operator]) {
      const self: Actor = { ...one, permissions: new Set(['incident:handle']) }
      const closed = perform(closeCaught, stage.world, { incidentId: incident?.id, note: 'fine' }, self)
      await expect(closed).rejects.toMatchObject({ code: 'incident-own' })
    }
    await approve(id)
  })

  it('says no; or says yes too late, or with a wrong or another signature', async () => {
    await markPerson()
    const verificationId = await verified()
    const first = await ask(verificationId)
    await answer(first, null)
    await expect(release()).rejects.toMatchObject({ code: 'second-operator-needed' })
    await expect(approve(first)).rejects.toMatchObject({ code: 'approval-over' })
    const next = await ask(verificationId)
    const { statement } = await written(next)
    const wrong = { kind: 'password', password: 'wrong' } as const
    await expect(answer(next, { nonce: statement.nonce, signature: wrong })).rejects.toMatchObject({
      code: 'password-wrong',
    })
    pass(3)
    const right = { kind: 'password', password: STAGED_PASSWORD } as const
    await expect(answer(next, { nonce: statement.nonce, signature: right })).rejects.toMatchObject({
      code: 'statement-expired',
    })
    pass(13)
    await expect(approve(next)).rejects.toMatchObject({ code: 'approval-over' })
  })

  it('approved for one verification, and for a quarter of an hour', async () => {
    await markPerson()
    await approve(await ask(await verified()))
    pass(16)
    await verified()
    await expect(release()).rejects.toMatchObject({ code: 'second-operator-needed' })
  })

  it('is asked for a PUC alone, where the desk demands him for that; a cryptogram needs none then', async () => {
    await setDesk({ fourEyes: ['read-puc'] })
    const verificationId = await verified()
    expect((await view()).fourEyes).toMatchObject({ reasons: [], isForRelease: false })
    const reader = { ...operator, permissions: new Set([...operator.permissions, 'puc:read'] as const) }
    const seen = await look(cardVerification, stage.world, { cardId: card.id, procedure: 'telephone' }, reader)
    expect(seen.fourEyes).toMatchObject({ reasons: ['action'], isForRelease: false })
    await approve(await ask(verificationId))
    expect(await release()).toMatchObject({ kind: 'cryptogram' })
  })

  it('is asked for nothing that needs none', async () => {
    await expect(ask(await verified())).rejects.toMatchObject({ code: 'second-operator-not-needed' })
  })
})

describe('the glass', () => {
  it('is broken with a reason by whoever may; it is an incident, and everybody named is told until it arrived', async () => {
    await markPerson()
    await setDesk({ alarmAddresses: ['chief@example.org', 'security@example.org'] })
    const verificationId = await verified()
    const wish = { verificationId, reason: 'the surgeon is in theatre' }
    await expect(perform(breakGlass, stage.world, wish, second)).rejects.toMatchObject({ code: 'not-permitted' })
    await expect(perform(breakGlass, stage.world, { ...wish, reason: 'x' }, operator)).rejects.toMatchObject({
      code: 'input-invalid',
    })
    expect(await perform(breakGlass, stage.world, wish, operator)).toMatchObject({ told: 2 })
    expect(await release()).toMatchObject({ kind: 'cryptogram' })
    expect((await stage.audit()).findLast(({ operation }) => operation === 'four-eyes.break-glass')).toMatchObject({
      event: { reason: wish.reason, incident: { kind: 'glass-broken' } },
    })
    expect(await listIncidents()).toMatchObject([
      { kind: 'glass-broken', cardId: card.id, personId, operatorName: operator.name, otherOperatorName: '' },
    ])
    const { events } = await look(cardHistory, stage.world, { cardId: card.id }, await stage.operator())
    const caught = { what: 'incident-caught', result: 'glass-broken', problem: null, note: wish.reason }
    expect(events).toContainEqual(expect.objectContaining(caught))

    const sent: TextMessage[] = []
    const carrier = {
      send: async () => {},
      sendText: async (_: unknown, message: TextMessage) => void sent.push(message),
    }
    const carriers = { smtp: carrier, letter: carrier, file: carrier, webhook: carrier }
    const raise = () => raiseDue(stage.world, carriers, { organisation: '', helpDeskPhone: '', language: 'en' })
    await raise()
    expect(sent).toEqual([])
    await chooseMail()
    pass(2)
    await raise()
    expect(sent.map(({ to }) => to.email).sort()).toEqual(['chief@example.org', 'security@example.org'])
    expect(sent[0]?.text).toContain('the surgeon is in theatre')
    pass(60)
    await raise()
    expect(sent).toHaveLength(2)
    // Two that found no connection, and two that arrived.
    expect((await stage.audit()).filter(({ operation }) => operation === 'alert.begin')).toHaveLength(4)
  })
})

async function chooseMail(): Promise<void> {
  const administrator = await stage.operator(['connection:write'])
  const smtp = { host: 'localhost', port: 465, security: 'implicit', authority: '', userName: '', from: 'a@b.example' }
  const { id } = await perform(addConnection, stage.world, { kind: 'smtp', name: 'Mail', smtp }, administrator)
  await stage.database.transaction((tx) => markTested(tx, id, 1, stage.clock.now()))
  const { document } = await stage.database.reads.selectFrom('desk_settings').selectAll().executeTakeFirstOrThrow()
  await setDesk({ ...JSON.parse(document), mailConnectionId: id })
}

describe('a raised threat level', () => {
  const set = async (isRaised: boolean) => {
    const supervisor = await stage.operator(['threat:set'])
    return perform(setThreatLevel, stage.world, { isRaised, reason: 'calls from a stranger' }, supervisor)
  }

  it('takes two roots and a second operator for every release, and is lowered again', async () => {
    await setDesk({})
    await chooseMail()
    await set(true)
    await expect(set(true)).rejects.toMatchObject({ code: 'desk-changed' })
    const verificationId = await verified()
    await expect(release()).rejects.toMatchObject({ code: 'verification-insufficient' })
    const code = { verificationId, way: 'address-code', address: 'email' }
    const begun = await perform(beginWay, stage.world, code, operator)
    const said = begun.outgoing?.code ?? ''
    await perform(answerWay, stage.world, { verificationId, wayId: begun.wayId, said }, operator)
    await expect(release()).rejects.toMatchObject({ code: 'second-operator-needed', facts: { reasons: ['threat'] } })
    await approve(await ask(verificationId))
    expect(await release()).toMatchObject({ kind: 'cryptogram' })
    await set(false)
    pass(16)
    await verified()
    expect(await release()).toMatchObject({ kind: 'cryptogram' })
  })

  it('stays what it is when somebody changes the settings', async () => {
    await set(true)
    await setDesk({ fourEyes: ['connected'] })
    expect((await view()).demand.count).toBe(2)
  })
})

describe('limits', () => {
  it('of a person, of an operator’s many people, and of cryptograms without an outcome; the desk may lower them', async () => {
    const limits = { releasesPerPersonAndDay: 2, personsPerOperatorInTenMinutes: 2, outstandingPerOperator: 4 }
    await setDesk({ limits })
    const mine = [card, await stage.pivCard(personId), await stage.pivCard(personId)]
    const serve = async (one: StagedPivCard) => {
      card = one
      return release()
    }
    await serve(mine[0] as StagedPivCard)
    await serve(mine[1] as StagedPivCard)
    await expect(serve(mine[2] as StagedPivCard)).rejects.toMatchObject({ code: 'release-limit-person' })
    const others = await Promise.all(['A', 'B', 'C'].map(async (name) => stage.pivCard(await stage.person(name))))
    await serve(others[0] as StagedPivCard)
    await expect(serve(others[1] as StagedPivCard)).rejects.toMatchObject({ code: 'release-limit-persons' })
    pass(11)
    await serve(others[1] as StagedPivCard)
    pass(11)
    await expect(serve(others[2] as StagedPivCard)).rejects.toMatchObject({ code: 'release-limit-outstanding' })
    await stage.database.transaction((tx) => tx.updateTable('releases').set({ outcome: 'unblocked' }).execute())
    await serve(others[2] as StagedPivCard)
  })
})

it('hours are those of their zone, and of the weekday there', () => {
  const hours = { zone: 'America/New_York', days: [1], from: '08:00', to: '17:00' }
  expect(isWithin(hours, new Date('2026-11-23T12:59:00Z'))).toBe(false)
  expect(isWithin(hours, new Date('2026-11-23T13:00:00Z'))).toBe(true)
  expect(isWithin(hours, new Date('2026-11-23T22:00:00Z'))).toBe(false)
  expect(isWithin({ ...hours, zone: 'Pacific/Auckland', days: [2] }, new Date('2026-11-23T20:00:00Z'))).toBe(true)
})
