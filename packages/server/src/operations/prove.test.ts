import type { ProofWelcome } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Actor, ANYBODY } from '../records/actors.ts'
import { StagedAuthenticator } from '../records/passkeys/authenticator.fixture.ts'
import { personPasskeys } from '../records/person-passkeys/views.ts'
import { cardVerification } from '../records/verifications/views.ts'
import { look } from '../records/view.ts'
import { perform } from './operation.ts'
import { invitePasskey, removePersonPasskey } from './people/invite-passkey.ts'
import { beginProof } from './prove/begin-proof.ts'
import { declineProof } from './prove/decline-proof.ts'
import { finishProof } from './prove/finish-proof.ts'
import { beginWay } from './verify/begin-way.ts'
import { openVerification } from './verify/open-verification.ts'
import { type StagedPivCard, type StagedWorld, stageWorld } from './world.fixture.ts'

let stage: StagedWorld
let operator: Actor
let personId: string
let card: StagedPivCard
let key: StagedAuthenticator

beforeEach(async () => {
  stage = await stageWorld()
  operator = await stage.operator()
  personId = await stage.person()
  card = await stage.pivCard(personId)
  key = new StagedAuthenticator(stage.world.settings.origin)
})
afterEach(() => stage.close())

const DAY = 24 * 60
const pass = (minutes: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + minutes * 60_000)
}
const invite = async () => {
  const wish = { personId, document: 'passport', isSameFace: true }
  return (await perform(invitePasskey, stage.world, wish, operator)).code
}
const begin = (code: string, address = '10.0.0.1'): Promise<ProofWelcome> =>
  perform(beginProof, stage.world, { code, address }, ANYBODY)
const finish = (code: string, answer: object, address = '10.0.0.1') =>
  perform(finishProof, stage.world, { code, answer, label: 'Phone', address }, ANYBODY)
/** The person adds a passkey; it counts already. */
async function add(authenticator = key): Promise<void> {
  const code = await invite()
  const { options } = await begin(code)
  await finish(code, authenticator.create(options))
  pass(8 * DAY)
}
const open = async () =>
  (await perform(openVerification, stage.world, { cardId: card.id, procedure: 'telephone' }, operator)).id
const readOut = async () => {
  const begun = await perform(beginWay, stage.world, { verificationId: await open(), way: 'passkey' }, operator)
  return begun.readOut ?? ''
}
const view = () => look(cardVerification, stage.world, { cardId: card.id, procedure: 'telephone' }, operator)
const obstacle = async () => (await view()).offers.find(({ way }) => way === 'passkey')?.obstacle

describe('a passkey of a cardholder', () => {
  it('is added by an invitation in person, counts after seven days, is on record, and its owner is told', async () => {
    expect(await obstacle()).toBe('person-passkey-missing')
    const code = await invite()
    const welcome = await begin(code.toLowerCase().replace(/(.{4})/g, '$1 '))
    expect(welcome).toMatchObject({ kind: 'add', operatorName: operator.name, cardLabel: null })
    await finish(code, key.create(welcome.options))
    expect(await obstacle()).toBe('person-passkey-too-new')
    const { passkeys } = await look(personPasskeys, stage.world, { personId }, operator)
    expect(passkeys).toMatchObject([{ label: 'Phone', usableFrom: '2026-11-30T09:00:00.000Z' }])
    pass(7 * DAY)
    expect(await obstacle()).toBeNull()
    const notices = await stage.database.reads.selectFrom('notices').select('kind').execute()
    expect(notices).toEqual([{ kind: 'passkey-added' }])
    const everything = JSON.stringify([
      await stage.audit(),
      await stage.database.reads.selectFrom('person_invitations').selectAll().execute(),
    ])
    expect(everything).not.toContain(code)
  })

  it('an invitation is good once, for a day, and the last one alone', async () => {
    const first = await invite()
    const second = await invite()
    await expect(begin(first)).rejects.toMatchObject({ code: 'proof-code-refused' })
    const { options } = await begin(second)
    await finish(second, key.create(options))
    await expect(begin(second)).rejects.toMatchObject({ code: 'proof-code-refused' })
    const third = await invite()
    pass(DAY + 1)
    await expect(begin(third)).rejects.toMatchObject({ code: 'proof-code-refused' })
  })

  it('is removed, and proves nothing then', async () => {
    await add()
    const { passkeys } = await look(personPasskeys, stage.world, { personId }, operator)
    await perform(removePersonPasskey, stage.world, { personId, passkeyId: passkeys[0]?.id }, operator)
    expect(await obstacle()).toBe('person-passkey-missing')
  })
})

describe('proving it to an operator on the telephone', () => {
  it('takes a number that he reads out, says who asks and for which card, and the way is met', async () => {
    await add()
    const code = await readOut()
    expect(code).toMatch(/^\d{8}$/)
    const welcome = await begin(code)
    expect(welcome).toMatchObject({ kind: 'prove', operatorName: operator.name, cardLabel: `card ${card.id}` })
    expect(JSON.stringify(welcome)).not.toContain('Pia')
    await finish(code, key.get(welcome.options))
    expect((await view()).open).toMatchObject({ isMet: true, ways: [{ way: 'passkey', root: 'device', state: 'met' }] })
    await expect(begin(code)).rejects.toMatchObject({ code: 'proof-code-refused' })
  })

  it('takes a passkey of that person, for this challenge, once', async () => {
    await add()
    const code = await readOut()
    const foreign = new StagedAuthenticator(stage.world.settings.origin)
    const { options } = await begin(code)
    await expect(finish(code, foreign.get(options))).rejects.toMatchObject({ code: 'passkey-refused' })
    const other = await begin(await readOut())
    await expect(finish(code, key.get(other.options))).rejects.toMatchObject({ code: 'passkey-refused' })
    const again = await begin(code)
    await finish(code, key.get(again.options))
    expect((await view()).open?.ways.map(({ state }) => state).sort()).toEqual(['asked', 'met'])
  })

  it('whoever did not call says so, and the way has failed', async () => {
    await add()
    const code = await readOut()
    await perform(declineProof, stage.world, { code, address: '10.0.0.1' }, ANYBODY)
    expect((await view()).open).toMatchObject({ isMet: false, ways: [{ state: 'failed' }] })
    await expect(begin(code)).rejects.toMatchObject({ code: 'proof-code-refused' })
  })

  it('a number is good for ten minutes; whoever guesses is stopped after ten', async () => {
    await add()
    const code = await readOut()
    pass(10)
    await expect(begin(code)).rejects.toMatchObject({ code: 'proof-code-refused' })
    const fresh = await readOut()
    for (let i = 0; i < 9; i++) await expect(begin(String(10_000_000 + i))).rejects.toBeDefined()
    await expect(begin(fresh)).rejects.toMatchObject({ code: 'sign-in-throttled' })
    expect(await begin(fresh, '10.0.0.2')).toMatchObject({ kind: 'prove' })
  })
})
