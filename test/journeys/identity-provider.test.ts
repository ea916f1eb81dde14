import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { oidcProvider } from '../../packages/server/src/adapters/oidc/oidc.ts'
import { beginElsewhere, finishIdentity } from '../../packages/server/src/jobs/ask-identity.ts'
import { connectAgent } from '../../packages/server/src/operations/connected.fixture.ts'
import { addConnection } from '../../packages/server/src/operations/connections/add-connection.ts'
import { perform } from '../../packages/server/src/operations/operation.ts'
import { addIdentity } from '../../packages/server/src/operations/people/identities.ts'
import { allowSelfService, openProved } from '../../packages/server/src/operations/self-service.fixture.ts'
import { type StagedWorld, stageWorld } from '../../packages/server/src/operations/world.fixture.ts'
import { SYSTEM } from '../../packages/server/src/records/actors.ts'
import { signInAt } from '../../packages/unlatch/src/demo/identity-provider.ts'
import { makeCertificate } from '../../packages/unlatch/src/demo/mail-server.ts'
import { DISCOVERY, type FaultyProvider, KEYS, startFaultyProvider, TOKENS } from '../peers/identity-provider.ts'

/**
 * A real identity provider that changes, errs, lies or is silent while a cardholder signs in there.
 *
 * Elsewhere: somebody else, an answer that comes twice, one by another agent, and when an identity counts (operations,
 * self-service-ways); an answer that any page sends the browser with, and the pages themselves (pages, self-service).
 */

const REDIRECT = 'http://127.0.0.1:7000/self-service/signed-in'

let stage: StagedWorld
let provider: FaultyProvider
let personId: string
let agent: ReturnType<typeof connectAgent>
let card: Awaited<ReturnType<StagedWorld['pivCard']>>
beforeEach(async () => {
  provider = await startFaultyProvider()
  stage = await stageWorld()
  stage.clock.at = new Date()
  personId = await stage.person()
  card = await stage.pivCard(personId)
  agent = connectAgent(stage, card)
  await demandSignIn()
  await perform(addIdentity, stage.world, { personId, issuer: provider.issuer, subject: 'eva' }, SYSTEM)
})
afterEach(async () => {
  await stage.close()
  await provider.close().catch(() => {})
})

/** The card's template demands a sign-in there, which we ask for with this client secret. */
async function demandSignIn(secret?: string) {
  const settings = { issuer: provider.issuer, clientId: provider.clientId, authority: '', isOwnRoot: false }
  const wish = {
    kind: 'identity-provider',
    name: `Sign-in ${card.id} ${secret}`,
    provider: settings,
    ...(secret && { secret }),
  }
  const { id } = await perform(addConnection, stage.world, wish, await stage.operator(['connection:write']))
  await allowSelfService(stage, card.id, { ways: ['identity-provider'], identityProviderId: id })
}
const codeOf = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )
const begin = async (unblockId: string) => {
  const wish = { unblockId, way: 'identity-provider', redirectUri: REDIRECT }
  return (await beginElsewhere(stage.world, oidcProvider, wish, agent.actor)).url
}
const finish = (unblockId: string, query: string) =>
  finishIdentity(stage.world, oidcProvider, { unblockId, query }, agent.actor)
/** Begins an attempt and signs in; what the browser comes back with is not yet passed on. */
async function signIn(unblockId?: string) {
  const attempt = unblockId ?? (await openProved(stage, card, agent))
  const url = await begin(attempt)
  return { unblockId: attempt, url, query: await signInAt(url, 'eva') }
}
/** A question of no attempt. */
const askedBy = (clientId: string, nonce = 'n'.repeat(43)) => ({
  open: { settings: { issuer: provider.issuer, clientId, authority: '', isOwnRoot: false }, secret: null },
  question: { redirectUri: REDIRECT, nonce, state: 's'.repeat(43), verifier: 'v'.repeat(43) },
})
/** What is on record of each question: whether it counts as a try. */
const states = async () =>
  (await stage.database.reads.selectFrom('self_service_ways').select('state').orderBy('asked_at').execute()).map(
    ({ state }) => state,
  )
