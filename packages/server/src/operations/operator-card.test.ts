import { createHash, generateKeyPairSync, type KeyObject, sign as signOctets } from 'node:crypto'
import {
  type CardStatement,
  type OperatorSignature,
  type SignedByCard,
  type SignJob,
  type StatementToSign,
  writeSignedOctets,
  writeStatement,
} from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type StagedAuthority, stageAuthority } from '../../../../test/peers/certificates.ts'
import type { Actor } from '../records/actors.ts'
import { ownAccount } from '../records/operators/views.ts'
import { signing } from '../records/signings/views.ts'
import { look } from '../records/view.ts'
import { addOperatorCard } from './account/add-operator-card.ts'
import { beginOperatorCard } from './account/begin-operator-card.ts'
import { removeOperatorCard } from './account/remove-operator-card.ts'
import { connectAgent } from './connected.fixture.ts'
import { perform } from './operation.ts'
import { answerSigning } from './sign/answer-signing.ts'
import { askSigning } from './sign/ask-signing.ts'
import { cancelSigning } from './sign/cancel-signing.ts'
import { openUnblock } from './unblock/open-unblock.ts'
import { releaseCryptogram } from './unblock/release-cryptogram.ts'
import { writeOfflineStatement } from './unblock/write-offline-statement.ts'
import { askUnblock } from './unblock-connected/ask-unblock.ts'
import { authoriseUnblock } from './unblock-connected/authorise-unblock.ts'
import { readyUnblock } from './unblock-connected/ready-unblock.ts'
import { writeOperatorStatement } from './unblock-connected/write-statement.ts'
import { verifyHolder } from './verified.fixture.ts'
import { STAGED_PASSWORD, type StagedPivCard, type StagedWorld, stageWorld } from './world.fixture.ts'

/** An operator's card signs at an agent, for what it was asked, and for its operator alone. */

let stage: StagedWorld
let authority: StagedAuthority
let operator: Actor
let agent: ReturnType<typeof connectAgent>
let card: StagedPivCard
let personId: string
beforeEach(async () => {
  stage = await stageWorld({ isDemo: false })
  authority = await stageAuthority('Test', stage.clock.at)
  operator = await stage.operator()
  personId = await stage.person()
  card = await stage.pivCard(personId)
  agent = connectAgent(stage, card)
})
afterEach(() => stage.close())

/** An operator card, without the card. */
interface Held {
  readonly certificate: string
  sign(statement: SignedByCard): string
}

async function hold(kind: 'ec' | 'rsa' = 'ec', validity?: { from?: Date; until?: Date }): Promise<Held> {
  const { publicKey, privateKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 })
  const certificate = await authority.issue(publicKey.export({ type: 'spki', format: 'der' }), validity)
  return { certificate: hex(certificate), sign: (statement) => hex(signWith(privateKey, statement)) }
}
const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex').toUpperCase()
const signWith = (key: KeyObject, statement: SignedByCard) =>
  signOctets('sha256', writeSignedOctets(createHash('sha256').update(writeStatement(statement)).digest()), key)

const jobOf = (signingId: string) => {
  const told = agent.told.find((message) => message.type === 'job' && message.jobId === signingId)
  return (told as unknown as { job: SignJob }).job
}
const answer = (signingId: string, body: object, by = agent.actor) =>
  perform(answerSigning, stage.world, { signingId, answer: body }, by)
/** The card becomes the operator's. */
async function add(held: Held, by = operator, changes: object = {}): Promise<void> {
  const wish = { password: STAGED_PASSWORD, agentId: 'laptop', reader: 'Reader' }
  const { signingId } = await perform(beginOperatorCard, stage.world, wish, by)
  const statement = jobOf(signingId).statement as CardStatement
  const body = { kind: 'signed', certificate: held.certificate, signature: held.sign(statement), ...changes }
  await answer(signingId, body)
  await perform(addOperatorCard, stage.world, { signingId, label: 'my card' }, by)
}
const account = (by = operator) => look(ownAccount, stage.world, {}, by)
const pass = (minutes: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + minutes * 60_000)
}
const wishOf = (unblockId: string, challenge: string) => ({
  unblockId,
  challenge,
  idempotencyKey: 'key-00000001',
})
/** A call with its statement written. */
async function begin(by = operator) {
  await verifyHolder(stage.world, card.id, by)
  const { id } = await perform(openUnblock, stage.world, { cardId: card.id }, by)
  const wish = wishOf(id, card.attempt().challenge)
  return { wish, written: await perform(writeOfflineStatement, stage.world, wish, by) }
}
const release = (
  { wish, written }: { wish: object; written: StatementToSign },
  signature: OperatorSignature,
  by = operator,
) => perform(releaseCryptogram, stage.world, { ...wish, signed: { nonce: written.statement.nonce, signature } }, by)
const by = (held: Held, statement: SignedByCard): OperatorSignature => ({
  kind: 'card',
  certificate: held.certificate,
  signature: held.sign(statement),
})
const asked = (unblockId: string, nonce: string, changes: object = {}, who = operator) =>
  perform(askSigning, stage.world, { unblockId, nonce, agentId: 'laptop', reader: 'Reader', ...changes }, who)

