import type { TemplateDocument, VerificationDemand, VerifiedProcedure } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Actor, SYSTEM } from '../records/actors.ts'
import { markTested } from '../records/connections/connections.ts'
import { incidentList } from '../records/incidents/views.ts'
import { isCode } from '../records/verifications/codes.ts'
import { cardVerification, ownApprovals } from '../records/verifications/views.ts'
import { WORDS } from '../records/verifications/words.ts'
import { look } from '../records/view.ts'
import { connectAgent } from './connected.fixture.ts'
import { addConnection } from './connections/add-connection.ts'
import { removeConnection } from './connections/remove-connection.ts'
import { stageTemplate } from './delivery.fixture.ts'
import { changeDeskSettings } from './desk/change-settings.ts'
import { perform } from './operation.ts'
import { addPerson } from './people/add-person.ts'
import { changePerson } from './people/change-person.ts'
import { addOperator } from './set-up/add-operator.ts'
import { releaseSigned } from './signed-release.fixture.ts'
import { openUnblock } from './unblock/open-unblock.ts'
import { writeOfflineStatement } from './unblock/write-offline-statement.ts'
import { askUnblock } from './unblock-connected/ask-unblock.ts'
import { verifyHolder } from './verified.fixture.ts'
import { answerApproval } from './verify/answer-approval.ts'
import { answerWay } from './verify/answer-way.ts'
import { attestWay } from './verify/attest-way.ts'
import { beginWay, noteUnsent } from './verify/begin-way.ts'
import { openVerification } from './verify/open-verification.ts'
import { STAGED_PASSWORD, type StagedPivCard, type StagedWorld, stageRole, stageWorld } from './world.fixture.ts'

let stage: StagedWorld
let operator: Actor
let manager: Actor
let personId: string
let card: StagedPivCard

beforeEach(async () => {
  stage = await stageWorld()
  operator = await stage.operator()
  manager = await addManager('maya')
  const contact = { department: '', email: 'pia@example.org', secondEmail: 'pia@home.example', phone: '+46 1' }
  const wish = { name: 'Pia Person', userName: 'pia', manager: 'maya', ...contact }
  personId = (await perform(addPerson, stage.world, wish, SYSTEM)).id
  card = await stage.pivCard(personId)
  await chooseMail()
})
afterEach(() => stage.close())

async function addManager(userName: string): Promise<Actor> {
  const permissions = ['verification:confirm'] as const
  const roles = [await stageRole(stage.world, permissions)]
  const wish = { name: `Manager ${userName}`, userName, password: STAGED_PASSWORD, roles }
  const { id } = await perform(addOperator, stage.world, wish, SYSTEM)
  const rest = { permissions: new Set(permissions), sessionId: `session of ${userName}` }
  return { kind: 'operator', id, name: wish.name, userName, ...rest }
}

/** A tested mail connection, by which the desk's messages leave. */
async function chooseMail(): Promise<void> {
  const administrator = await stage.operator(['connection:write', 'desk:write'])
  const smtp = {
    host: 'localhost',
    port: 465,
    security: 'implicit',
    authority: '',
    userName: '',
    from: 'desk@example.org',
  }
  const { id } = await perform(addConnection, stage.world, { kind: 'smtp', name: 'Mail', smtp }, administrator)
  await stage.database.transaction((tx) => markTested(tx, id, 1, stage.clock.now()))
  const settings = { mailConnectionId: id, textConnectionId: null }
  await perform(changeDeskSettings, stage.world, { revision: 0, settings }, administrator)
}

const pass = (minutes: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + minutes * 60_000)
}
const view = (procedure: VerifiedProcedure = 'telephone', by = operator) =>
  look(cardVerification, stage.world, { cardId: card.id, procedure }, by)
const open = async (procedure: VerifiedProcedure = 'telephone', by = operator) =>
  (await perform(openVerification, stage.world, { cardId: card.id, procedure }, by)).id
