import { type CeremonyOptions, OfflineStatement, type OperatorSignature, type StatementToSign } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../records/actors.ts'
import type { StagedAuthenticator } from '../../records/passkeys/authenticator.fixture.ts'
import { findPukRecord } from '../../records/puk-records/puk-records.ts'
import { givePasskey } from '../connected.fixture.ts'
import { perform } from '../operation.ts'
import { releaseSigned } from '../signed-release.fixture.ts'
import { verifyHolder } from '../verified.fixture.ts'
import { STAGED_PASSWORD, type StagedPivCard, type StagedWorld, stageWorld } from '../world.fixture.ts'
import { openUnblock } from './open-unblock.ts'
import { releaseCryptogram } from './release-cryptogram.ts'
import { writeOfflineStatement } from './write-offline-statement.ts'

/** No cryptogram leaves before its operator has signed for this challenge of this card; and it leaves for that alone. */

let stage: StagedWorld
let operator: Actor
let key: StagedAuthenticator
let personId: string
let card: StagedPivCard
let unblockId: string
let challenge: string
beforeEach(async () => {
  stage = await stageWorld({ isDemo: false })
  operator = await stage.operator()
  key = await givePasskey(stage, operator)
  personId = await stage.person()
  card = await stage.pivCard(personId)
  unblockId = await open()
  challenge = card.attempt().challenge
})
afterEach(() => stage.close())

const open = async (of = card, by = operator) => {
  await verifyHolder(stage.world, of.id, by)
  return (await perform(openUnblock, stage.world, { cardId: of.id }, by)).id
}
const write = (changes: object = {}, by = operator) =>
  perform(writeOfflineStatement, stage.world, { unblockId, challenge, ...changes }, by)
const sign = ({ passkey }: StatementToSign, by = key): OperatorSignature => ({
  kind: 'passkey',
  answer: { ...by.get(passkey as unknown as CeremonyOptions) },
})
const signed = (written: StatementToSign, signature = sign(written)) => ({
  signed: { nonce: written.statement.nonce, signature },
})
const release = (more: object = {}, by = operator) => {
  const wish = { unblockId, challenge, idempotencyKey: 'key-00000001' }
  return perform(releaseCryptogram, stage.world, { ...wish, ...more }, by)
}
const pass = (seconds: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + seconds * 1000)
}
const releases = () => stage.database.reads.selectFrom('releases').selectAll().execute()
const change = (values: { person_id?: string; state?: string }) =>
  stage.database.transaction((tx) => tx.updateTable('cards').set(values).where('id', '=', card.id).execute())

describe('a cryptogram', () => {
  it('leaves for a passkey’s signature over what it is for; statement and signature stay with the record', async () => {
    const written = await write({ challenge: challenge.toLowerCase() })
    expect(written).toMatchObject({ allowsPassword: false })
    expect(written.statement).toEqual({
      operation: 'unblock-offline',
      attemptId: unblockId,
      cardUuid: Buffer.from(card.cardUuid).toString('hex').toUpperCase(),
      personId,
      operatorId: operator.id,
      challenge,
      verification: ['in-person'],
      nonce: expect.stringMatching(/^[0-9A-F]{32}$/),
      notAfter: '2026-11-23T09:02:00.000Z',
    })
    expect(await release(signed(written))).toMatchObject({ kind: 'cryptogram' })
    const { event = {} } = (await stage.audit()).at(-1) ?? {}
    expect(OfflineStatement.parse(JSON.parse(String(event.statement)))).toEqual(written.statement)
    expect(JSON.parse(String(event.signature))).toMatchObject({ kind: 'passkey', publicKey: expect.any(String) })
  })

  it('leaves for nothing less, and nothing is claimed then', async () => {
    await expect(release()).rejects.toMatchObject({ code: 'operator-pin-missing' })
    const written = await write()
    const password: OperatorSignature = { kind: 'password', password: STAGED_PASSWORD }
    await expect(release(signed(written, password))).rejects.toMatchObject({ code: 'not-permitted' })
    const stranger = await givePasskey(stage, await stage.operator())
    await expect(release(signed(written, sign(written, stranger)))).rejects.toMatchObject({ code: 'passkey-refused' })
    const nameless = { statement: { ...written.statement, nonce: '0'.repeat(32) }, passkey: written.passkey }
    await expect(release(signed({ ...written, ...nameless }))).rejects.toMatchObject({ code: 'statement-expired' })
    expect(await releases()).toEqual([])
    expect((await findPukRecord(stage.database.reads, card.id))?.record).toMatchObject({ exposedSince: null })
    expect(await release(signed(written))).toMatchObject({ kind: 'cryptogram' })
  })

  it('asked again within two minutes needs no second signature; later, or asked otherwise, it is not given', async () => {
    const wish = signed(await write())
    const first = await release(wish)
    expect(await release()).toEqual(first)
    // The very same request: its authenticator has counted on since.
    expect(await release(wish)).toEqual(first)
    await expect(release({ ...wish, idempotencyKey: 'key-00000002' })).rejects.toMatchObject({
      code: 'challenge-answered',
    })
    pass(121)
    await expect(release(wish)).rejects.toMatchObject({ code: 'challenge-answered' })
    expect(await releases()).toHaveLength(1)
  })
})