const see = (signingId: string) => look(signing(stage.world.agents), stage.world, { signingId }, operator)

describe('an operator card', () => {
  it('becomes an operator’s by the password and a signature of its own; he sees it and removes it', async () => {
    const held = await hold()
    await add(held)
    const { operatorCards } = await account()
    expect(operatorCards).toMatchObject([{ label: 'my card', lastUsedAt: null }])
    expect((await stage.audit()).at(-1)).toMatchObject({
      operation: 'account.add-operator-card',
      event: { certificate: held.certificate, statement: expect.stringContaining('add-operator-card') },
    })
    const operatorCardId = operatorCards[0]?.id
    const other = await stage.operator()
    await expect(perform(removeOperatorCard, stage.world, { operatorCardId }, other)).rejects.toMatchObject({
      code: 'not-found',
    })
    await perform(removeOperatorCard, stage.world, { operatorCardId }, operator)
    expect((await account()).operatorCards).toEqual([])
    const call = await begin()
    await expect(release(call, by(held, call.written.statement))).rejects.toMatchObject({
      code: 'operator-card-refused',
    })
  })

  it('is not added without the password, twice, by another’s signature, expired, or too late', async () => {
    const held = await hold()
    const wish = { password: 'wrong', agentId: 'laptop', reader: 'Reader' }
    await expect(perform(beginOperatorCard, stage.world, wish, operator)).rejects.toMatchObject({
      code: 'password-wrong',
    })
    expect(agent.told).toEqual([])
    const stranger = await hold()
    await expect(add(held, operator, { certificate: stranger.certificate })).rejects.toMatchObject({
      code: 'operator-card-refused',
    })
    await expect(add(held, operator, { certificate: '00' })).rejects.toMatchObject({ code: 'operator-card-refused' })
    const from = new Date(stage.clock.at.getTime() - 2 * 86_400_000)
    const expired = await hold('ec', { from, until: new Date(stage.clock.at.getTime() - 86_400_000) })
    await expect(add(expired)).rejects.toMatchObject({ code: 'operator-card-expired' })
    await add(held)
    await expect(add(held, await stage.operator())).rejects.toMatchObject({ code: 'operator-card-exists' })
    const asking = { password: STAGED_PASSWORD, agentId: 'laptop', reader: 'Reader' }
    const { signingId } = await perform(beginOperatorCard, stage.world, asking, operator)
    const late = await hold()
    const signature = late.sign(jobOf(signingId).statement as CardStatement)
    await answer(signingId, { kind: 'signed', certificate: late.certificate, signature })
    pass(3)
    const adding = perform(addOperatorCard, stage.world, { signingId, label: 'late' }, operator)
    await expect(adding).rejects.toMatchObject({ code: 'statement-expired' })
  })
})

