import { createECDH } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import type { CaughtKind, CaughtRow, Permission } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../records/actors.ts'
import { cardHistory } from '../records/cards/views.ts'
import { incidentList, oneCaughtIncident } from '../records/incidents/views.ts'
import { look } from '../records/view.ts'
import { connectAgent } from './connected.fixture.ts'
import { openHolderSession, proveHolderSession } from './holder/open-session.ts'
import { closeCaught } from './incidents/close-caught.ts'
import { perform } from './operation.ts'
import { issueCard } from './register/issue-card.ts'
import { registerCard } from './register/register-card.ts'
import { rotatePuk, touchCard } from './rotate/rotate-puk.ts'
import { proveSelfService } from './self-service/prove-self-service.ts'
import { allowSelfService, openAttempt, openProved } from './self-service.fixture.ts'
import { type StagedPivCard, type StagedWorld, stageWorld } from './world.fixture.ts'

/** What agents cause and the server catches is on the list of incidents, once; that of operators: `four-eyes.test.ts`, `verify.test.ts`. */

const STATION: readonly Permission[] = ['agent:report', 'card:contact', 'card:rotate', 'card:register']
const station = (id: string): Actor => {
  return { kind: 'agent', id, name: `station ${id}`, userName: '', permissions: new Set(STATION), sessionId: '' }
}
const [ONE, TWO] = [station('one'), station('two')]

let stage: StagedWorld
let personId: string
let card: StagedPivCard
let supervisor: Actor
beforeEach(async () => {
  stage = await stageWorld()
  personId = await stage.person()
  card = await stage.pivCard(personId)
  supervisor = await stage.operator(['incident:read', 'incident:handle', 'person:read'])
})
afterEach(() => stage.close())

const refused = (done: Promise<unknown>, code: string) => expect(done).rejects.toMatchObject({ code })
const touch = (actor: Actor, of: { cardUuid: Uint8Array } = card, hardwareNumber?: string, world = stage.world) =>
  perform(touchCard, world, { cardUuid: writeHex(of.cardUuid), hardwareNumber }, actor)
const listed = async (state = 'open', more: object = {}) =>
  (await look(incidentList, stage.world, { state, ...more }, supervisor)).incidents as CaughtRow[]
const close = (incidentId: string, by = supervisor, note = 'it was a test') =>
  perform(closeCaught, stage.world, { incidentId, note }, by)
const number = (cardId: string, hardwareNumber: string) =>
  stage.database.transaction((tx) =>
    tx.updateTable('cards').set({ hardware_number: hardwareNumber }).where('id', '=', cardId).execute(),
  )
const pass = (minutes: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + minutes * 60_000)
}

/** A card that two agents say they have; whoever comes second is refused. */
async function meet(first = ONE, second = TWO) {
  await touch(first)
  await refused(touch(second), 'card-in-two-places')
}

const JOB_KEY = writeHex(createECDH('prime256v1').generateKeys())
const NO_PROOF = '00'.repeat(16)

