import { randomUUID } from 'node:crypto'
import { AskSigning, Problem, type SignJob, UNBLOCK_PROTOCOL } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { Actor } from '../../records/actors.ts'
import { getCard } from '../../records/cards/cards.ts'
import { findConnected } from '../../records/connected-unblocks/connected-unblocks.ts'
import { findApproval } from '../../records/four-eyes/approvals.ts'
import { parseStatement } from '../../records/operators/signature.ts'
import { getPerson } from '../../records/people/people.ts'
import { insertSigning } from '../../records/signings/signings.ts'
import { lockUnblock } from '../../records/unblocks/unblocks.ts'
import { Fault, operation } from '../operation.ts'

/**
 * An operator signs with a card of his own: an agent shows the statement that was written last for this unblock, and asks for
 * the card's PIN. Nothing is released by it; the signature comes back to the console, which sends it as any other.
 */
export const askSigning = operation({
  name: 'signing.ask',
  permission: 'signed-in',
  input: AskSigning,
  subject: ({ unblockId, approvalId }) => (approvalId ? `approval:${approvalId}` : `unblock:${unblockId}`),
  async prepare({ agents }, { agentId }) {
    const agent = agents.online().find(({ id }) => id === agentId)
    if (!agent) throw new Problem('agent-offline')
    if (agent.protocol < UNBLOCK_PROTOCOL) throw new Problem('agent-too-old')
    return { agent }
  },
  async run({ tx, now }, input, actor, { agent }) {
    const { nonce, reader } = input
    const { text, ...about } = await findAsked(tx, input, actor)
    const statement = text === null ? undefined : parseStatement(text)
    if (!text || statement?.nonce !== nonce) throw new Fault('statement-expired')
    const [card, person] = [await getCard(tx, about.cardId), await getPerson(tx, about.personId)]
    const signingId = randomUUID()
    await insertSigning(tx, { id: signingId, operator_id: actor.id, agent_id: agent.id, statement: text }, now)
    const names = { operatorName: actor.name, personName: person.name, cardLabel: card.label }
    const job: SignJob = { kind: 'sign', signingId, reader, ...names, printedSerial: card.printed_serial, statement }
    return { claim: { agentId: agent.id, job }, event: { signingId, agent: agent.name, reader, nonce } }
  },
  async release({ agents }, { agentId, job }) {
    agents.order(agentId, job.signingId, job)
    return { signingId: job.signingId }
  },
})

/** The statement that was written last, and what it is about. */
async function findAsked(
  tx: Tx,
  { unblockId, approvalId }: AskSigning,
  actor: Actor,
): Promise<{ text: string | null; cardId: string; personId: string }> {
  if (approvalId !== undefined) {
    const approval = await findApproval(tx, approvalId)
    const text = approval?.statement ?? null
    // The statement names who is to sign it: nobody else's is his.
    if (!approval || text === null || parseStatement(text).operatorId !== actor.id) throw new Fault('not-found')
    return { text, cardId: approval.card_id, personId: approval.person_id }
  }
  const { unblock } = await lockUnblock(tx, unblockId ?? '', actor.id)
  if (unblock.closed_at !== null) throw new Fault('attempt-closed')
  const text = (await findConnected(tx, unblock.id))?.statement ?? unblock.statement
  return { text, cardId: unblock.card_id, personId: unblock.person_id }
}
