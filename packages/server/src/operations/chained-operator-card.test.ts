import { createHash, generateKeyPairSync, sign as signOctets } from 'node:crypto'
import {
  type OperatorSignature,
  type SignedByCard,
  type SignJob,
  writeSignedOctets,
  writeStatement,
} from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { needs } from '../../../../test/peers/needs.ts'
import { OpensslAuthority } from '../../../../test/peers/openssl-authority.ts'
import { openCardAuthority } from '../adapters/card-authority/card-authority.ts'
import type { CardAuthority } from '../ports/card-authority.ts'
import type { Actor } from '../records/actors.ts'
import { ownAccount } from '../records/operators/views.ts'
import { look } from '../records/view.ts'
import { addOperatorCard } from './account/add-operator-card.ts'
import { beginOperatorCard } from './account/begin-operator-card.ts'
import { connectAgent } from './connected.fixture.ts'
import { perform, type World } from './operation.ts'
import { answerSigning } from './sign/answer-signing.ts'
import { openUnblock } from './unblock/open-unblock.ts'
import { releaseCryptogram } from './unblock/release-cryptogram.ts'
import { writeOfflineStatement } from './unblock/write-offline-statement.ts'
import { verifyHolder } from './verified.fixture.ts'
import { STAGED_PASSWORD, type StagedPivCard, type StagedWorld, stageWorld } from './world.fixture.ts'

/** Where the organisation named an authority, its cards alone sign, while nobody revoked them. */

const HOUR_MS = 3_600_000
const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex').toUpperCase()

