import { writeHex } from '@unlatch/card'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { beginElsewhere, finishIdentity } from '../jobs/ask-identity.ts'
import { type IdentityProvider, IdentityProviderError, type SignedIn } from '../ports/identity-provider.ts'
import { type Actor, SYSTEM } from '../records/actors.ts'
import { macOfProof } from '../records/person-passkeys/proofs.ts'
import { connectAgent } from './connected.fixture.ts'
import { addConnection } from './connections/add-connection.ts'
import { perform } from './operation.ts'
import { addIdentity, removeIdentity } from './people/identities.ts'
import { declineProof } from './prove/decline-proof.ts'
import { answerUnblockCode } from './self-service/answer-unblock-code.ts'
import { beginSelfServiceWay } from './self-service/begin-way.ts'
import { endIdentity, openIdentity } from './self-service/check-identity.ts'
import { giveUnblockCodes } from './self-service/give-unblock-codes.ts'
import { releaseSelfService } from './self-service/release-self-service.ts'
import { allowSelfService, openProved } from './self-service.fixture.ts'
import { verifyHolder } from './verified.fixture.ts'
import { type StagedPivCard, type StagedWorld, stageWorld } from './world.fixture.ts'

/** How a holder shows that it is he, beside the password of his account: each way counts once, for his card, in his attempt. */

let stage: StagedWorld
let personId: string
let card: StagedPivCard
let agent: ReturnType<typeof connectAgent>
let operator: Actor
beforeEach(async () => {
  stage = await stageWorld()
  personId = await stage.person()
  card = await stage.pivCard(personId)
  agent = connectAgent(stage, card)
  operator = await stage.operator()
})
afterEach(() => stage.close())

const proved = (of = card, by = agent) => openProved(stage, of, by)
const codeOf = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? 'a bug',
  )
const pass = (minutes: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + minutes * 60_000)
}

describe('unblock codes', () => {
  beforeEach(() => allowSelfService(stage, card.id, { ways: ['unblock-code'] }))
  const give = async (kind: 'spoken' | 'sheet' = 'spoken', cardId = card.id) => {
    await verifyHolder(stage.world, cardId, operator, 'telephone')
    return perform(giveUnblockCodes, stage.world, { cardId, kind }, operator)
  }
  const answer = (unblockId: string, code = '', by = agent) => {
    const secret = writeHex(new TextEncoder().encode(code))
    return perform(answerUnblockCode, stage.world, { unblockId, secret }, by.actor)
  }

  it('are given to a verified caller alone, and stand nowhere', async () => {
    const wish = { cardId: card.id, kind: 'spoken' }
    expect(await codeOf(perform(giveUnblockCodes, stage.world, wish, operator))).toBe('caller-not-verified')
    const { codes } = await give()
    expect(codes).toEqual([expect.stringMatching(/^\d{7}$/)])
    const rows = await stage.database.reads.selectFrom('unblock_codes').selectAll().execute()
    expect(JSON.stringify([rows, await stage.audit()])).not.toContain(codes[0])
  })

  it('are used up with one attempt', async () => {
    const { codes } = await give()
    const unblockId = await proved()
    expect(await answer(unblockId, codes[0])).toMatchObject({ isMet: true })
    expect(await codeOf(perform(releaseSelfService, stage.world, { unblockId }, agent.actor))).toBe('done')
    card = await stage.pivCard(personId)
    await allowSelfService(stage, card.id, { ways: ['unblock-code'] })
    expect(await codeOf(answer(await proved(card), codes[0]))).toBe('unblock-code-wrong')
  })

  it('typed twice at the same instant count once', async () => {
    const { codes } = await give()
    const unblockId = await proved()
    const ends = await Promise.all([1, 2].map(() => codeOf(answer(unblockId, codes[0]))))
    expect(ends.toSorted()).toEqual(['done', 'unblock-code-wrong'])
  })

  it('that were said are void after five wrong ones, after an hour, and when others are given', async () => {
    const [first = ''] = (await give()).codes
    const [second = ''] = (await give()).codes
    const unblockId = await proved()
    expect(await codeOf(answer(unblockId, first))).toBe('unblock-code-wrong')
    for (let wrong = 0; wrong < 4; wrong++) await codeOf(answer(unblockId, '0000000'))
    expect(await codeOf(answer(unblockId, second))).toBe('self-service-tries')
    pass(31)
    expect(await codeOf(answer(await proved(), second))).toBe('unblock-code-wrong')
    pass(31)
    const [third = ''] = (await give()).codes
    pass(61)
    expect(await codeOf(answer(await proved(), third))).toBe('unblock-code-wrong')
  })

  it('of a sheet are ten, each once, typed in any groups, and good after years', async () => {
    const { codes, expiresAt } = await give('sheet')
    expect([codes.length, new Set(codes).size, expiresAt]).toEqual([10, 10, null])
    pass(60 * 24 * 700)
    const typed = codes[3]?.toLowerCase().replace(/(.{4})/g, '$1 ')
    expect(await answer(await proved(), typed)).toMatchObject({ isMet: true })
  })

  it('of a card say nothing about another card of the same person, nor for whoever has the card after them', async () => {
    const { codes } = await give('sheet')
    const other = await stage.pivCard(personId)
    await allowSelfService(stage, other.id, { ways: ['unblock-code'] })
    const reader = connectAgent(stage, other, { id: 'other' })
    expect(await codeOf(answer(await proved(other, reader), codes[0], reader))).toBe('unblock-code-wrong')
    const heir = await stage.person('Heir')
    await stage.database.transaction(
      async (tx) => void (await tx.updateTable('cards').set({ person_id: heir }).where('id', '=', card.id).execute()),
    )
    expect(await codeOf(answer(await proved(), codes[0]))).toBe('unblock-code-wrong')
  })

  it('are not given where the template admits none', async () => {
    await allowSelfService(stage, card.id, { ways: ['domain'] })
    expect(await codeOf(give())).toBe('verification-not-admitted')
    await allowSelfService(stage, card.id, { ways: ['unblock-code'] }, false)
    expect(await codeOf(give())).toBe('self-service-not-allowed')
  })
})

