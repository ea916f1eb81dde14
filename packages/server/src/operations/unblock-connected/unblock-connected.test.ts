import { createECDH } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import type { CeremonyOptions, OperatorSignature, StatementToSign } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../records/actors.ts'
import { cardHistory } from '../../records/cards/views.ts'
import { connectedProgress, connectedReaders, connectedUnblock } from '../../records/connected-unblocks/views.ts'
import type { StagedAuthenticator } from '../../records/passkeys/authenticator.fixture.ts'
import { findPukRecord } from '../../records/puk-records/puk-records.ts'
import { unblockEvidence } from '../../records/unblocks/views.ts'
import { look } from '../../records/view.ts'
import { connectAgent, givePasskey } from '../connected.fixture.ts'
import { perform } from '../operation.ts'
import { verifyHolder } from '../verified.fixture.ts'
import { STAGED_PASSWORD, type StagedPivCard, type StagedWorld, stageWorld } from '../world.fixture.ts'
import { askUnblock } from './ask-unblock.ts'
import { authoriseUnblock } from './authorise-unblock.ts'
import { cancelUnblock } from './cancel-unblock.ts'
import { collectUnblock } from './collect-unblock.ts'
import { dropUnblock } from './drop-unblock.ts'
import { readyUnblock } from './ready-unblock.ts'
import { reportConnected } from './report-connected.ts'
import { writeOperatorStatement } from './write-statement.ts'

/** Nothing leaves before the operator's signature over this card at this agent is on record; and it leaves for that alone. */

let stage: StagedWorld
let operator: Actor
let key: StagedAuthenticator
let card: StagedPivCard
let agent: ReturnType<typeof connectAgent>
let personId: string
beforeEach(async () => {
  stage = await stageWorld({ isDemo: false })
  operator = await stage.operator()
  key = await givePasskey(stage, operator)
  personId = await stage.person()
  card = await stage.pivCard(personId)
  agent = connectAgent(stage, card)
})
afterEach(() => stage.close())

const JOB_KEY = writeHex(createECDH('prime256v1').generateKeys())
const askUnverified = (changes: object = {}, by = operator) =>
  perform(askUnblock, stage.world, { cardId: card.id, agentId: 'laptop', reader: 'Reader', ...changes }, by)
const ask = async (changes: { cardId?: string; [more: string]: unknown } = {}, by = operator) => {
  await verifyHolder(stage.world, changes.cardId ?? card.id, by, 'connected').catch(() => {})
  return askUnverified(changes, by)
}
const ready = (unblockId: string, changes: object = {}) => {
  const wish = { unblockId, cardUuid: writeHex(card.cardUuid), reader: 'Reader', jobKey: JOB_KEY, ...changes }
  return perform(readyUnblock, stage.world, wish, agent.actor)
}
const statement = (unblockId: string, by = operator) => perform(writeOperatorStatement, stage.world, { unblockId }, by)
const answer = ({ passkey }: StatementToSign, by = key): OperatorSignature => ({
  kind: 'passkey',
  answer: { ...by.get(passkey as unknown as CeremonyOptions) },
})
const sign = (unblockId: string, nonce: string, signature: OperatorSignature, by = operator) =>
  perform(authoriseUnblock, stage.world, { unblockId, nonce, signature }, by)
const collect = (unblockId: string, changes: object = {}) =>
  perform(collectUnblock, stage.world, { unblockId, ...changes }, agent.actor)
const report = (unblockId: string, outcome = 'unblocked', triesLeft: number | null = null) =>
  perform(reportConnected, stage.world, { unblockId, outcome, triesLeft, at: '2026-11-23T09:01:00Z' }, agent.actor)
const stateOf = async (unblockId: string) => look(connectedUnblock, stage.world, { unblockId }, operator)
const pass = (minutes: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + minutes * 60_000)
}
/** An unblock whose holder has typed a new PIN. */
async function begun(): Promise<string> {
  const { id } = await ask()
  await ready(id)
  return id
}
async function signed(): Promise<string> {
  const id = await begun()
  const written = await statement(id)
  await sign(id, written.statement.nonce, answer(written))
  return id
}
const record = async () => (await findPukRecord(stage.database.reads as never, card.id))?.record