const isMet = async (unblockId?: string) => {
  const signedIn = await signIn(unblockId)
  return (await finish(signedIn.unblockId, signedIn.query)).isMet
}
/** What it gives out for the next sign-in, as it comes. */
const nextToken = () =>
  new Promise<string>((resolve) =>
    provider.change(TOKENS, (said) => {
      resolve(String(said.id_token))
      return said
    }),
  )

describe('a provider', () => {
  test('may change its keys between two sign-ins, and in the middle of one', async () => {
    expect(await isMet()).toBe(true)
    provider.rotateKeys()
    expect(await isMet()).toBe(true)
    const { unblockId, query } = await signIn()
    provider.rotateKeys()
    expect(await finish(unblockId, query)).toMatchObject({ isMet: true })
  })

  test('is not believed what another key signed, whatever that is called', async () => {
    for (const name of ['same', 'other'] as const) {
      const { unblockId, query } = await signIn()
      provider.signWithForeignKey(name)
      expect(await codeOf(finish(unblockId, query))).toBe('identity-answer-invalid')
      provider.mend()
      expect(await isMet(unblockId)).toBe(true)
    }
    expect(await states()).toEqual(['failed', 'met', 'failed', 'met'])
  })

  test('is not believed what it said to another program', async () => {
    const { unblockId, url, query } = await signIn()
    const token = nextToken()
    const { open, question } = askedBy(provider.otherClientId, new URL(url).searchParams.get('nonce') ?? '')
    const there = await signInAt(await oidcProvider.begin(open, question), 'eva')
    await oidcProvider.finish(open, question, there, new Date())
    const id_token = await token
    provider.change(TOKENS, (said) => ({ ...said, id_token }))
    expect(await codeOf(finish(unblockId, query))).toBe('identity-answer-invalid')
  })

  test('that says to be another is asked nothing, and that is no try', async () => {
    const { unblockId, query } = await signIn()
    provider.change(DISCOVERY, (said) => ({ ...said, issuer: 'https://id.example' }))
    expect(await codeOf(finish(unblockId, query))).toBe('identity-provider-unreachable')
    for (let count = 0; count < 6; count++) expect(await codeOf(begin(unblockId))).toBe('identity-provider-unreachable')
    provider.mend()
    expect(await isMet(unblockId)).toBe(true)
    expect(new Set(await states())).toEqual(new Set(['void', 'met']))
  })
})

test('a provider whose certificate comes from an authority of ours, and from no other', async () => {
  const secure = await startFaultyProvider({ isTls: true })
  onTestFinished(() => secure.close())
  const { question } = askedBy(secure.clientId)
  const ask = async (authority: string, between = () => {}) => {
    const settings = { issuer: secure.issuer, clientId: secure.clientId, authority, isOwnRoot: false }
    const url = await oidcProvider.begin({ settings, secret: null }, question)
    const query = await signInAt(secure.atBrowser(url), 'eva')
    between()
    return oidcProvider.finish({ settings, secret: null }, question, query, new Date())
  }
  expect(await ask(secure.authority)).toEqual({ issuer: secure.issuer, subject: 'eva' })
  expect(await codeOf(ask(secure.authority, () => secure.signWithForeignKey('same')))).toBe('identity-answer-invalid')
  secure.mend()
  for (const authority of ['', (await makeCertificate()).certificate]) {
    expect(await codeOf(ask(authority))).toBe('identity-provider-unreachable')
  }
  secure.fail(KEYS, 302)
  expect(await codeOf(ask(secure.authority))).toBe('identity-provider-unreachable')
})