describe('its signature', () => {
  it.each(['ec', 'rsa'] as const)('releases a cryptogram (%s), and stays with the record', async (kind) => {
    const held = await hold(kind)
    await add(held)
    const { wish, written } = await begin()
    expect(written).toMatchObject({ passkey: null, hasCard: true, allowsPassword: false })
    const { signingId } = await asked(wish.unblockId, written.statement.nonce)
    expect(jobOf(signingId)).toMatchObject({ statement: written.statement, personName: 'Pia Person' })
    expect(await look(signing(stage.world.agents), stage.world, { signingId }, operator)).toMatchObject({
      state: 'asked',
    })
    const signature = held.sign(jobOf(signingId).statement as SignedByCard)
    await answer(signingId, { kind: 'signed', certificate: held.certificate, signature })
    const ended = await look(signing(stage.world.agents), stage.world, { signingId }, operator)
    expect(ended).toMatchObject({ state: 'signed', certificate: held.certificate })
    expect(await release({ wish, written }, { kind: 'card', certificate: held.certificate, signature })).toMatchObject({
      kind: 'cryptogram',
    })
    const { event = {} } = (await stage.audit()).at(-1) ?? {}
    expect(JSON.parse(String(event.signature))).toEqual({ kind: 'card', certificate: held.certificate, signature })
    expect((await account()).operatorCards).toMatchObject([{ lastUsedAt: stage.clock.at.toISOString() }])
  })

  it('takes the place of the password, in the demo too', async () => {
    await add(await hold())
    const { wish } = await begin()
    const demo = { ...stage.world, settings: { ...stage.world.settings, isDemo: true } }
    const { unblockId, challenge } = wish
    const again = await perform(writeOfflineStatement, demo, { unblockId, challenge }, operator)
    expect(again).toMatchObject({ hasCard: true, allowsPassword: false })
    const signed = { nonce: again.statement.nonce, signature: { kind: 'password', password: STAGED_PASSWORD } }
    await expect(perform(releaseCryptogram, demo, { ...wish, signed }, operator)).rejects.toMatchObject({
      code: 'not-permitted',
    })
  })

  it('unblocks a card in a reader', async () => {
    const held = await hold()
    await add(held)
    const wish = { cardId: card.id, agentId: 'laptop', reader: 'Reader' }
    await verifyHolder(stage.world, card.id, operator, 'connected')
    const { id: unblockId } = await perform(askUnblock, stage.world, wish, operator)
    const jobKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' })
    const ready = { unblockId, cardUuid: hex(card.cardUuid), reader: 'Reader', jobKey: hex(jobKey.subarray(-65)) }
    await perform(readyUnblock, stage.world, ready, agent.actor)
    const { statement } = await perform(writeOperatorStatement, stage.world, { unblockId }, operator)
    const { signingId } = await asked(unblockId, statement.nonce)
    expect(jobOf(signingId).statement).toEqual(statement)
    const signed = { unblockId, nonce: statement.nonce, signature: by(held, statement) }
    await perform(authoriseUnblock, stage.world, signed, operator)
  })

  it('for another challenge or operation, of another operator’s or nobody’s card, releases nothing', async () => {
    const [held, stranger] = [await hold(), await hold()]
    const other = await stage.operator()
    await add(held)
    await add(stranger, other)
    const first = await begin()
    const second = await begin()
    const refused = { code: 'operator-card-refused' }
    await expect(release(second, by(held, first.written.statement))).rejects.toMatchObject(refused)
    await expect(release(second, by(stranger, second.written.statement))).rejects.toMatchObject(refused)
    await expect(release(second, by(await hold(), second.written.statement))).rejects.toMatchObject(refused)
    const enrolment: CardStatement = {
      operation: 'add-operator-card',
      operatorId: operator.id,
      agentKeySha256: agent.keySha256,
      reader: 'Reader',
      nonce: second.written.statement.nonce,
      notAfter: second.written.statement.notAfter,
    }
    await expect(release(second, by(held, enrolment))).rejects.toMatchObject(refused)
    const mixed: OperatorSignature = {
      kind: 'card',
      certificate: held.certificate,
      signature: stranger.sign(second.written.statement),
    }
    await expect(release(second, mixed)).rejects.toMatchObject(refused)
    // The fifth in a row was the last that is looked at, a right one included.
    await expect(release(second, by(held, second.written.statement))).rejects.toMatchObject({
      code: 'sign-in-throttled',
    })
    pass(16)
    const fresh = await begin()
    const signature = by(held, fresh.written.statement)
    expect(await release(fresh, signature)).toMatchObject({ kind: 'cryptogram' })
    // Replayed: as the answer to the next challenge, and for this one asked by somebody else.
    const next = await begin()
    await expect(release(next, signature)).rejects.toMatchObject(refused)
    const again = { ...fresh, wish: { ...fresh.wish, idempotencyKey: 'key-00000002' } }
    await expect(release(again, signature)).rejects.toMatchObject({ code: 'challenge-answered' })
  })

  it('by a certificate that expired since is refused, and says so', async () => {
    const held = await hold('ec', { until: new Date(stage.clock.at.getTime() + 60_000) })
    await add(held)
    pass(2)
    const call = await begin()
    await expect(release(call, by(held, call.written.statement))).rejects.toMatchObject({
      code: 'operator-card-expired',
    })
  })
})