needs('openssl')('with an authority for operators’ cards', () => {
  let root: OpensslAuthority
  let stranger: OpensslAuthority
  let stage: StagedWorld
  let operator: Actor
  let card: StagedPivCard
  let agent: ReturnType<typeof connectAgent>
  beforeEach(async () => {
    root = OpensslAuthority.make()
    stranger = OpensslAuthority.make()
    stage = await stageWorld({ isDemo: false })
    operator = await stage.operator()
    card = await stage.pivCard(await stage.person())
    agent = connectAgent(stage, card)
  })
  afterEach(async () => {
    await stage.close()
    root.close()
    stranger.close()
  })

  function hold(by: OpensslAuthority, days = 365) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    // What openssl dates begins now.
    const certificate = by.issue(publicKey.export({ type: 'spki', format: 'der' }), { days })
    stage.clock.at = new Date()
    const sign = (statement: SignedByCard) =>
      hex(
        signOctets(
          'sha256',
          writeSignedOctets(createHash('sha256').update(writeStatement(statement)).digest()),
          privateKey,
        ),
      )
    return { octets: certificate, certificate: hex(certificate), sign }
  }
  type Held = ReturnType<typeof hold>

  async function openWorld(certificates: string, ...revocationLists: string[]): Promise<World> {
    stage.clock.at = new Date()
    const cardAuthority = openCardAuthority({ certificates, revocationLists })
    await cardAuthority.renew(stage.clock.at)
    return withAuthority(cardAuthority)
  }
  const withAuthority = (cardAuthority: CardAuthority | undefined): World => ({ ...stage.world, cardAuthority })

  async function add(world: World, held: Held) {
    const wish = { password: STAGED_PASSWORD, agentId: 'laptop', reader: 'Reader' }
    const { signingId } = await perform(beginOperatorCard, world, wish, operator)
    const told = agent.told.find((message) => message.type === 'job' && message.jobId === signingId)
    const { statement } = (told as unknown as { job: SignJob }).job
    const answer = { kind: 'signed', certificate: held.certificate, signature: held.sign(statement as SignedByCard) }
    await perform(answerSigning, world, { signingId, answer }, agent.actor)
    await perform(addOperatorCard, world, { signingId, label: 'my card' }, operator)
  }

  async function release(world: World, held: Held) {
    await verifyHolder(world, card.id, operator)
    const { id: unblockId } = await perform(openUnblock, world, { cardId: card.id }, operator)
    const { challenge } = card.attempt()
    const wish = { unblockId, challenge, idempotencyKey: 'key-00000001' }
    const { statement } = await perform(writeOfflineStatement, world, wish, operator)
    const signature: OperatorSignature = {
      kind: 'card',
      certificate: held.certificate,
      signature: held.sign(statement as SignedByCard),
    }
    return perform(releaseCryptogram, world, { ...wish, signed: { nonce: statement.nonce, signature } }, operator)
  }

  it('one of its cards is added, signs, and signs no more once it was revoked', async () => {
    const held = hold(root)
    const world = await openWorld(root.certificate, root.list())
    await add(world, held)
    expect(await release(world, held)).toMatchObject({ kind: 'cryptogram' })
    root.revoke(held.octets)
    const next = await openWorld(root.certificate, root.list())
    await expect(release(next, held)).rejects.toMatchObject({ code: 'operator-card-revoked' })
    expect((await stage.audit()).at(-1)).toMatchObject({
      operation: 'unblock.release-cryptogram',
      outcome: 'refused',
      event: { problem: 'operator-card-revoked' },
    })
  })

  it('one that was added before there was an authority signs no more, unless it is the authority’s', async () => {
    const [own, foreign] = [hold(root), hold(stranger)]
    await add(stage.world, own)
    await add(stage.world, foreign)
    expect(await release(stage.world, foreign)).toMatchObject({ kind: 'cryptogram' })
    const world = await openWorld(root.certificate, root.list())
    expect(await release(world, own)).toMatchObject({ kind: 'cryptogram' })
    await expect(release(world, foreign)).rejects.toMatchObject({ code: 'operator-card-untrusted' })
  })

  it('an authority below it counts, by the lists of both', async () => {
    const below = root.below('Issuing')
    const held = hold(below)
    const world = await openWorld(root.bundle(below), below.list(), root.list())
    await add(world, held)
    expect(await release(world, held)).toMatchObject({ kind: 'cryptogram' })
    const half = await openWorld(root.bundle(below), below.list())
    await expect(release(half, held)).rejects.toMatchObject({ code: 'operator-card-revocation-unknown' })
    root.revoke(below.certificate)
    const revoked = await openWorld(root.bundle(below), below.list(), root.list())
    await expect(release(revoked, held)).rejects.toMatchObject({ code: 'operator-card-revoked' })
  })

  it('an expired one is told so, revoked or not', async () => {
    const held = hold(root, 1)
    const world = await openWorld(root.certificate, root.list({ hours: 48 }))
    await add(world, held)
    stage.clock.at = new Date(stage.clock.at.getTime() + 25 * HOUR_MS)
    await expect(release(world, held)).rejects.toMatchObject({ code: 'operator-card-expired' })
  })

  describe('a card is neither added nor signs', () => {
    const at = (hours: number) => new Date(Date.now() + hours * HOUR_MS)
    const cases: [string, string, () => { list: string; held: Held }][] = [
      ['of somebody else', 'untrusted', () => ({ held: hold(stranger), list: root.list() })],
      [
        'that was revoked',
        'revoked',
        () => {
          const held = hold(root)
          root.revoke(held.octets)
          return { held, list: root.list() }
        },
      ],
      ['by a list of somebody else', 'revocation-unknown', () => ({ held: hold(root), list: stranger.list() })],
      [
        'by a list that is too old',
        'revocation-unknown',
        () => ({ held: hold(root), list: root.list({ from: at(-48), until: at(-1) }) }),
      ],
      [
        'by a list that says something critical which nobody here reads',
        'revocation-unknown',
        () => ({ held: hold(root), list: root.list({ with: 'unknown' }) }),
      ],
      ['without a list', 'revocation-unknown', () => ({ held: hold(root), list: '/nowhere/root.crl' })],
    ]
    it.each(cases)('%s', async (_, fault, make) => {
      const { held, list } = make()
      const world = await openWorld(root.certificate, list)
      const code = `operator-card-${fault}`
      await expect(add(world, held)).rejects.toMatchObject({ code })
      expect((await look(ownAccount, world, {}, operator)).operatorCards).toEqual([])
      await add(stage.world, held)
      await expect(release(world, held)).rejects.toMatchObject({ code })
      // No fault of the operator’s: it counts as no wrong try, however often he asks.
      for (let again = 0; again < 6; again++) await expect(release(world, held)).rejects.toMatchObject({ code })
    })
  })
})
