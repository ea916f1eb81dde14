import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tellDue } from '../jobs/tell-holders.ts'
import { type CardReport, type Carriers, DeliveryError, type TextMessage } from '../ports/delivery.ts'
import { type Actor, ANYBODY, SYSTEM } from '../records/actors.ts'
import { getCard } from '../records/cards/cards.ts'
import { cardHistory } from '../records/cards/views.ts'
import { markTested } from '../records/connections/connections.ts'
import { incidentDeeds, incidentList, oneIncident } from '../records/incidents/views.ts'
import { tellHolder } from '../records/notices/notices.ts'
import { cardNotices } from '../records/notices/views.ts'
import { insertPersonPasskey } from '../records/person-passkeys/person-passkeys.ts'
import { WORDS } from '../records/verifications/words.ts'
import { look } from '../records/view.ts'
import { addConnection } from './connections/add-connection.ts'
import { stageTemplate } from './delivery.fixture.ts'
import { changeDeskSettings } from './desk/change-settings.ts'
import { closeIncident } from './incidents/close-incident.ts'
import { beginReport, endReport } from './incidents/report-suspension.ts'
import { moveCard } from './lifecycle/move-card.ts'
import { perform } from './operation.ts'
import { changePerson } from './people/change-person.ts'
import { beginNoticeDelivery, endNoticeDelivery } from './tell/carry-out.ts'
import { planNotice, retryNotice } from './tell/plan-notice.ts'
import { answerNotice, readNotice } from './tell/read-notice.ts'
import { verifyHolder } from './verified.fixture.ts'
import { type StagedWorld, stageWorld } from './world.fixture.ts'

/** The holder is told, at two addresses; and what "this was not me" does. */

let stage: StagedWorld
let sent: TextMessage[]
let reports: CardReport[]
let answer: (message?: TextMessage) => Promise<void>
let carriers: Carriers
let personId: string
let cardId: string
let officer: Actor

beforeEach(async () => {
  stage = await stageWorld()
  sent = []
  reports = []
  answer = async () => {}
  const carrier = {
    async send() {},
    async sendText(_: unknown, message: TextMessage) {
      sent.push(message)
      await answer(message)
    },
    async sendReport(_: unknown, report: CardReport) {
      reports.push(report)
      await answer()
    },
  }
  carriers = { smtp: carrier, letter: carrier, file: carrier, webhook: carrier }
  personId = await stage.person('Pia Person')
  cardId = (await stage.pivCard(personId)).id
  officer = await stage.operator(['card:move', 'unblock:release', 'unblock:supervise', 'person:read', 'incident:read'])
})
afterEach(() => stage.close())

const SENDER = { organisation: 'Example', helpDeskPhone: '+46 8 1', language: 'en' } as const
const tell = () => tellDue(stage.world, carriers, SENDER)
const pass = (minutes: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + minutes * 60_000)
}
const DAY = 24 * 60
const rows = () => stage.database.reads.selectFrom('notice_deliveries').selectAll().orderBy('address_kind').execute()
const tokenIn = (message?: TextMessage) => /\/not-me#([\w-]{22})$/m.exec(message?.text ?? '')?.[1] ?? ''
const suspend = () => perform(moveCard, stage.world, { cardId, move: 'suspend', reason: 'lost' }, officer)
const resume = () => perform(moveCard, stage.world, { cardId, move: 'resume', reason: 'found' }, officer)
const stateOf = async () =>
  (await stage.database.reads.selectFrom('cards').select('state').where('id', '=', cardId).executeTakeFirstOrThrow())
    .state
const ask = (token: string) => perform(readNotice, stage.world, { token, address: '192.0.2.1' }, ANYBODY)
const say = (token: string, said: 'me' | 'not-me') =>
  perform(answerNotice, stage.world, { token, answer: said, address: '192.0.2.1' }, ANYBODY)
const noticesOf = async (actor = officer) => (await look(cardNotices, stage.world, { cardId }, actor)).notices