describe('an identity provider', () => {
  const REDIRECT = 'http://127.0.0.1:7000/self-service/signed-in'
  const EVA: SignedIn = { issuer: 'https://id.example', subject: 'eva' }
  let said: SignedIn | Error
  let seen: string[]
  const provider: IdentityProvider = {
    discover: async () => {},
    async begin(_, { state }) {
      if (said instanceof Error) throw said
      seen.push(state)
      return `https://id.example/authorize?state=${state}`
    },
    async finish(_, question, query) {
      if (said instanceof Error) throw said
      if (!query.includes(question.state)) throw new IdentityProviderError('identity-refused', 'another state')
      return said
    },
  }
  let providerId: string
  beforeEach(async () => {
    said = EVA
    seen = []
    const admin = await stage.operator(['connection:write'])
    const settings = { issuer: EVA.issuer, clientId: 'unlatch', authority: '', isOwnRoot: false }
    const wish = { kind: 'identity-provider', name: 'Sign-in', provider: settings }
    providerId = (await perform(addConnection, stage.world, wish, admin)).id
    await allowSelfService(stage, card.id, { ways: ['identity-provider'], identityProviderId: providerId })
    await perform(addIdentity, stage.world, { personId, ...EVA }, SYSTEM)
  })
  const begin = (unblockId: string) =>
    beginElsewhere(stage.world, provider, { unblockId, way: 'identity-provider', redirectUri: REDIRECT }, agent.actor)
  const finish = (unblockId: string, query = `code=c&state=${seen.at(-1)}`) =>
    finishIdentity(stage.world, provider, { unblockId, query }, agent.actor)

  it('says who signed in, and it is the holder', async () => {
    const unblockId = await proved()
    expect((await begin(unblockId)).url).toContain(seen[0])
    expect(await finish(unblockId)).toMatchObject({ isMet: true })
    // The browser came back twice.
    expect(await codeOf(finish(unblockId))).toBe('attempt-closed')
  })

  it('says somebody else, or nobody: a try each', async () => {
    const unblockId = await proved()
    for (let count = 0; count < 5; count++) {
      await begin(unblockId)
      said = { ...EVA, subject: 'mallory' }
      expect(await codeOf(finish(unblockId))).toBe('identity-refused')
      said = EVA
    }
    expect(await codeOf(begin(unblockId))).toBe('self-service-tries')
  })

  it('of another attempt answers nothing: each question has a state of its own', async () => {
    const first = await proved()
    await begin(first)
    const second = await proved()
    await begin(second)
    expect(seen[0]).not.toBe(seen[1])
    expect(await codeOf(finish(second, `code=c&state=${seen[0]}`))).toBe('identity-refused')
    expect(await codeOf(finish(first))).toBe('attempt-closed')
  })

  it('that is down is no try', async () => {
    const unblockId = await proved()
    said = new IdentityProviderError('identity-provider-unreachable', 'down')
    for (let count = 0; count < 6; count++) {
      expect(await codeOf(begin(unblockId))).toBe('identity-provider-unreachable')
    }
    said = EVA
    await begin(unblockId)
    expect(await finish(unblockId)).toMatchObject({ isMet: true })
  })

  it('is asked by what an operator added seven days ago, and no longer when that was removed', async () => {
    const officer = await stage.operator(['person:write'])
    const other = await stage.person('Kim')
    const wish = { personId: other, issuer: EVA.issuer, subject: 'kim' }
    const { id: identityId } = await perform(addIdentity, stage.world, wish, officer)
    expect(await codeOf(perform(addIdentity, stage.world, { ...wish, personId }, officer))).toBe('name-taken')
    card = await stage.pivCard(other)
    await allowSelfService(stage, card.id, { ways: ['identity-provider'], identityProviderId: providerId })
    said = { ...EVA, subject: 'kim' }
    const early = await proved(card)
    await begin(early)
    expect(await codeOf(finish(early))).toBe('identity-refused')
    pass(60 * 24 * 7 + 1)
    const late = await proved(card)
    await begin(late)
    expect(await finish(late)).toMatchObject({ isMet: true })
    await perform(removeIdentity, stage.world, { personId: other, identityId }, officer)
    pass(31)
    const after = await proved(card)
    await begin(after)
    expect(await codeOf(finish(after))).toBe('identity-refused')
  })

  it('is answered by its own agent alone, while the attempt is open', async () => {
    const unblockId = await proved()
    await begin(unblockId)
    const thief = connectAgent(stage, card, { id: 'thief' })
    expect(await codeOf(perform(openIdentity, stage.world, { unblockId }, thief.actor))).toBe('not-found')
    const [way] = await stage.database.reads.selectFrom('self_service_ways').selectAll().execute()
    const wish = { unblockId, wayId: way?.id ?? '', answer: EVA }
    expect(await codeOf(perform(endIdentity, stage.world, wish, thief.actor))).toBe('not-found')
  })
})

