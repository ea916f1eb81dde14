import { randomInt } from 'node:crypto'
import { BeginSelfServiceWay, PROOF_CODE_DIGITS, type Root, type SelfServiceWay } from '@unlatch/contract'
import type { OpenProvider, SignInQuestion } from '../../ports/identity-provider.ts'
import { type Connection, findConnection } from '../../records/connections/connections.ts'
import { listUsable } from '../../records/person-passkeys/person-passkeys.ts'
import { macOfProof } from '../../records/person-passkeys/proofs.ts'
import { expectTries, lockChosenWay } from '../../records/self-service/chosen-way.ts'
import { openProvider, writeQuestion } from '../../records/self-service/questions.ts'
import { insertSelfServiceWay, voidAskedWays } from '../../records/self-service/ways.ts'
import { Fault, operation, type RunContext } from '../operation.ts'

/** What is asked elsewhere: a provider, or whoever types this code on another device. */
export type BegunElsewhere =
  | {
      readonly kind: 'identity-provider'
      readonly wayId: string
      readonly open: OpenProvider
      readonly question: SignInQuestion
    }
  | { readonly kind: 'passkey'; readonly code: string }

type Claim =
  | {
      readonly kind: 'identity-provider'
      readonly wayId: string
      readonly provider: Connection
      readonly redirectUri: string
    }
  | { readonly kind: 'passkey'; readonly code: string }

/**
 * The holder shows elsewhere that it is he: in the system's browser at an identity provider, or by his passkey on another device.
 * One is asked at a time: beginning another voids what was asked before.
 *
 * @throws Fault `way-not-set-up`, `self-service-tries`, `verification-not-admitted`.
 */
export const beginSelfServiceWay = operation({
  name: 'self-service.begin-way',
  permission: 'agent:report',
  input: BeginSelfServiceWay,
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run(context, input, actor) {
    const { tx, now } = context
    const { unblockId, way } = input
    const { card, demand } = await lockChosenWay(tx, { unblockId, way, agentId: actor.id, now })
    await voidAskedWays(tx, unblockId)
    await expectTries(tx, card, way, now)
    const ask = (root: Root, evidence: Record<string, unknown>, codeMac?: string) =>
      insertSelfServiceWay(
        tx,
        { unblockId, card, way: way as SelfServiceWay, root, state: 'asked', evidence, ...(codeMac && { codeMac }) },
        now,
      )
    const event = { unblockId, cardId: card.id, way }
    if (input.way === 'passkey') {
      if ((await listUsable(tx, card.person_id, now)).length === 0) throw new Fault('way-not-set-up')
      const { code, codeMac } = await drawProofCode(context)
      const wayId = await ask('device', {}, codeMac)
      const claim: Claim = { kind: 'passkey', code }
      return { claim, event: { ...event, wayId } }
    }
    const { identityProviderId } = demand
    const provider = identityProviderId === null ? undefined : await findConnection(tx, identityProviderId)
    if (!provider || provider.isRemoved || provider.details.kind !== 'identity-provider') {
      throw new Fault('way-not-set-up')
    }
    const { redirectUri } = input
    const root = provider.details.provider.isOwnRoot ? 'mailbox' : 'domain'
    const wayId = await ask(root, { provider: provider.id, redirectUri })
    const claim: Claim = { kind: 'identity-provider', wayId, provider, redirectUri }
    return { claim, event: { ...event, wayId, provider: provider.name } }
  },
  async release({ keys }, claim: Claim): Promise<BegunElsewhere> {
    if (claim.kind === 'passkey') return claim
    const { wayId, provider, redirectUri } = claim
    return {
      kind: 'identity-provider',
      wayId,
      open: await openProvider(keys, provider),
      question: await writeQuestion(keys, wayId, redirectUri),
    }
  },
})

async function drawProofCode({ keys }: RunContext): Promise<{ code: string; codeMac: string }> {
  const code = String(randomInt(0, 10 ** PROOF_CODE_DIGITS)).padStart(PROOF_CODE_DIGITS, '0')
  return { code, codeMac: await macOfProof(keys, code) }
}