const begin = async (wish: object, by = operator) =>
  perform(beginWay, stage.world, { verificationId: await open('telephone', by), ...wish }, by)
const answer = async (wayId: string, said: string, by = operator) =>
  perform(answerWay, stage.world, { verificationId: await open('telephone', by), wayId, said }, by)
const codeOf = (begun: { outgoing: { code: string } | null }) => begun.outgoing?.code ?? ''
const CALL_BACK = { way: 'call-back', address: 'email' } as const
const release = async (by = operator) => {
  const { id: unblockId } = await perform(openUnblock, stage.world, { cardId: card.id }, by)
  return perform(writeOfflineStatement, stage.world, { unblockId, challenge: card.attempt().challenge }, by)
}
const setTemplate = async (verification: VerificationDemand, changes: Partial<TemplateDocument> = {}) => {
  const { templateId } = await stageTemplate(stage, { verification, ...changes })
  await stage.database.transaction((tx) =>
    tx.updateTable('cards').set({ template_id: templateId, template_version: 1 }).where('id', '=', card.id).execute(),
  )
}

describe('called back', () => {
  it('the person reads two words that went to another address, and a cryptogram may leave; all of it is on record', async () => {
    await expect(release()).rejects.toMatchObject({ code: 'caller-not-verified' })
    const begun = await begin(CALL_BACK)
    expect(begun.outgoing).toMatchObject({ kind: 'word', to: { address: 'pia@example.org' } })
    const words = codeOf(begun)
    expect(words).toMatch(/^[a-z]+ [a-z]+$/)
    await expect(release()).rejects.toMatchObject({ code: 'caller-not-verified' })
    await answer(begun.wayId, `  ${words.toUpperCase().replace(' ', '-')} `)
    expect((await view()).open).toMatchObject({ isMet: true, usesLeft: 3, expiresAt: '2026-11-23T09:15:00.000Z' })
    expect((await release()).statement.verification).toEqual(['call-back'])
    const audit = JSON.stringify(await stage.audit())
    expect(audit).toContain('"called":"+46 1"')
    const everything =
      audit + JSON.stringify(await stage.database.reads.selectFrom('verification_ways').selectAll().execute())
    for (const word of [words, ...words.split(' ')]) expect(everything).not.toContain(`"${word}`)
  })

  it('the words are in the language of whoever reads them', async () => {
    await stage.database.transaction((tx) =>
      tx.updateTable('people').set({ language: 'de' }).where('id', '=', personId).execute(),
    )
    const begun = await begin(CALL_BACK)
    expect(begun.outgoing?.to.language).toBe('de')
    expect(WORDS.de).toEqual(expect.arrayContaining(codeOf(begun).split(' ')))
    await answer(begun.wayId, codeOf(begun))
    expect((await view()).open).toMatchObject({ isMet: true })
  })

  it('a wrong word is counted; after five the right one is none any more', async () => {
    const begun = await begin(CALL_BACK)
    for (let left = 4; left >= 0; left--)
      await expect(answer(begun.wayId, 'wrong words')).rejects.toMatchObject({
        code: 'verification-code-wrong',
        facts: { triesLeft: left },
      })
    await expect(answer(begun.wayId, codeOf(begun))).rejects.toMatchObject({ code: 'verification-failed' })
  })

  it('ten minutes later the words are too old', async () => {
    const begun = await begin(CALL_BACK)
    pass(10)
    await expect(answer(begun.wayId, codeOf(begun))).rejects.toMatchObject({ code: 'verification-failed' })
  })

  it('the words of one are none of another', async () => {
    const [one, other] = [await begin(CALL_BACK), await begin(CALL_BACK)]
    await expect(answer(one.wayId, codeOf(other))).rejects.toMatchObject({ code: 'verification-code-wrong' })
  })

  it('is not offered at a number that changed yesterday; what it was before is shown to a supervisor alone', async () => {
    const writer = await stage.operator(['person:write'])
    const contact = { department: '', email: 'pia@example.org', secondEmail: 'pia@home.example', manager: 'maya' }
    const change = { personId, revision: 1, name: 'Pia Person', userName: 'pia', phone: '+46 9', ...contact }
    await perform(changePerson, stage.world, change, writer)
    pass(24 * 60)
    await expect(begin(CALL_BACK)).rejects.toMatchObject({ code: 'address-too-new' })
    const phone = async (by: Actor) => (await view('telephone', by)).addresses.find(({ kind }) => kind === 'phone')
    expect(await phone(operator)).toMatchObject({ address: '+46 9', changed: { previous: null } })
    const supervisor = await stage.operator(['unblock:release', 'unblock:supervise'])
    expect(await phone(supervisor)).toMatchObject({ changed: { previous: '+46 1' } })
    pass(14 * 24 * 60)
    expect(await begin(CALL_BACK)).toMatchObject({ outgoing: { kind: 'word' } })
  })
})