describe('a signature', () => {
  it('over the statement before, over another challenge, of two minutes ago: is for nothing else', async () => {
    const before = await write()
    const other = await write({ challenge: card.attempt().challenge })
    await expect(release(signed(before))).rejects.toMatchObject({ code: 'statement-expired' })
    await expect(release(signed(other))).rejects.toMatchObject({ code: 'statement-expired' })
    await expect(release(signed(other, sign(before)))).rejects.toMatchObject({ code: 'statement-expired' })
    const written = await write()
    await expect(release(signed(written, sign(other)))).rejects.toMatchObject({ code: 'passkey-refused' })
    pass(120)
    await expect(release(signed(written))).rejects.toMatchObject({ code: 'statement-expired' })
    expect(await release(signed(await write()))).toMatchObject({ kind: 'cryptogram' })
  })

  it('of one call is worth nothing in another, nor for another operator', async () => {
    const written = await write()
    const elsewhere = await open()
    await expect(release({ ...signed(written), unblockId: elsewhere })).rejects.toMatchObject({
      code: 'statement-expired',
    })
    const other = await stage.operator()
    await expect(release(signed(written), other)).rejects.toMatchObject({ code: 'not-found' })
    await expect(write({}, other)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('of an authenticator that went backwards is refused as a copy', async () => {
    const written = await write()
    await release(signed(written))
    unblockId = await open()
    challenge = card.attempt().challenge
    key.counter = 0
    await expect(release(signed(await write()))).rejects.toMatchObject({ code: 'passkey-copied' })
  })

  it('counts for nothing when the card went to somebody else, or was suspended, since', async () => {
    const written = await write()
    await change({ person_id: await stage.person('Ola Other') })
    await expect(release(signed(written))).rejects.toMatchObject({ code: 'caller-not-verified' })
    await change({ person_id: personId, state: 'suspended' })
    await expect(release(signed(written))).rejects.toMatchObject({ code: 'card-suspended' })
    expect(await releases()).toEqual([])
  })
})

it('a statement is written for no challenge that is none, no call that is over, and not before the caller is verified', async () => {
  await expect(write({ challenge: 'ÜÜÜÜÜÜÜÜÜÜ' })).rejects.toMatchObject({ code: 'challenge-malformed' })
  await expect(write({ challenge: '123' })).rejects.toMatchObject({ code: 'challenge-malformed' })
  pass(16 * 60)
  await expect(write()).rejects.toMatchObject({ code: 'caller-not-verified' })
  await verifyHolder(stage.world, card.id, operator)
  await stage.database.transaction((tx) => tx.updateTable('unblocks').set({ closed_at: 'now' }).execute())
  await expect(write()).rejects.toMatchObject({ code: 'attempt-closed' })
})

it('in the demo a password stands in: five wrong ones are the end for a while, and the challenge is not spent', async () => {
  const world = { ...stage.world, settings: { ...stage.world.settings, isDemo: true } }
  const { allowsPassword, statement } = await perform(writeOfflineStatement, world, { unblockId, challenge }, operator)
  expect(allowsPassword).toBe(true)
  const wish = { unblockId, challenge, idempotencyKey: 'key-00000001' }
  const tryPassword = (password: string) => {
    const asked = { ...wish, signed: { nonce: statement.nonce, signature: { kind: 'password', password } } }
    return perform(releaseCryptogram, world, asked, operator)
  }
  for (let wrong = 0; wrong < 5; wrong++)
    await expect(tryPassword('wrong')).rejects.toMatchObject({ code: 'password-wrong' })
  await expect(tryPassword(STAGED_PASSWORD)).rejects.toMatchObject({ code: 'sign-in-throttled' })
  expect(await releases()).toEqual([])
  pass(16 * 60)
  expect(await releaseSigned(world, wish, operator)).toMatchObject({ kind: 'cryptogram' })
})