/** Each by one of its ways: what is done, and which card it is about. */
const WAYS: readonly [string, CaughtKind, () => Promise<string>][] = [
  ['two stations', 'two-agents-at-once', () => meet().then(() => card.id)],
  [
    'two holder’s agents, in self-service',
    'two-agents-at-once',
    async () => {
      await allowSelfService(stage, card.id)
      await openProved(stage, card, connectAgent(stage, card))
      const other = connectAgent(stage, card, { id: 'other' })
      await refused(openAttempt(stage, card, other), 'card-in-two-places')
      return card.id
    },
  ],
  [
    'two stations that issue',
    'two-agents-at-once',
    async () => {
      const { cardId } = await register()
      await perform(issueCard, stage.world, { cardId }, ONE)
      await refused(perform(issueCard, stage.world, { cardId }, TWO), 'card-in-two-places')
      return cardId
    },
  ],
  [
    'a rehearsal',
    'card-not-itself',
    async () => {
      const { attempt } = await touch(ONE)
      const proofs = ['00'.repeat(32), '00'.repeat(32)]
      await refused(perform(rotatePuk, stage.world, { cardId: card.id, attempt, proofs }, ONE), 'rehearsal-failed')
      return card.id
    },
  ],
  [
    'My Smartcard',
    'card-not-itself',
    async () => {
      const { actor } = connectAgent(stage, card)
      const wish = { cardUuid: writeHex(card.cardUuid), reader: 'Reader', jobKey: JOB_KEY }
      const { sessionId } = await perform(openHolderSession, stage.world, wish, actor)
      const proved = perform(proveHolderSession, stage.world, { sessionId, proof: NO_PROOF }, actor)
      await refused(proved, 'card-not-proved')
      return card.id
    },
  ],
  [
    'self-service',
    'card-not-itself',
    async () => {
      await allowSelfService(stage, card.id)
      const agent = connectAgent(stage, card)
      const { unblockId } = await openAttempt(stage, card, agent)
      const proved = perform(proveSelfService, stage.world, { unblockId, proof: NO_PROOF }, agent.actor)
      await refused(proved, 'card-not-proved')
      return card.id
    },
  ],
  [
    'an answer to its challenge',
    'admin-key-refused',
    async () => {
      const gids = await stage.gidsCard(personId)
      const given = { session_given_at: stage.clock.now().toISOString() }
      await stage.database.transaction((tx) => tx.updateTable('admin_key_records').set(given).execute())
      const { attempt } = await touch(ONE, gids)
      const say = (answer: string) => perform(rotatePuk, stage.world, { cardId: gids.id, attempt, answer }, ONE)
      for (const answer of ['9000', '9000', `7C0A8108${'AB'.repeat(8)}9000`]) await say(answer)
      await refused(say('6982'), 'admin-key-refused')
      return gids.id
    },
  ],
  [
    'a contact',
    'known-card-under-another-id',
    async () => {
      await number(card.id, 'yubico:1')
      const other = await stage.pivCard(personId)
      await refused(touch(ONE, other, 'yubico:1'), 'card-identity-conflict')
      return other.id
    },
  ],
  [
    'a registration',
    'known-card-under-another-id',
    async () => {
      await number(card.id, 'yubico:1')
      await refused(register({ hardwareNumber: 'yubico:1' }), 'card-identity-conflict')
      return card.id
    },
  ],
  [
    'a contact',
    'known-id-on-another-card',
    async () => {
      await number(card.id, 'yubico:1')
      await refused(touch(ONE, card, 'yubico:2'), 'card-identity-conflict')
      return card.id
    },
  ],
  [
    'an issuance',
    'id-of-another-card',
    async () => {
      const { cardId } = await register()
      const seen = { cardUuid: writeHex(card.cardUuid) }
      await refused(perform(issueCard, stage.world, { cardId, seen }, ONE), 'card-identity-conflict')
      return cardId
    },
  ],
]

const register = (more: object = {}) =>
  perform(registerCard, stage.world, { personId, family: 'piv', label: 'l', printedSerial: 'S-1', ...more }, ONE)