describe('an answer', () => {
  test('of another attempt counts in none: its state, its code, its nonce', async () => {
    const first = await signIn()
    const token = nextToken()
    await finish(first.unblockId, first.query)
    const id_token = await token
    provider.mend()
    const { unblockId, query } = await signIn()
    expect(await codeOf(finish(unblockId, first.query))).toBe('identity-answer-invalid')

    const second = await signIn(unblockId)
    const mixed = new URLSearchParams(second.query)
    mixed.set('code', new URLSearchParams(query).get('code') ?? '')
    expect(await codeOf(finish(unblockId, mixed.toString()))).toBe('identity-refused')

    const third = await signIn(unblockId)
    provider.change(TOKENS, (said) => ({ ...said, id_token }))
    expect(await codeOf(finish(unblockId, third.query))).toBe('identity-answer-invalid')
    expect(await states()).toEqual(['met', 'failed', 'failed', 'failed'])
  })

  test('whose code was used already counts no second time', async () => {
    const { open, question } = askedBy(provider.clientId)
    const query = await signInAt(await oidcProvider.begin(open, question), 'eva')
    const finishOnce = () => oidcProvider.finish(open, question, query, new Date())
    expect(await finishOnce()).toEqual({ issuer: provider.issuer, subject: 'eva' })
    expect(await codeOf(finishOnce())).toBe('identity-refused')
  })

  test('that names another issuer, or none, is not his', async () => {
    for (const issuer of ['https://id.example', '']) {
      const { unblockId, query } = await signIn()
      const changed = new URLSearchParams(query)
      changed.delete('iss')
      if (issuer !== '') changed.set('iss', issuer)
      expect(await codeOf(finish(unblockId, changed.toString()))).toBe('identity-answer-invalid')
    }
  })

  test('that the holder cancelled is a try, and said', async () => {
    const { unblockId, query } = await signIn()
    const state = new URLSearchParams(query).get('state') ?? ''
    const cancelled = new URLSearchParams({ error: 'access_denied', state, iss: provider.issuer })
    expect(await codeOf(finish(unblockId, cancelled.toString()))).toBe('identity-refused')
    expect(await states()).toEqual(['failed'])
  })
})

describe('a provider that is out of order is no try:', () => {
  test('an error at any of its addresses', async () => {
    const unblockId = await openProved(stage, card, agent)
    for (const [path, status] of [
      [TOKENS, 503],
      [KEYS, 500],
      [DISCOVERY, 404],
    ] as const) {
      const { query } = await signIn(unblockId)
      provider.fail(path, status)
      expect(await codeOf(finish(unblockId, query))).toBe('identity-provider-unreachable')
      provider.mend()
    }
    expect(await isMet(unblockId)).toBe(true)
    expect(await states()).toEqual(['void', 'void', 'void', 'met'])
  })

  test('it does not know us, or our secret', async () => {
    await demandSignIn('another secret')
    const { unblockId, query } = await signIn()
    expect(await codeOf(finish(unblockId, query))).toBe('identity-provider-unreachable')
    expect(await states()).toEqual(['void'])
  })

  test('nobody there', async () => {
    const { unblockId, query } = await signIn()
    await provider.close()
    expect(await codeOf(finish(unblockId, query))).toBe('identity-provider-unreachable')
    expect(await codeOf(begin(unblockId))).toBe('identity-provider-unreachable')
    expect(await states()).toEqual(['void', 'void'])
  })

  test('silence, wherever it begins, ends after a while', { timeout: 60_000 }, async () => {
    const began = performance.now()
    const { unblockId, query } = await signIn()
    provider.fail(TOKENS, 'silence')
    const silent = codeOf(finish(unblockId, query))
    await sleep(500)
    // Another of his cards, in another computer.
    card = await stage.pivCard(personId)
    agent = connectAgent(stage, card, { id: 'another' })
    await demandSignIn()
    const other = await openProved(stage, card, agent)
    provider.fail(DISCOVERY, 'endless')
    const endless = codeOf(begin(other))
    expect([await silent, await endless]).toEqual(['identity-provider-unreachable', 'identity-provider-unreachable'])
    expect(performance.now() - began).toBeLessThan(25_000)
    expect(await states()).toEqual(['void', 'void'])
    provider.mend()
    expect(await isMet(other)).toBe(true)
  })
})
