import { createECDH } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import { URI } from 'otpauth'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { holderCards, holderSignIn } from '../records/holder-sessions/views.ts'
import { findProof } from '../records/person-passkeys/proofs.ts'
import { look } from '../records/view.ts'
import { connectAgent } from './connected.fixture.ts'
import { addOneTimePassword, confirmOwnOneTimePassword, removeOneTimePassword } from './holder/one-time-passwords.ts'
import { closeHolderSession, openHolderSession, proveHolderSession } from './holder/open-session.ts'
import { inviteOwnPasskey, removeOwnPasskey } from './holder/passkeys.ts'
import { moveCard } from './lifecycle/move-card.ts'
import { perform } from './operation.ts'
import { answerOneTimePassword } from './self-service/answer-one-time-password.ts'
import { allowSelfService, openProved } from './self-service.fixture.ts'
import { type StagedPivCard, type StagedWorld, stageWorld } from './world.fixture.ts'

/** A holder looks after himself, with a card that works at one agent: what he adds counts a week later, and he is told. */

const JOB_KEY = writeHex(createECDH('prime256v1').generateKeys())
let stage: StagedWorld
let personId: string
let card: StagedPivCard
let agent: ReturnType<typeof connectAgent>
beforeEach(async () => {
  stage = await stageWorld()
  personId = await stage.person()
  card = await stage.pivCard(personId)
  agent = connectAgent(stage, card)
})
afterEach(() => stage.close())

const pass = (minutes: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + minutes * 60_000)
}
const codeOf = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? 'a bug',
  )
const open = (of: { cardUuid: Uint8Array } = card, by = agent) =>
  perform(
    openHolderSession,
    stage.world,
    { cardUuid: writeHex(of.cardUuid), reader: 'Reader', jobKey: JOB_KEY },
    by.actor,
  )
/** One whose card proved itself, as far as the database goes: the key of a staged card is a test's own. */
async function opened(): Promise<string> {
  const { sessionId } = await open()
  await stage.database.transaction(
    async (tx) =>
      void (await tx.updateTable('holder_sessions').set({ state: 'open' }).where('id', '=', sessionId).execute()),
  )
  return sessionId
}
const signIn = (sessionId: string, by = agent) => look(holderSignIn, stage.world, { sessionId }, by.actor)
const add = (sessionId: string, kind = 'totp', by = agent) =>
  perform(addOneTimePassword, stage.world, { sessionId, kind, label: 'Phone' }, by.actor)
const hex = (text: string) => writeHex(new TextEncoder().encode(text))
const confirm = (sessionId: string, oneTimePasswordId: string, code: string) =>
  perform(confirmOwnOneTimePassword, stage.world, { sessionId, oneTimePasswordId, secret: hex(code) }, agent.actor)
/** What an app shows that photographed the square. */
const shows = (uri: string) => URI.parse(uri).generate({ timestamp: stage.clock.at.getTime() } as never)
const notices = async () => {
  const rows = await stage.database.reads.selectFrom('notices').select('kind').execute()
  return rows.map(({ kind }) => kind)
}

describe('a session', () => {
  it('begins when the card proved itself, and that it did not is an incident', async () => {
    const { sessionId, proof } = await open()
    expect(proof).toMatchObject({ variant: 1 })
    expect(await codeOf(signIn(sessionId))).toBe('holder-session-over')
    const prove = () => perform(proveHolderSession, stage.world, { sessionId, proof: '00'.repeat(16) }, agent.actor)
    expect(await codeOf(prove())).toBe('card-not-proved')
    expect(await codeOf(prove())).toBe('holder-session-over')
    expect(JSON.stringify(await stage.audit())).toContain('card-not-itself')
  })

  it('of a card without a key for it is the word of an enrolled agent', async () => {
    const gids = await stage.gidsCard(personId)
    const { sessionId, proof } = await open(gids)
    expect(proof).toBeNull()
    expect(await perform(proveHolderSession, stage.world, { sessionId }, agent.actor)).toMatchObject({ sessionId })
    expect(await codeOf(signIn(sessionId))).toBe('done')
  })

  it('is of one agent, for a quarter of an hour, until it is closed or another one begins', async () => {
    const other = connectAgent(stage, undefined, { id: 'other' })
    const first = await opened()
    expect(await codeOf(signIn(first))).toBe('done')
    expect(await codeOf(signIn(first, other))).toBe('holder-session-over')
    expect(await codeOf(add(first, 'totp', other))).toBe('holder-session-over')
    const second = await opened()
    expect([await codeOf(signIn(first)), await codeOf(signIn(second))]).toEqual(['holder-session-over', 'done'])
    await perform(closeHolderSession, stage.world, { sessionId: second }, agent.actor)
    expect(await codeOf(add(second))).toBe('holder-session-over')
    const third = await opened()
    pass(14)
    expect(await codeOf(add(third))).toBe('done')
    pass(1)
    expect(await codeOf(add(third))).toBe('holder-session-over')
  })

  it('is over when the card is suspended, and none begins with such a card, or with one that nobody knows', async () => {
    const sessionId = await opened()
    const officer = await stage.operator(['card:move'])
    const wish = { cardId: card.id, move: 'suspend', reason: 'lost' }
    expect(await codeOf(perform(moveCard, stage.world, wish, officer))).toBe('done')
    expect(await codeOf(add(sessionId))).toBe('card-suspended')
    expect(await codeOf(open())).toBe('card-suspended')
    expect(await codeOf(open({ cardUuid: new Uint8Array(16) }))).toBe('card-unknown')
  })
})