/** By what the desk reaches people, and whom it tells of suspended cards. */
async function chooseDesk(wish: { mail?: boolean; text?: boolean; revocation?: boolean }): Promise<void> {
  const administrator = { ...SYSTEM, permissions: new Set(['connection:write', 'desk:write'] as const) }
  const mail = wish.mail ? (await stageTemplate(stage)).connectionId : null
  const webhook = { url: 'https://stop.example.org/', authority: '', isInternal: false }
  const connection = { kind: 'webhook', name: 'The door system', webhook, secret: 's' }
  const { id } = await perform(addConnection, stage.world, connection, administrator)
  await stage.database.transaction((tx) => markTested(tx, id, 1, stage.clock.now()))
  const settings = {
    mailConnectionId: mail,
    textConnectionId: wish.text ? id : null,
    revocationConnectionId: wish.revocation ? id : null,
  }
  await perform(changeDeskSettings, stage.world, { revision: 0, settings }, administrator)
}

async function changeAddresses(change: {
  email?: string
  secondEmail?: string
  phone?: string
  language?: 'de'
}): Promise<void> {
  const { reads } = stage.database
  const row = await reads.selectFrom('people').selectAll().where('id', '=', personId).executeTakeFirstOrThrow()
  const { name, user_name: userName, department, email, phone, manager, second_email: secondEmail, revision } = row
  const wish = { personId, revision, name, userName, department, email, phone, manager, secondEmail, ...change }
  await perform(changePerson, stage.world, wish, await stage.operator(['person:write']))
}