describe('a card in a reader', () => {
  it('is asked for, readied, signed, collected and reported: each on record, the signature with it', async () => {
    const id = await signed()
    expect(agent.told.map(({ type }) => type)).toEqual(['job', 'nudge'])
    expect(agent.told[0]).toMatchObject({
      job: { kind: 'unblock', isRemote: true, code: expect.stringMatching(/^\d\d$/) },
    })
    const round = await collect(id)
    expect(round).toMatchObject({
      kind: 'puk',
      statement: { attemptId: id, cardUuid: writeHex(card.cardUuid), personId },
    })
    expect(await record()).toMatchObject({ exposedTo: personId })
    await report(id)
    expect(await stateOf(id)).toMatchObject({ state: 'unblocked' })
    const audit = await stage.audit()
    const { event = {} } = audit.find(({ operation }) => operation === 'unblock.authorise') ?? {}
    expect(JSON.parse(String(event.signature))).toMatchObject({
      kind: 'passkey',
      response: { signature: expect.any(String) },
    })
    expect(JSON.parse(String(event.statement))).toMatchObject({ attemptId: id })
    const auditor = await stage.operator(['evidence:read'])
    expect(await look(unblockEvidence, stage.world, { unblockId: id }, auditor)).toMatchObject({
      releases: [{ form: 'sealed', outcome: 'unblocked', outcomeBy: 'report' }],
      statements: [{ operation: 'unblock.authorise', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      records: expect.arrayContaining([{ number: expect.any(Number), record: expect.any(String) }]),
    })
    const { events } = await look(cardHistory, stage.world, { cardId: card.id }, await stage.operator(['person:read']))
    expect(events.find(({ what }) => what === 'unblock-authorised')).toMatchObject({ unblockId: id })
    const notices = await stage.database.reads.selectFrom('notices').selectAll().execute()
    expect(notices).toMatchObject([{ kind: 'pin-unblocked', procedure: 'connected', released_at: expect.any(String) }])
  })

  it('is given out again to its agent while the answer may be lost, and to no other', async () => {
    const id = await signed()
    const [first, second] = [await collect(id), await collect(id)]
    expect([first.kind, second.kind]).toEqual(['puk', 'puk'])
    const other = connectAgent(stage, card, { id: 'other' })
    await expect(perform(collectUnblock, stage.world, { unblockId: id }, other.actor)).rejects.toMatchObject({
      code: 'not-found',
    })
    pass(5)
    await expect(collect(id)).rejects.toMatchObject({ code: 'statement-expired' })
  })

  it('is listed with what can be done, and why not', async () => {
    const list = async () => (await look(connectedReaders(stage.channel), stage.world, {}, operator)).readers[0]
    expect(await list()).toMatchObject({ obstacle: null, isStation: false, card: { personName: 'Pia Person' } })
    agent.see(undefined)
    expect(await list()).toMatchObject({ obstacle: 'no-card', card: null })
    agent.see({ cardUuid: new Uint8Array(16) })
    expect(await list()).toMatchObject({ obstacle: 'card-unknown', card: null })
    await stage.database.transaction((tx) =>
      tx.updateTable('cards').set({ state: 'suspended' }).where('id', '=', card.id).execute(),
    )
    agent.see(card)
    expect(await list()).toMatchObject({ obstacle: 'card-suspended' })
  })
})

describe('is refused', () => {
  it.each([
    ['an agent that is not there', { agentId: 'nobody' }, 'agent-offline'],
    ['an empty reader', { reader: 'Other' }, 'no-card'],
  ])('%s', async (_, changes, code) => {
    await expect(ask(changes)).rejects.toMatchObject({ code })
    expect(agent.told).toEqual([])
  })

  it('another card than the one that was chosen, one that works, an agent that is too old', async () => {
    const other = await stage.pivCard(personId)
    await expect(ask({ cardId: other.id })).rejects.toMatchObject({ code: 'card-swapped' })
    connectAgent(stage, card, { isBlocked: false })
    await expect(ask()).rejects.toMatchObject({ code: 'card-not-blocked' })
    connectAgent(stage, card, { protocol: 1 })
    await expect(ask()).rejects.toMatchObject({ code: 'agent-too-old' })
  })

  it('a card that was swapped since, whatever the agent says', async () => {
    const { id } = await ask()
    await expect(ready(id, { cardUuid: '00'.repeat(16) })).rejects.toMatchObject({ code: 'card-swapped' })
    await expect(ready(id, { reader: 'Other' })).rejects.toMatchObject({ code: 'card-swapped' })
  })

  it('an RSA card that was issued before its public key was kept: it is told, and nothing is drawn', async () => {
    const permit = { station: 'test', recordId: 'test', cardUuid: card.cardUuid }
    const sealed_key = await stage.world.keys.sealCardKey(permit, { variant: 2, octets: new Uint8Array(32) })
    await stage.database.transaction((tx) =>
      tx.updateTable('cards').set({ sealed_key }).where('id', '=', card.id).execute(),
    )
    const { id } = await ask()
    await expect(ready(id)).rejects.toMatchObject({ code: 'card-puc-only' })
  })

  it('anything before the signature', async () => {
    const { id } = await ask()
    await expect(collect(id)).rejects.toMatchObject({ code: 'attempt-closed' })
    await expect(statement(id)).rejects.toMatchObject({ code: 'attempt-closed' })
    await ready(id)
    await expect(collect(id)).rejects.toMatchObject({ code: 'attempt-closed' })
    expect(await record()).toMatchObject({ exposedSince: null })
  })

  it('another operator’s unblock', async () => {
    const id = await begun()
    const other = await stage.operator()
    await expect(statement(id, other)).rejects.toMatchObject({ code: 'not-found' })
    await expect(look(connectedUnblock, stage.world, { unblockId: id }, other)).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(ask({}, other)).rejects.toMatchObject({ code: 'unblock-under-way' })
    pass(11)
    expect(await ask({}, other)).toEqual({ id: expect.any(String) })
  })

  it('a password outside the demo, a stranger’s passkey, and after five wrong ones everything', async () => {
    const id = await begun()
    const written = await statement(id)
    const { nonce } = written.statement
    const password: OperatorSignature = { kind: 'password', password: STAGED_PASSWORD }
    await expect(sign(id, nonce, password)).rejects.toMatchObject({ code: 'not-permitted' })
    const stranger = await givePasskey(stage, await stage.operator())
    await expect(sign(id, nonce, answer(written, stranger))).rejects.toMatchObject({ code: 'passkey-refused' })
    await sign(id, nonce, answer(written))
  })

  it('a signature over another statement: the one before, one for another card, one of yesterday', async () => {
    const id = await begun()
    const before = await statement(id)
    const written = await statement(id)
    await expect(sign(id, before.statement.nonce, answer(before))).rejects.toMatchObject({ code: 'statement-expired' })
    await expect(sign(id, written.statement.nonce, answer(before))).rejects.toMatchObject({ code: 'passkey-refused' })
    pass(3)
    await expect(sign(id, written.statement.nonce, answer(written))).rejects.toMatchObject({
      code: 'statement-expired',
    })
    const fresh = await statement(id)
    await sign(id, fresh.statement.nonce, answer(fresh))
    await expect(sign(id, fresh.statement.nonce, answer(fresh))).rejects.toMatchObject({ code: 'attempt-closed' })
  })

  it('an operator whose rights were taken away while the page was open', async () => {
    const id = await begun()
    const written = await statement(id)
    const without = { ...operator, permissions: new Set(['person:read'] as const) }
    await expect(sign(id, written.statement.nonce, answer(written), without)).rejects.toMatchObject({
      code: 'not-permitted',
    })
    expect(await record()).toMatchObject({ exposedSince: null })
  })

  it('a card that was given to somebody else, or suspended, since the statement was written', async () => {
    const id = await begun()
    const written = await statement(id)
    const other = await stage.person('Ola Other')
    await stage.database.transaction((tx) =>
      tx.updateTable('cards').set({ person_id: other }).where('id', '=', card.id).execute(),
    )
    await expect(sign(id, written.statement.nonce, answer(written))).rejects.toMatchObject({ code: 'attempt-closed' })
    await stage.database.transaction((tx) =>
      tx.updateTable('cards').set({ person_id: personId, state: 'suspended' }).where('id', '=', card.id).execute(),
    )
    const again = await statement(id)
    await expect(sign(id, again.statement.nonce, answer(again))).rejects.toMatchObject({ code: 'card-suspended' })
  })

  it('the sixth release of a card in a day', async () => {
    for (let i = 0; i < 5; i++) await report(await signed())
    await expect(ask()).rejects.toMatchObject({ code: 'release-limit-card' })
  })
})

describe('ends', () => {
  it('when its holder declines, when the operator cancels, when he asks again', async () => {
    const first = await begun()
    const drop = { unblockId: first, problem: 'unblock-declined' }
    await perform(dropUnblock, stage.world, drop, agent.actor)
    expect(await stateOf(first)).toMatchObject({ state: 'ended', problem: 'unblock-declined' })
    const second = await begun()
    await perform(cancelUnblock, stage.world, { unblockId: second }, operator)
    expect(agent.told.at(-1)).toEqual({ type: 'cancel', jobId: second })
    expect(await look(connectedProgress, stage.world, { unblockId: second }, agent.actor)).toMatchObject({
      state: 'ended',
    })
    const third = await begun()
    const { id: fourth } = await ask()
    expect(agent.told.slice(-2).map((told) => ('jobId' in told ? [told.type, told.jobId] : []))).toEqual([
      ['cancel', third],
      ['job', fourth],
    ])
    await expect(ready(third)).rejects.toMatchObject({ code: 'attempt-closed' })
  })

  it('with the card’s word: refused takes the candidate away, a late or repeated report changes nothing', async () => {
    const id = await signed()
    await report(id, 'refused', 2)
    expect(await record()).toMatchObject({ candidates: [], triesAtLeast: 2 })
    expect(await report(id, 'unblocked')).toEqual({ result: 'known' })
    expect(await stateOf(id)).toMatchObject({ state: 'refused', triesLeft: 2 })
  })

  it('unused, where the card never saw what was released: no try is taken off, and the PUK stays exposed', async () => {
    const id = await signed()
    await perform(dropUnblock, stage.world, { unblockId: id, problem: 'card-removed' }, agent.actor)
    expect(await stateOf(id)).toMatchObject({ state: 'ended', problem: 'card-removed' })
    expect(await record()).toMatchObject({ triesAtLeast: 3, exposedTo: personId })
    await expect(collect(id)).rejects.toMatchObject({ code: 'attempt-closed' })
  })
})

describe('a GIDS card', () => {
  it('gets one answer to one challenge of its own; a card that does not prove its key is an incident', async () => {
    const gids = await stage.gidsCard(personId)
    agent.see(gids)
    const { id } = await ask({ cardId: gids.id })
    await ready(id, { cardUuid: writeHex(gids.cardUuid) })
    const written = await statement(id)
    await sign(id, written.statement.nonce, answer(written))
    expect(await collect(id)).toMatchObject({
      kind: 'host-challenge',
      challenge: expect.stringMatching(/^[0-9A-F]{32}$/),
    })
    const cardChallenge = 'AB'.repeat(16)
    expect(await collect(id, { cardChallenge })).toMatchObject({ kind: 'host-answer' })
    await expect(collect(id, { cardChallenge: 'CD'.repeat(16) })).rejects.toMatchObject({ code: 'attempt-closed' })
    await expect(collect(id, { cardAnswer: '00'.repeat(40) })).rejects.toMatchObject({ code: 'card-not-proved' })
    const incident = { kind: 'card-not-itself', cardId: gids.id }
    expect((await stage.audit()).at(-1)).toMatchObject({ outcome: 'refused', event: { incident } })
  })
})