describe('a code to an address', () => {
  it('has a check digit, and rests on what opens that address', async () => {
    const begun = await begin({ way: 'address-code', address: 'secondEmail' })
    expect(isCode(codeOf(begun))).toBe(true)
    await answer(begun.wayId, codeOf(begun).replace(/(\d{4})/, '$1 '))
    expect((await view()).open?.ways).toMatchObject([{ way: 'address-code', root: 'mailbox', state: 'met' }])
  })

  it('goes by a connection that nobody removes meanwhile', async () => {
    const administrator = await stage.operator(['connection:write'])
    const [connection] = await stage.database.reads.selectFrom('connections').select('id').execute()
    const removed = perform(removeConnection, stage.world, { connectionId: connection?.id }, administrator)
    await expect(removed).rejects.toMatchObject({ code: 'connection-of-desk' })
  })

  it('goes by no connection that was not chosen, and to no address that is none', async () => {
    const wish = { way: 'address-code', address: 'phone' }
    await expect(begin(wish)).rejects.toMatchObject({ code: 'no-text-connection' })
    await stage.database.transaction((tx) => tx.updateTable('people').set({ second_email: '' }).execute())
    await expect(begin({ ...wish, address: 'secondEmail' })).rejects.toMatchObject({ code: 'address-missing' })
  })

  it('that could not be sent is none', async () => {
    const begun = await begin({ way: 'address-code', address: 'email' })
    const unsent = { verificationId: await open(), wayId: begun.wayId, problem: 'delivery-unreachable' }
    await perform(noteUnsent, stage.world, unsent, operator)
    await expect(answer(begun.wayId, codeOf(begun))).rejects.toMatchObject({ code: 'verification-failed' })
  })

  it('is sent twelve times in an hour to one person, by whomever, and no more', async () => {
    const other = await stage.operator()
    for (let i = 0; i < 12; i++) await begin({ way: 'address-code', address: 'email' }, i % 2 ? other : operator)
    await expect(begin({ way: 'address-code', address: 'email' })).rejects.toMatchObject({ code: 'verification-limit' })
    pass(61)
    await begin({ way: 'address-code', address: 'email' })
  })
})