describe('a notice', () => {
  it('goes to two addresses of different roots, each with a link of its own, and the token is in no row and no record', async () => {
    await chooseDesk({ mail: true, text: true })
    await suspend()
    await tell()
    await tell()
    expect(sent.map(({ to }) => to.email).sort()).toEqual(['+1', 'e@example.org'])
    const tokens = sent.map(tokenIn)
    expect(new Set(tokens).size).toBe(2)
    for (const message of sent) {
      expect(message.subject).toBe('Your smart card is suspended now')
      for (const words of [officer.name, '23 November 2026', '09:00 UTC', '+46 8 1', 'SER-']) {
        expect(message.text).toContain(words)
      }
    }
    const everything = JSON.stringify([await rows(), await stage.audit(), await noticesOf()])
    for (const token of tokens) expect(everything).not.toContain(token)
    const [notice] = await noticesOf()
    expect(notice).toMatchObject({ operatorName: officer.name, cardState: 'suspended', problem: null })
    expect(sent[0]?.text).toContain(`"${notice?.words}"`)
    expect(notice?.deliveries).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }])
  })

  it('is in the language of its holder, its two words too', async () => {
    await chooseDesk({ mail: true })
    await changeAddresses({ language: 'de' })
    await suspend()
    await tell()
    expect(sent[0]?.subject).toBe('Ihre Smartcard ist jetzt suspendiert')
    const [notice] = await noticesOf()
    expect(sent[0]?.text).toContain('am 23. November 2026 um 09:00 UTC')
    expect(sent[0]?.text).toContain(`"${notice?.words}"`)
    expect(WORDS.de).toEqual(expect.arrayContaining(notice?.words?.split(' ') ?? ['']))
  })

  it('goes to what an address was before it changed lately, too; that is shown to supervisors alone', async () => {
    await chooseDesk({ mail: true })
    pass(20 * DAY)
    await changeAddresses({ email: 'thief@example.org' })
    pass(60)
    await suspend()
    await tell()
    expect(sent.map(({ to }) => to.email).sort()).toEqual(['e@example.org', 'thief@example.org'])
    const seen = async (actor: Actor) =>
      (await noticesOf(actor))[0]?.deliveries.map(({ address, isPrevious }) => [address, isPrevious])
    expect(await seen(officer)).toContainEqual(['e@example.org', true])
    expect(await seen(await stage.operator())).toContainEqual([null, true])
    pass(15 * DAY)
    sent = []
    await resume()
    await tell()
    expect(sent.map(({ to }) => to.email)).toEqual(['thief@example.org'])
  })

  it('an address that was added lately takes the place of no settled one', async () => {
    await chooseDesk({ mail: true, text: true })
    pass(20 * DAY)
    await changeAddresses({ secondEmail: 'thief@example.org' })
    await suspend()
    await tell()
    expect(sent.map(({ to }) => to.email).sort()).toEqual(['+1', 'e@example.org'])
  })

  it('that reaches nobody says why, and Send again takes what is there then', async () => {
    await suspend()
    await tell()
    expect(await noticesOf()).toMatchObject([{ problem: 'no-mail-connection', isPlanned: true, deliveries: [] }])
    await chooseDesk({ mail: true })
    const [notice] = await noticesOf()
    await perform(retryNotice, stage.world, { noticeId: notice?.id }, officer)
    await tell()
    expect(await noticesOf()).toMatchObject([{ problem: null, deliveries: [{ state: 'delivered' }] }])
    await changeAddresses({ email: '', phone: '' })
    pass(20 * DAY)
    await resume()
    await tell()
    expect(await noticesOf()).toMatchObject([{ problem: 'delivery-no-address' }, {}])
  })

  it('is tried again as a PUC is, always the same message, and given up in the end', async () => {
    await chooseDesk({ mail: true })
    await suspend()
    answer = () => Promise.reject(new DeliveryError('delivery-unreachable', 'ECONNREFUSED'))
    for (let i = 0; i < 40; i++) {
      await tell()
      pass(6 * 60)
    }
    expect(sent).toHaveLength(9)
    expect(new Set(sent.map((message) => JSON.stringify(message))).size).toBe(1)
    const failed = { state: 'failed', problem: { code: 'delivery-unreachable', detail: 'ECONNREFUSED' } }
    expect(await noticesOf()).toMatchObject([{ deliveries: [failed] }])
    answer = async () => {}
    const [notice] = await noticesOf()
    await perform(retryNotice, stage.world, { noticeId: notice?.id }, officer)
    await tell()
    expect(tokenIn(sent.at(-1))).toBe(tokenIn(sent[0]))
    expect(await noticesOf()).toMatchObject([{ deliveries: [{ state: 'delivered' }] }])
  })

  it('survives a crash at each step: before it is planned, before it is sent, and before that is confirmed', async () => {
    await chooseDesk({ mail: true })
    await suspend()
    const noticeId = (await noticesOf())[0]?.id ?? ''
    // Planned twice, as after a crash between plan and delivery: one delivery.
    for (let i = 0; i < 2; i++) await perform(planNotice, stage.world, { noticeId }, SYSTEM)
    const [row] = await rows()
    const deliveryId = row?.id ?? ''
    expect(await rows()).toHaveLength(1)
    const lost = await perform(beginNoticeDelivery, stage.world, { deliveryId }, SYSTEM)
    expect(await perform(beginNoticeDelivery, stage.world, { deliveryId }, SYSTEM)).toBeNull()
    await tell()
    expect(sent).toEqual([])
    pass(3)
    // Sent, and the server died before it was confirmed: sent once more, the same.
    answer = () => Promise.reject(new Error('killed'))
    await tell()
    answer = async () => {}
    pass(3)
    await tell()
    expect(sent.map(tokenIn)).toEqual([lost?.token, lost?.token])
    // The first attempt wakes up and says that it failed: that is no news.
    const late = { deliveryId, number: lost?.number ?? 0, problem: 'delivery-refused', detail: '', isFinal: true }
    await perform(endNoticeDelivery, stage.world, late, SYSTEM)
    expect(await rows()).toMatchObject([{ state: 'delivered', attempts: 3 }])
    expect(await stage.database.reads.selectFrom('notices').select('delivered_at').execute()).toEqual([
      { delivered_at: stage.clock.at.toISOString() },
    ])
  })

  it('two servers on one database send it once', async () => {
    await chooseDesk({ mail: true })
    await suspend()
    await tell()
    await resume()
    const noticeId = (await noticesOf())[0]?.id
    await perform(planNotice, stage.world, { noticeId }, SYSTEM)
    sent = []
    await Promise.all([tell(), tell(), tell()])
    expect(sent).toHaveLength(1)
  })
})

/** A card that is served, its holder told of it, with the token of the link. */
async function told(wish: Parameters<typeof chooseDesk>[0] = { mail: true }): Promise<string> {
  await chooseDesk(wish)
  await suspend()
  await resume()
  await tell()
  return tokenIn(sent.find(({ subject }) => subject.includes('in use again')))
}