describe('a passkey on another device', () => {
  beforeEach(async () => {
    await allowSelfService(stage, card.id, { ways: ['passkey'] })
    await stage.database.transaction(
      async (tx) =>
        void (await tx
          .insertInto('person_passkeys')
          .values({
            id: 'key-1',
            person_id: personId,
            label: 'Phone',
            public_key: '00',
            counter: '0',
            transports: '[]',
            created_at: '2026-01-01T00:00:00.000Z',
            usable_from: '2026-01-08T00:00:00.000Z',
            last_used_at: null,
          })
          .execute()),
    )
  })
  const begin = async (unblockId: string) => {
    const begun = await perform(beginSelfServiceWay, stage.world, { unblockId, way: 'passkey' }, agent.actor)
    if (begun.kind !== 'passkey') throw new Error('no code')
    return begun.code
  }

  it('is asked by a code of eight digits; beginning anew voids it; declining ends it', async () => {
    const unblockId = await proved()
    const first = await begin(unblockId)
    expect(first).toMatch(/^\d{8}$/)
    const second = await begin(unblockId)
    const decline = (code: string) => codeOf(perform(declineProof, stage.world, { code, address: 'x' }, { ...SYSTEM }))
    expect(await decline(first)).toBe('proof-code-refused')
    expect(await decline(second)).toBe('done')
    expect(await decline(second)).toBe('proof-code-refused')
    const rows = await stage.database.reads.selectFrom('self_service_ways').selectAll().execute()
    expect(rows.map(({ state, code_mac }) => [state, code_mac])).toEqual([
      ['failed', null],
      ['failed', null],
    ])
    expect(await macOfProof(stage.world.keys, second)).toMatch(/^[0-9a-f]{64}$/)
  })

  it('that nobody has cannot be asked', async () => {
    const other = await stage.pivCard(await stage.person('None'))
    await allowSelfService(stage, other.id, { ways: ['passkey'] })
    const reader = connectAgent(stage, other, { id: 'other' })
    const unblockId = await proved(other, reader)
    const wish = { unblockId, way: 'passkey' }
    expect(await codeOf(perform(beginSelfServiceWay, stage.world, wish, reader.actor))).toBe('way-not-set-up')
  })
})