describe('the manager', () => {
  const asked = (by = manager) => look(ownApprovals, stage.world, {}, by)

  it('is asked, sees who asks, and says yes', async () => {
    const begun = await begin({ way: 'manager' })
    expect((await asked()).approvals).toMatchObject([
      { id: begun.wayId, personName: 'Pia Person', operatorName: operator.name, state: 'asked' },
    ])
    await perform(answerApproval, stage.world, { wayId: begun.wayId, answer: 'confirm' }, manager)
    expect((await view()).open?.isMet).toBe(true)
    const again = perform(answerApproval, stage.world, { wayId: begun.wayId, answer: 'decline' }, manager)
    await expect(again).rejects.toMatchObject({ code: 'approval-over' })
  })

  it('says no, or nothing for ten minutes: then it failed', async () => {
    const first = await begin({ way: 'manager' })
    await perform(answerApproval, stage.world, { wayId: first.wayId, answer: 'decline' }, manager)
    const second = await begin({ way: 'manager' })
    pass(10)
    const late = perform(answerApproval, stage.world, { wayId: second.wayId, answer: 'confirm' }, manager)
    await expect(late).rejects.toMatchObject({ code: 'approval-over' })
    expect((await view()).open).toMatchObject({ isMet: false, ways: [{ state: 'failed' }, { state: 'failed' }] })
  })

  it('is nobody else, and not the operator who asks', async () => {
    const begun = await begin({ way: 'manager' })
    const other = await addManager('moritz')
    const wish = { wayId: begun.wayId, answer: 'confirm' }
    await expect(perform(answerApproval, stage.world, wish, other)).rejects.toMatchObject({ code: 'not-found' })
    expect((await asked(other)).approvals).toEqual([])
    await stage.database.transaction((tx) =>
      tx.updateTable('people').set({ manager: operator.userName }).where('id', '=', personId).execute(),
    )
    await expect(begin({ way: 'manager' })).rejects.toMatchObject({ code: 'approval-own' })
  })

  it('is not asked and answered in one browser: that is an incident', async () => {
    const signIn = ({ id, sessionId }: Actor) =>
      stage.database.transaction((tx) => {
        const at = { created_at: stage.clock.now().toISOString(), last_seen_at: '', expires_at: '2999' }
        const row = { id: sessionId, operator_id: id, browser: 'one', address: '', user_agent: '', ...at }
        return tx.insertInto('sessions').values(row).execute()
      })
    await signIn(operator)
    const begun = await begin({ way: 'manager' })
    await stage.database.transaction((tx) => tx.deleteFrom('sessions').execute())
    const here = { ...manager, sessionId: 'in the same browser' }
    await signIn(here)
    const answered = perform(answerApproval, stage.world, { wayId: begun.wayId, answer: 'confirm' }, here)
    await expect(answered).rejects.toMatchObject({ code: 'approval-own' })
    expect((await stage.audit()).at(-1)).toMatchObject({
      event: { incident: { kind: 'answer-by-second-account', otherOperatorId: operator.id } },
    })
    const { incidents } = await look(incidentList, stage.world, {}, await stage.operator(['incident:read']))
    expect(incidents).toMatchObject([{ operatorName: manager.name, otherOperatorName: operator.name, count: 1 }])
  })

  it('without an account cannot be asked', async () => {
    await stage.database.transaction((tx) => tx.updateTable('people').set({ manager: 'Somebody Else' }).execute())
    await expect(begin({ way: 'manager' })).rejects.toMatchObject({ code: 'manager-no-account' })
  })
})

describe('what a template demands', () => {
  const sighting = { way: 'in-person', document: 'passport', isSameFace: true } as const
  const attest = async (wish: object = sighting) =>
    perform(attestWay, stage.world, { verificationId: await open(), ...wish }, operator)

  it('two ways count as two only with two roots', async () => {
    await setTemplate({ count: 2, ways: ['in-person', 'video', 'address-code'] })
    await attest()
    pass(1)
    await attest({ way: 'video', badge: '4217', isSameFace: true })
    await expect(release()).rejects.toMatchObject({ code: 'verification-insufficient' })
    const begun = await begin({ way: 'address-code', address: 'email' })
    await answer(begun.wayId, codeOf(begun))
    expect((await release()).statement.verification).toEqual(['address-code', 'video'])
  })

  it('a way that it does not admit is refused', async () => {
    await setTemplate({ count: 1, ways: ['call-back'] })
    await expect(attest()).rejects.toMatchObject({ code: 'verification-not-admitted' })
    expect((await view()).offers).toEqual([{ way: 'call-back', obstacle: null }])
    await expect(begin({ way: 'manager' })).rejects.toMatchObject({ code: 'verification-not-admitted' })
  })
})