describe('the link of a notice', () => {
  it('shows what, when and who, and changes nothing however often it is followed', async () => {
    const token = await told()
    for (let i = 0; i < 30; i++) {
      expect(await ask(token)).toMatchObject({
        kind: 'card-state-changed',
        cardState: 'issued',
        at: '2026-11-23T09:00:00.000Z',
        operatorName: officer.name,
        holderName: 'Pia Person',
        answer: null,
        isSuspended: false,
      })
    }
    expect(await stateOf()).toBe('issued')
  })

  it('acts once and stays readable', async () => {
    const token = await told()
    expect(await say(token, 'me')).toMatchObject({ answer: 'me', isSuspended: false })
    pass(5)
    // Whoever presses the other one later, or twice, changes nothing.
    for (const said of ['not-me', 'me'] as const)
      expect(await say(token, said)).toMatchObject({ answer: 'me', answeredAt: '2026-11-23T09:00:00.000Z' })
    expect(await ask(token)).toMatchObject({ answer: 'me' })
    expect(await stateOf()).toBe('issued')
    const [latest] = (await noticesOf()).filter(({ cardState }) => cardState === 'issued')
    expect(latest?.deliveries).toMatchObject([{ answer: 'me' }])
    await expect(perform(retryNotice, stage.world, { noticeId: latest?.id }, officer)).rejects.toMatchObject({
      code: 'notice-over',
    })
  })

  it('whoever has one address and says "me" does not take the other address its word', async () => {
    await chooseDesk({ mail: true, text: true })
    await suspend()
    await resume()
    await tell()
    const [first, second] = sent.filter(({ subject }) => subject.includes('in use again')).map(tokenIn)
    await say(first ?? '', 'me')
    expect(await say(second ?? '', 'not-me')).toMatchObject({ isSuspended: true })
  })

  it('is refused when foreign or mistyped, and a stranger guesses twenty times in a quarter of an hour', async () => {
    const token = await told()
    for (let i = 0; i < 20; i++) {
      await expect(say(`guess-${i}`, 'not-me')).rejects.toMatchObject({ code: 'notice-link-refused' })
    }
    await expect(ask(token)).rejects.toMatchObject({ code: 'sign-in-throttled' })
    pass(16)
    expect(await ask(token)).toMatchObject({ answer: null })
  })

  it('is over after 30 days, once the card is retired, and once it is somebody else’s', async () => {
    const token = await told()
    pass(30 * DAY - 1)
    await ask(token)
    pass(1)
    await expect(ask(token)).rejects.toMatchObject({ code: 'notice-link-over' })
    await expect(say(token, 'not-me')).rejects.toMatchObject({ code: 'notice-link-over' })
    expect(await stateOf()).toBe('issued')
    await perform(moveCard, stage.world, { cardId, move: 'retire', reason: 'damaged' }, officer)
    sent = []
    await tell()
    expect(sent[0]?.text).toContain('call the help desk')
    expect(tokenIn(sent[0])).toBe('')
  })
})

