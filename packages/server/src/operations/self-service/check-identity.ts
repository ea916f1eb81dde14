import * as z from 'zod/mini'
import type { OpenProvider, SignInQuestion } from '../../ports/identity-provider.ts'
import { isProved, lockConnected } from '../../records/connected-unblocks/connected-unblocks.ts'
import { type Connection, findConnection } from '../../records/connections/connections.ts'
import { isIdentityOf } from '../../records/self-service/identities.ts'
import { openProvider, writeQuestion } from '../../records/self-service/questions.ts'
import { viewSelfService } from '../../records/self-service/views.ts'
import { findSelfServiceWay, listWaysOf, settleWay } from '../../records/self-service/ways.ts'
import { Fault, operation } from '../operation.ts'

/** What may come of asking a provider; that it could not be asked is no try. */
const PROBLEMS = ['identity-refused', 'identity-answer-invalid', 'identity-provider-unreachable'] as const

/** What a provider is asked about an answer that came back. */
export interface IdentityQuestion {
  readonly wayId: string
  readonly open: OpenProvider
  readonly question: SignInQuestion
  readonly since: Date
}

interface Claim {
  readonly wayId: string
  readonly provider: Connection
  readonly redirectUri: string
  readonly since: Date
}

/** The browser came back: whose answer it is, before the provider is asked about it. */
export const openIdentity = operation({
  name: 'self-service.open-identity',
  permission: 'agent:report',
  input: z.object({ unblockId: z.string().check(z.maxLength(64)) }),
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, now }, { unblockId }, actor) {
    const { connected, card, isClosed } = await lockConnected(tx, unblockId, { agentId: actor.id })
    const asked = (await listWaysOf(tx, unblockId)).find(
      ({ way, state }) => way === 'identity-provider' && state === 'asked',
    )
    if (!isProved({ connected, isClosed }, now) || !asked) throw new Fault('attempt-closed')
    const { provider: providerId, redirectUri } = JSON.parse(asked.evidence) as {
      provider: string
      redirectUri: string
    }
    const provider = await findConnection(tx, providerId)
    if (!provider || provider.isRemoved) throw new Fault('way-not-set-up')
    const claim: Claim = { wayId: asked.id, provider, redirectUri, since: new Date(asked.asked_at) }
    return { claim, event: { unblockId, cardId: card.id, wayId: asked.id } }
  },
  async release({ keys }, { wayId, provider, redirectUri, since }: Claim): Promise<IdentityQuestion> {
    const [open, question] = [await openProvider(keys, provider), await writeQuestion(keys, wayId, redirectUri)]
    return { wayId, open, question, since }
  },
})

/**
 * What the provider said. That it could not be asked is no try.
 *
 * @throws Fault `identity-refused` for somebody else, too; `identity-answer-invalid`, `identity-provider-unreachable`.
 */
export const endIdentity = operation({
  name: 'self-service.end-identity',
  permission: 'agent:report',
  input: z.object({
    unblockId: z.string().check(z.maxLength(64)),
    wayId: z.string().check(z.maxLength(64)),
    answer: z.union([
      z.object({ issuer: z.string().check(z.maxLength(500)), subject: z.string().check(z.maxLength(500)) }),
      z.object({ problem: z.enum(PROBLEMS) }),
    ]),
  }),
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, now }, { unblockId, wayId, answer }, actor) {
    const { connected, card, isClosed } = await lockConnected(tx, unblockId, { agentId: actor.id })
    const way = await findSelfServiceWay(tx, wayId)
    if (way?.unblock_id !== unblockId || way.way !== 'identity-provider') throw new Fault('not-found')
    const refuse = (problem: (typeof PROBLEMS)[number], evidence: object): never => {
      const state = problem === 'identity-provider-unreachable' ? 'void' : 'failed'
      throw new Fault(problem, {
        survives: async (after) =>
          void (await settleWay(after, wayId, { state, evidence: { ...evidence, problem } }, now)),
      })
    }
    if ('problem' in answer) return refuse(answer.problem, {})
    const { issuer, subject } = answer
    const isHolder = await isIdentityOf(tx, { issuer, subject, personId: card.person_id, now })
    if (!isHolder) return refuse('identity-refused', { issuer, subject })
    if (!isProved({ connected, isClosed }, now)) throw new Fault('attempt-closed')
    const evidence = { issuer, subject }
    if (!(await settleWay(tx, wayId, { state: 'met', evidence }, now))) throw new Fault('attempt-closed')
    return { claim: { unblockId }, event: { unblockId, cardId: card.id, wayId, ...evidence } }
  },
  release: ({ database, clock }, { unblockId }) => viewSelfService(database.reads, unblockId, clock.now()),
})