describe('what was caught', () => {
  it.each(WAYS)('by %s (%s) stands on the list and in the card’s history', async (_, kind, happen) => {
    const cardId = await happen()
    const records = (await stage.audit()).filter(({ event }) => event.incident)
    expect(records).toMatchObject([{ outcome: 'refused', event: { incident: { kind, cardId } } }])
    const [incident, ...others] = await listed()
    expect(incident).toMatchObject({ source: 'server', kind, cardId, personId, count: 1, state: 'open' })
    expect(incident?.agentName).toMatch(/^(station|agent) /)
    expect(others).toEqual([])
    const { events } = await look(cardHistory, stage.world, { cardId }, supervisor)
    expect(events.filter(({ what }) => what === 'incident-caught')).toMatchObject([{ result: kind }])
  })

  it('once more while it is open is counted, whichever of the two comes second', async () => {
    await meet()
    pass(5)
    await meet(TWO, ONE)
    const [incident, ...others] = await listed()
    expect(others).toEqual([])
    expect(incident).toMatchObject({ count: 2, agentId: 'one', otherAgentId: 'two' })
    expect(incident?.openedAt).toBe('2026-11-23T09:00:00.000Z')
    expect(incident?.lastAt).toBe('2026-11-23T09:05:00.000Z')
    const found = await look(oneCaughtIncident, stage.world, { incidentId: incident?.id }, supervisor)
    expect(found.firstRecord).not.toBe(found.lastRecord)
    pass(5)
    await meet(ONE, station('three'))
    expect(await listed()).toHaveLength(2)
  })

  it('fifty times at once, at two servers, is one with fifty, as many as the log has', async () => {
    await number(card.id, 'yubico:1')
    const nodes = [stage.world, { ...stage.world, database: await stage.database.another() }]
    const burst = Array.from({ length: 50 }, (_, i) => touch(ONE, card, 'yubico:2', nodes[i % 2]))
    const codes = (await Promise.allSettled(burst)).map((one) => one.status === 'rejected' && one.reason.code)
    expect(new Set(codes)).toEqual(new Set(['card-identity-conflict']))
    expect(await listed()).toMatchObject([{ count: 50 }])
    expect((await stage.audit()).filter(({ event }) => event.incident)).toHaveLength(50)
  })

  it('is not on the list where its record could not be written, nor the other way round', async () => {
    await number(card.id, 'yubico:1')
    const { database } = stage.world
    const transaction: typeof database.transaction = (work) =>
      database.transaction(async (tx) => {
        const result = await work(tx)
        const { count } = await tx
          .selectFrom('caught_incidents')
          .select((e) => e.fn.countAll().as('count'))
          .executeTakeFirstOrThrow()
        if (Number(count) > 0) throw new Error('the power is cut before the commit')
        return result
      })
    const before = (await stage.audit()).length
    const world = { ...stage.world, database: { ...database, transaction } }
    await refused(touch(ONE, card, 'yubico:2', world), 'card-identity-conflict')
    expect(await listed()).toEqual([])
    expect(await stage.audit()).toHaveLength(before)
  })

  it('is read a page at a time, by whoever may, with what was closed apart', async () => {
    await number(card.id, 'yubico:1')
    for (const id of ['a', 'b', 'c']) {
      await refused(touch(station(id), card, 'yubico:2'), 'card-identity-conflict')
      pass(1)
    }
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await look(incidentList, stage.world, { limit: 1, after }, supervisor)
      seen.push(...page.incidents.map((one) => (one.source === 'server' ? (one.agentId ?? '') : '')))
      after = page.next ?? undefined
    } while (after)
    expect(seen).toEqual(['c', 'b', 'a'])
    await close((await listed())[0]?.id ?? '')
    expect((await listed()).map(({ agentId }) => agentId)).toEqual(['b', 'a'])
    expect((await listed('closed')).map(({ agentId }) => agentId)).toEqual(['c'])
    const stranger = await stage.operator(['person:read'])
    await refused(look(incidentList, stage.world, {}, stranger), 'not-permitted')
  })
})

describe('closed', () => {
  it('with a note, once; the same is a new one from then on', async () => {
    await meet()
    const [incident] = await listed()
    const id = incident?.id ?? ''
    await refused(close(id, supervisor, ' '), 'input-invalid')
    await refused(close('nothing'), 'not-found')
    await close(id)
    await refused(close(id), 'incident-over')
    expect(await listed()).toEqual([])
    const found = await look(oneCaughtIncident, stage.world, { incidentId: id }, supervisor)
    expect(found).toMatchObject({ state: 'closed', obstacle: 'incident-over', closed: { note: 'it was a test' } })
    expect((await stage.audit()).findLast(({ outcome }) => outcome === 'done')).toMatchObject({
      operation: 'incident.close-caught',
      subject: `incident:${id}`,
      event: { kind: 'two-agents-at-once', cardId: card.id, count: 1, note: 'it was a test' },
    })
    const { events } = await look(cardHistory, stage.world, { cardId: card.id }, supervisor)
    expect(events).toContainEqual(expect.objectContaining({ what: 'incident-closed', note: 'it was a test' }))
    pass(5)
    await meet()
    expect(await listed()).toMatchObject([{ count: 1, state: 'open' }])
    expect(await listed('closed')).toHaveLength(1)
  })

  it('is nothing for whoever may only read', async () => {
    await meet()
    const [incident] = await listed()
    const auditor = await stage.operator(['incident:read'])
    const incidentId = incident?.id ?? ''
    await refused(close(incidentId, auditor), 'not-permitted')
    expect(await look(oneCaughtIncident, stage.world, { incidentId }, auditor)).toMatchObject({
      obstacle: 'not-permitted',
    })
    await refused(look(oneCaughtIncident, stage.world, { incidentId: 'x' }, auditor), 'not-found')
  })
})