describe('"this was not me"', () => {
  it('suspends the card, ends what is open about it, opens an incident and tells whoever stops it elsewhere', async () => {
    const token = await told({ mail: true, revocation: true })
    await verifyHolder(stage.world, cardId, officer)
    sent = []
    expect(await say(token, 'not-me')).toMatchObject({
      answer: 'not-me',
      isSuspended: true,
      report: { state: 'waiting', to: 'The door system' },
    })
    expect(await stateOf()).toBe('suspended')
    await expect(verifyHolder(stage.world, cardId, officer)).rejects.toMatchObject({ code: 'card-suspended' })
    const open = await stage.database.reads.selectFrom('verifications').select('ended_at').execute()
    expect(open).toEqual([{ ended_at: stage.clock.at.toISOString() }])
    await tell()
    expect(reports).toMatchObject([
      { type: 'card.suspended', reason: 'not-me', card: { id: cardId }, holder: { name: 'Pia Person' } },
    ])
    expect(await ask(token)).toMatchObject({ report: { state: 'reported', to: 'The door system' } })
    // The holder is told of the suspension as well, by nobody of the help desk.
    expect(sent.map(({ text }) => text)).toEqual([expect.stringContaining('changed by nobody of the help desk')])
    const { incidents } = await look(incidentList, stage.world, {}, officer)
    expect(incidents).toMatchObject([{ cardId, operatorName: officer.name, kind: 'card-state-changed', state: 'open' }])
    const about = { incidentId: incidents[0]?.id }
    expect(await look(oneIncident, stage.world, about, officer)).toMatchObject({
      cardNow: 'suspended',
      toldAt: 'email',
      report: { state: 'reported', attempts: 1 },
    })
    const { deeds } = await look(incidentDeeds, stage.world, about, officer)
    expect(deeds.map(({ operation, printedSerial }) => [operation, printedSerial !== null])).toContainEqual([
      'card.move',
      true,
    ])
  })

  it('says that the card works elsewhere where nobody stops it there, and while nobody answers', async () => {
    const alone = await told()
    expect(await say(alone, 'not-me')).toMatchObject({ report: { state: 'none' } })
    await stage.close()
    stage = await stageWorld()
    personId = await stage.person('Pia Person')
    cardId = (await stage.pivCard(personId)).id
    officer = await stage.operator(['card:move', 'incident:read'])
    sent = []
    reports = []
    const token = await told({ mail: true, revocation: true })
    await say(token, 'not-me')
    answer = () => Promise.reject(new DeliveryError('delivery-refused', 'HTTP 503'))
    await tell()
    pass(2)
    await tell()
    expect(new Set(reports.map(({ id }) => id)).size).toBe(1)
    expect(await ask(token)).toMatchObject({ report: { state: 'waiting' } })
    answer = () => Promise.reject(new DeliveryError('delivery-refused', 'HTTP 404', { isFinal: true }))
    pass(6)
    await tell()
    expect(await ask(token)).toMatchObject({ report: { state: 'failed' } })
  })

  it('a report survives a crash before it is confirmed', async () => {
    await say(await told({ mail: true, revocation: true }), 'not-me')
    const [row] = await stage.database.reads.selectFrom('incident_reports').select('id').execute()
    const reportId = row?.id ?? ''
    const lost = await perform(beginReport, stage.world, { reportId }, SYSTEM)
    await tell()
    expect(reports).toEqual([])
    pass(3)
    await tell()
    expect(reports).toEqual([lost?.report])
    const late = { reportId, number: lost?.number ?? 0, problem: 'delivery-refused', detail: '', isFinal: true }
    await perform(endReport, stage.world, late, SYSTEM)
    const after = await stage.database.reads.selectFrom('incident_reports').select(['state', 'attempts']).execute()
    expect(after).toEqual([{ state: 'delivered', attempts: 2 }])
  })

  it('is lifted by somebody else who saw the holder in person, and by no ordinary move', async () => {
    await say(await told(), 'not-me')
    await expect(resume()).rejects.toMatchObject({ code: 'incident-open' })
    const restock = { cardId, move: 'restock', reason: 'returned' }
    await expect(perform(moveCard, stage.world, restock, officer)).rejects.toMatchObject({ code: 'incident-open' })
    const { incidents } = await look(incidentList, stage.world, {}, officer)
    const wish = { incidentId: incidents[0]?.id, note: 'A colleague tried it on', seen: null as object | null }
    const seen = { document: 'passport', isSameFace: true }
    const same = { ...officer, permissions: new Set([...officer.permissions, 'incident:handle'] as const) }
    await expect(perform(closeIncident, stage.world, { ...wish, seen }, same)).rejects.toMatchObject({
      code: 'incident-own',
    })
    const other = await stage.operator(['incident:handle', 'incident:read'])
    await expect(perform(closeIncident, stage.world, wish, other)).rejects.toMatchObject({ code: 'holder-not-seen' })
    expect(await perform(closeIncident, stage.world, { ...wish, seen }, other)).toEqual({
      isLifted: true,
      cardState: 'issued',
    })
    expect(await stateOf()).toBe('issued')
    expect(await look(oneIncident, stage.world, wish, other)).toMatchObject({
      state: 'closed',
      closed: { by: other.name, note: wish.note, isLifted: true, document: 'passport' },
      obstacle: 'incident-over',
    })
    await expect(perform(closeIncident, stage.world, { ...wish, seen }, other)).rejects.toMatchObject({
      code: 'incident-over',
    })
    // The card's own history tells all of it.
    const { events } = await look(cardHistory, stage.world, { cardId }, officer)
    expect(events.map(({ what, problem }) => [what, problem])).toEqual([
      ['incident-closed', 'incident-over'],
      ['incident-lifted', null],
      ['incident-closed', 'holder-not-seen'],
      ['incident-closed', 'incident-own'],
      ['moved', 'incident-open'],
      ['moved', 'incident-open'],
      ['said-not-me', null],
      ['moved', null],
      ['moved', null],
    ])
    expect(await look(incidentList, stage.world, { state: 'closed' }, other)).toMatchObject({ incidents: [{ cardId }] })
  })

  it('takes a passkey away that somebody else added', async () => {
    await chooseDesk({ mail: true })
    const at = stage.clock.at.toISOString()
    const passkey = { person_id: personId, label: 'Passkey', public_key: '00', counter: '0', transports: '[]' }
    const times = { usable_from: at, last_used_at: null }
    await stage.database.transaction(async (tx) => {
      await insertPersonPasskey(tx, { ...passkey, ...times, id: 'earlier', created_at: '2026-11-01T09:00:00.000Z' })
      await insertPersonPasskey(tx, { ...passkey, ...times, id: 'added', created_at: at })
      await tellHolder(tx, await getCard(tx, cardId), { kind: 'passkey-added', operatorId: officer.id }, stage.clock.at)
    })
    await tell()
    expect(sent[0]?.text).toContain('A passkey was added')
    expect(await say(tokenIn(sent[0]), 'not-me')).toMatchObject({ kind: 'passkey-added', isSuspended: true })
    const left = await stage.database.reads.selectFrom('person_passkeys').select('id').execute()
    expect(left).toEqual([{ id: 'earlier' }])
  })

  it('takes a one-time password away that somebody else added', async () => {
    await chooseDesk({ mail: true })
    const at = stage.clock.at.toISOString()
    const one = { person_id: personId, kind: 'totp', label: 'Phone', sealed_secret: '', counter: 0, last_used_at: null }
    const times = { created_at: at, usable_from: at }
    await stage.database.transaction(async (tx) => {
      const rows = [
        { ...one, ...times, id: 'earlier', confirmed_at: '2026-11-01T09:00:00.000Z' },
        { ...one, ...times, id: 'added', confirmed_at: at },
      ]
      await tx.insertInto('one_time_passwords').values(rows).execute()
      await tellHolder(tx, await getCard(tx, cardId), { kind: 'one-time-password-added' }, stage.clock.at)
    })
    await tell()
    expect(sent[0]?.text).toContain('A one-time password was set up')
    await say(tokenIn(sent[0]), 'not-me')
    const left = await stage.database.reads.selectFrom('one_time_passwords').select('id').execute()
    expect(left).toEqual([{ id: 'earlier' }])
  })

  it('a card that was suspended before stays so when the incident is closed', async () => {
    await chooseDesk({ mail: true })
    await suspend()
    await tell()
    await say(tokenIn(sent[0]), 'not-me')
    const { incidents } = await look(incidentList, stage.world, {}, officer)
    const seen = { document: 'passport', isSameFace: true }
    const wish = { incidentId: incidents[0]?.id, note: 'It was lost', seen }
    const other = await stage.operator(['incident:handle'])
    expect(await perform(closeIncident, stage.world, wish, other)).toEqual({ isLifted: false, cardState: 'suspended' })
    await resume()
  })

  it('while another incident of the card is open it stays suspended; one of a revoked card is closed without seeing anybody', async () => {
    await say(await told(), 'not-me')
    await tell()
    await say(tokenIn(sent.at(-1)), 'not-me')
    const { incidents } = await look(incidentList, stage.world, {}, officer)
    expect(incidents).toHaveLength(2)
    const other = await stage.operator(['incident:handle', 'card:move'])
    const close = (incidentId = '', seen: object | null = { document: 'passport', isSameFace: true }) =>
      perform(closeIncident, stage.world, { incidentId, note: 'n', seen }, other)
    expect(await close(incidents[0]?.id)).toEqual({ isLifted: false, cardState: 'suspended' })
    await perform(moveCard, stage.world, { cardId, move: 'revoke', reason: 'compromised' }, other)
    expect(await close(incidents[1]?.id, null)).toEqual({ isLifted: false, cardState: 'revoked' })
  })
})

describe('the list of incidents', () => {
  it('is paged by where a page ended', async () => {
    await chooseDesk({ mail: true })
    for (let i = 0; i < 3; i++) {
      cardId = (await stage.pivCard(personId)).id
      await suspend()
      sent = []
      await tell()
      await say(tokenIn(sent[0]), 'not-me')
      pass(1)
    }
    const first = await look(incidentList, stage.world, { limit: 2 }, officer)
    const second = await look(incidentList, stage.world, { limit: 2, after: first.next ?? '' }, officer)
    const ids = [...first.incidents, ...second.incidents].map(({ cardId: id }) => id)
    expect([ids[0], new Set(ids).size, second.next]).toEqual([cardId, 3, null])
    const incidentId = first.incidents[0]?.id
    await expect(look(incidentDeeds, stage.world, { incidentId, after: 'x' }, officer)).rejects.toMatchObject({
      code: 'input-invalid',
    })
  })
})