describe('a ticket', () => {
  it('is its operator’s, for its card, its holder and its procedure', async () => {
    await verifyHolder(stage.world, card.id, operator)
    await expect(release(await stage.operator())).rejects.toMatchObject({ code: 'caller-not-verified' })
    expect((await view('connected')).open).toBeNull()
    const other = await stage.person('Ola Other')
    await stage.database.transaction((tx) =>
      tx.updateTable('cards').set({ person_id: other }).where('id', '=', card.id).execute(),
    )
    await expect(release()).rejects.toMatchObject({ code: 'caller-not-verified' })
  })

  it('follows the operator to another card of the same person, until something was released with it', async () => {
    await verifyHolder(stage.world, card.id, operator)
    const [first, other] = [card, await stage.pivCard(personId)]
    card = other
    expect(await view()).toMatchObject({ isElsewhere: true, open: null })
    await open()
    await release()
    expect((await stage.audit()).findLast(({ operation }) => operation === 'verification.open')).toMatchObject({
      event: { turnedFrom: first.id },
    })
    const { id: unblockId } = await perform(openUnblock, stage.world, { cardId: other.id }, operator)
    const wish = { unblockId, challenge: other.attempt().challenge, idempotencyKey: 'key-00000001' }
    await releaseSigned(stage.world, wish, operator)
    card = first
    await open()
    await expect(release()).rejects.toMatchObject({ code: 'caller-not-verified' })
  })

  it('is good for a quarter of an hour', async () => {
    await verifyHolder(stage.world, card.id, operator)
    pass(14)
    await release()
    pass(2)
    await expect(release()).rejects.toMatchObject({ code: 'caller-not-verified' })
  })

  it('is good for three releases; the ticket and its ways stay with each', async () => {
    const wish = async () => {
      const { id: unblockId } = await perform(openUnblock, stage.world, { cardId: card.id }, operator)
      return { unblockId, challenge: card.attempt().challenge, idempotencyKey: 'key-00000001' }
    }
    const first = await open()
    for (let i = 0; i < 3; i++) await releaseSigned(stage.world, await wish(), operator)
    await expect(release()).rejects.toMatchObject({ code: 'caller-not-verified' })
    const rows = await stage.database.reads.selectFrom('releases').select(['verification', 'verification_id']).execute()
    expect(rows).toEqual(Array(3).fill({ verification: 'in-person', verification_id: first }))
    expect(await open()).not.toBe(first)
  })
})

describe('a card whose template keeps FIPS 201-3', () => {
  const fips = { standard: 'fips-201-3', allows: { operator: true, telephone: false, selfService: false } } as const

  it('is refused by telephone, also where its template was set so in the middle of a call', async () => {
    await verifyHolder(stage.world, card.id, operator)
    const { id: unblockId } = await perform(openUnblock, stage.world, { cardId: card.id }, operator)
    await setTemplate({ count: 1, ways: ['in-person'] }, fips)
    const challenge = { unblockId, challenge: card.attempt().challenge }
    await expect(perform(writeOfflineStatement, stage.world, challenge, operator)).rejects.toMatchObject({
      code: 'standard-refuses',
    })
    await expect(perform(openUnblock, stage.world, { cardId: card.id }, operator)).rejects.toMatchObject({
      code: 'standard-refuses',
    })
  })

  it('is refused at its holder’s own computer', async () => {
    await setTemplate({ count: 1, ways: ['in-person'] }, fips)
    connectAgent(stage, card)
    await verifyHolder(stage.world, card.id, operator, 'connected')
    const wish = { cardId: card.id, agentId: 'laptop', reader: 'Reader' }
    await expect(perform(askUnblock, stage.world, wish, operator)).rejects.toMatchObject({ code: 'standard-refuses' })
    connectAgent(stage, card, { isStation: true })
    expect(await perform(askUnblock, stage.world, wish, operator)).toMatchObject({ id: expect.any(String) })
  })
})