describe('a signature is asked', () => {
  it('for the statement that was written last, in one’s own call, of an agent that is there and knows how', async () => {
    const { wish, written } = await begin()
    const { nonce } = written.statement
    await expect(asked(wish.unblockId, '0'.repeat(32))).rejects.toMatchObject({ code: 'statement-expired' })
    await expect(asked(wish.unblockId, nonce, { agentId: 'gone' })).rejects.toMatchObject({ code: 'agent-offline' })
    await expect(asked(wish.unblockId, nonce, {}, await stage.operator())).rejects.toMatchObject({ code: 'not-found' })
    connectAgent(stage, card, { id: 'old', protocol: 1 })
    await expect(asked(wish.unblockId, nonce, { agentId: 'old' })).rejects.toMatchObject({ code: 'agent-too-old' })
    await stage.database.transaction((tx) => tx.updateTable('unblocks').set({ closed_at: 'now' }).execute())
    await expect(asked(wish.unblockId, nonce)).rejects.toMatchObject({ code: 'attempt-closed' })
  })

  it('answered by its agent alone, once; seen by its operator alone', async () => {
    const { wish, written } = await begin()
    const { signingId } = await asked(wish.unblockId, written.statement.nonce)
    const stranger = connectAgent(stage, card, { id: 'other' })
    const ended = { kind: 'ended', problem: 'signing-declined' }
    await expect(answer(signingId, ended, stranger.actor)).rejects.toMatchObject({ code: 'not-found' })
    await expect(
      look(signing(stage.world.agents), stage.world, { signingId }, await stage.operator()),
    ).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(await answer(signingId, ended)).toEqual({ result: 'recorded' })
    expect(await answer(signingId, { kind: 'signed', certificate: '00', signature: '00' })).toEqual({ result: 'known' })
    expect(await look(signing(stage.world.agents), stage.world, { signingId }, operator)).toMatchObject({
      state: 'ended',
      problem: 'signing-declined',
      signature: null,
    })
  })

  it('given up by its operator alone: its agent is told, and what it signs then counts for nothing', async () => {
    const { wish, written } = await begin()
    const { signingId } = await asked(wish.unblockId, written.statement.nonce)
    const cancel = (who = operator) => perform(cancelSigning, stage.world, { signingId }, who)
    await expect(cancel(await stage.operator())).rejects.toMatchObject({ code: 'not-found' })
    await cancel()
    expect(agent.told.at(-1)).toEqual({ type: 'cancel', jobId: signingId })
    expect(await answer(signingId, { kind: 'signed', certificate: '00', signature: '00' })).toEqual({ result: 'known' })
    expect(await see(signingId)).toMatchObject({ state: 'ended', problem: 'attempt-cancelled', signature: null })
    await cancel()
    expect((await stage.audit()).at(-1)).toMatchObject({ operation: 'signing.cancel', event: { result: 'known' } })
  })

  it('of an agent that goes away: its operator is told, signs again elsewhere, and the agent hears of it once it is back', async () => {
    const { wish, written } = await begin()
    const { signingId } = await asked(wish.unblockId, written.statement.nonce)
    agent.hangUp()
    expect(await see(signingId)).toMatchObject({ state: 'ended', problem: 'signing-interrupted' })
    await perform(cancelSigning, stage.world, { signingId }, operator)
    connectAgent(stage, card, { id: 'other' })
    const again = await asked(wish.unblockId, written.statement.nonce, { agentId: 'other' })
    expect(await see(again.signingId)).toMatchObject({ state: 'asked' })
    agent = connectAgent(stage, card)
    expect(agent.told).toEqual([{ type: 'cancel', jobId: signingId }])
    agent.hangUp()
    agent = connectAgent(stage, card)
    expect(agent.told).toEqual([])
  })

  it('whose end was lost on its way to the server, is not waited for', async () => {
    const { wish, written } = await begin()
    const { signingId } = await asked(wish.unblockId, written.statement.nonce)
    agent.say({ type: 'job-ended', jobId: signingId, problem: { code: 'card-removed' } })
    expect(await see(signingId)).toMatchObject({ state: 'ended', problem: 'card-removed' })
  })
})