describe('a one-time password', () => {
  it('is none until its app showed a code; counts after seven days; its owner is told at once', async () => {
    const sessionId = await opened()
    const { oneTimePasswordId, uri, secret } = await add(sessionId)
    expect(uri).toContain(secret)
    expect((await signIn(sessionId)).oneTimePasswords).toEqual([])
    expect(await codeOf(confirm(sessionId, oneTimePasswordId, '000000'))).toBe('one-time-password-wrong')
    expect(await notices()).toEqual([])
    await confirm(sessionId, oneTimePasswordId, shows(uri))
    expect((await signIn(sessionId)).oneTimePasswords).toMatchObject([{ label: 'Phone', kind: 'totp' }])
    expect(await notices()).toEqual(['one-time-password-added'])
    expect(await codeOf(confirm(sessionId, oneTimePasswordId, shows(uri)))).toBe('not-found')

    await allowSelfService(stage, card.id, { ways: ['one-time-password'] })
    const answer = async () => {
      const unblockId = await openProved(stage, card, agent)
      return codeOf(perform(answerOneTimePassword, stage.world, { unblockId, secret: hex(shows(uri)) }, agent.actor))
    }
    pass(7 * 24 * 60 - 1)
    expect(await answer()).toBe('way-not-set-up')
    pass(1)
    expect(await answer()).toBe('done')
    expect(JSON.stringify(await stage.audit())).not.toContain(secret)
  })

  it('that was begun and left is void when another is begun; five there may be', async () => {
    const sessionId = await opened()
    const left = await add(sessionId)
    for (let count = 0; count < 5; count++) {
      const { oneTimePasswordId, uri } = await add(sessionId, 'hotp')
      await confirm(sessionId, oneTimePasswordId, URI.parse(uri).generate({ counter: 0 } as never))
    }
    expect(await codeOf(confirm(sessionId, left.oneTimePasswordId, shows(left.uri)))).toBe('not-found')
    expect(await codeOf(add(sessionId))).toBe('one-time-passwords-full')
  })

  it('is removed by its owner alone, who is told', async () => {
    const sessionId = await opened()
    const { oneTimePasswordId, uri } = await add(sessionId)
    await confirm(sessionId, oneTimePasswordId, shows(uri))
    const remove = (of: string) =>
      codeOf(perform(removeOneTimePassword, stage.world, { sessionId: of, oneTimePasswordId }, agent.actor))
    const heir = await stage.pivCard(await stage.person('Heir'))
    const { sessionId: theirs } = await open(heir)
    await stage.database.transaction(
      async (tx) =>
        void (await tx.updateTable('holder_sessions').set({ state: 'open' }).where('id', '=', theirs).execute()),
    )
    expect(await remove(theirs)).toBe('not-found')
    expect(await remove(sessionId)).toBe('done')
    expect(await notices()).toEqual(['one-time-password-added', 'one-time-password-removed'])
  })
})

describe('passkeys and cards', () => {
  it('a holder invites himself, by a code that stands nowhere', async () => {
    const sessionId = await opened()
    const { code, url } = await perform(inviteOwnPasskey, stage.world, { sessionId }, agent.actor)
    expect(url).toMatch(/\/prove$/)
    const proof = await findProof(stage.database.reads, stage.world.keys, code, stage.clock.at)
    expect(proof).toMatchObject({ kind: 'add', invitation: { person_id: personId } })
    expect(JSON.stringify(await stage.audit())).not.toContain(code)
  })

  it('a passkey of his own is removed, and he is told; none of anybody else', async () => {
    const sessionId = await opened()
    const at = stage.clock.at.toISOString()
    const row = { person_id: personId, public_key: '', counter: '0', transports: '[]' }
    const insert = { ...row, id: 'k', label: 'Phone', created_at: at, usable_from: at, last_used_at: null }
    await stage.database.transaction(
      async (tx) => void (await tx.insertInto('person_passkeys').values(insert).execute()),
    )
    const remove = (passkeyId: string) =>
      codeOf(perform(removeOwnPasskey, stage.world, { sessionId, passkeyId }, agent.actor))
    expect(await remove('other')).toBe('not-found')
    expect(await remove('k')).toBe('done')
    expect(await notices()).toEqual(['passkey-removed'])
  })

  it('sees his cards, and of the one in the reader what happened since it is his', async () => {
    const other = await stage.pivCard(personId)
    const sessionId = await opened()
    const ask = () => look(holderCards, stage.world, { sessionId }, agent.actor)
    const { cards, events } = await ask()
    expect(cards.map(({ id, isHere }) => [id, isHere]).toSorted()).toEqual(
      [
        [card.id, true],
        [other.id, false],
      ].toSorted(),
    )
    expect(events[0]).toMatchObject({ what: 'holder-session', isRefused: false, operatorName: '' })
  })
})
