import { randomUUID } from 'node:crypto'
import { AuthoriseUnblock } from '@unlatch/contract'
import { isUniqueViolation } from '../../db/errors.ts'
import type { Tx } from '../../db/open.ts'
import type { ReleaseTicket } from '../../ports/key-service.ts'
import type { Actor } from '../../records/actors.ts'
import {
  type ConnectedRow,
  findConnected,
  type HeldConnected,
  lockConnected,
  readStatement,
  updateConnected,
} from '../../records/connected-unblocks/connected-unblocks.ts'
import { asOperator, type ConnectedWay, judgeCard } from '../../records/connected-unblocks/judge-card.ts'
import { whatLeaves } from '../../records/connected-unblocks/what-leaves.ts'
import { expectFourEyes } from '../../records/four-eyes/approvals.ts'
import { tellHolder } from '../../records/notices/notices.ts'
import { lockOperator } from '../../records/operators/operators.ts'
import { findSignatureRefusal, judgeSignature, type Proof, writeProof } from '../../records/operators/signature.ts'
import { hashStatement } from '../../records/operators/statement.ts'
import { afterRelease } from '../../records/puk-records/puk-record.ts'
import { updatePukRecord } from '../../records/puk-records/puk-records.ts'
import { countWithinLimits } from '../../records/unblocks/release-limits.ts'
import { insertRelease, type Release } from '../../records/unblocks/unblocks.ts'
import { expectTicket, spendTicket, writeWays } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'

/**
 * The Operator PIN: the operator signs the statement, and the server executes from it, once. What is released is claimed and on
 * record from here on; its agent then collects it.
 */
export const authoriseUnblock = operation({
  name: 'unblock.authorise',
  permission: 'unblock:release',
  input: AuthoriseUnblock,
  subject: ({ unblockId }) => `unblock:${unblockId}`,

  async prepare(world, { unblockId, signature }, actor): Promise<Proof> {
    const connected = await findConnected(world.database.reads, unblockId)
    if (!connected || connected.statement === null) return { statement: '', by: undefined }
    return judgeSignature(world, connected.statement, signature, actor)
  },

  async run({ tx, now, settings }, { unblockId, nonce, signature }, actor, proof) {
    const held = await lockConnected(tx, unblockId, { operatorId: actor.id })
    const { connected, card } = held
    if (held.isClosed || connected.state !== 'ready' || connected.statement === null) throw new Fault('attempt-closed')
    const statement = readStatement(connected)
    if (statement.operation !== 'unblock-connected') throw new Fault('attempt-closed')
    const isMeant = connected.statement === proof.statement && statement.nonce === nonce
    if (!isMeant || statement.notAfter <= now.toISOString()) throw new Fault('statement-expired')
    const refusal = await findSignatureRefusal(tx, { signature, actor, proof, now })
    if (refusal) throw new Fault(refusal.code, refusal)
    // Executed from the statement: what is true now is what was signed, or nothing happens.
    const isTrue = statement.cardUuid === card.card_uuid && statement.personId === card.person_id
    if (!isTrue || statement.operatorId !== actor.id) throw new Fault('attempt-closed')
    const ticket = await expectTicket(tx, { card, actor, procedure: 'connected', now })
    const approval = await expectFourEyes(tx, { card, verificationId: ticket.id, action: 'connected', now })
    if (statement.verification.join() !== ticket.ways.join()) throw new Fault('statement-expired')
    await lockOperator(tx, actor.id)
    const number = 1 + (await countWithinLimits(tx, { card, actor, now, settings }))
    const judged = await judgeCard(tx, card, { ...asOperator(actor), isStation: connected.is_remote === 0 })
    if ('obstacle' in judged) throw new Fault(judged.obstacle)
    const release = await claimRelease(tx, held, judged, { actor, now, number, ticket })
    await spendTicket(tx, ticket)
    await markExecuted(tx, connected, { hash: hashStatement(statement).toString('hex'), signature: writeProof(proof) })
    const told = { operatorId: actor.id, procedure: 'connected', releaseId: release.id } as const
    await tellHolder(tx, card, { kind: 'cryptogram-released', ...told }, now)
    const { generation, verification } = release
    const event = {
      unblockId,
      cardId: card.id,
      personId: card.person_id,
      agent: connected.agent_name,
      way: connected.way,
      generation,
    }
    return {
      claim: { agentId: connected.agent_id, unblockId },
      event: { ...event, verification, approval, statement: connected.statement, signature: writeProof(proof) },
    }
  },

  async release({ agents }, { agentId, unblockId }) {
    agents.tell(agentId, { type: 'nudge', jobId: unblockId })
    return {}
  },
})

async function claimRelease(
  tx: Tx,
  { connected, card }: HeldConnected,
  judged: ConnectedWay,
  { actor, now, number, ticket }: { actor: Actor; now: Date; number: number; ticket: ReleaseTicket },
): Promise<Release> {
  const at = now.toISOString()
  const { generation, triesAtRisk } = whatLeaves(judged)
  if (judged.way !== 'mutual') {
    const { puk } = judged
    await updatePukRecord(tx, card.id, puk, afterRelease(puk.record, { at, to: card.person_id }))
  }
  const release: Release = {
    id: randomUUID(),
    unblock_id: connected.unblock_id,
    card_id: card.id,
    operator_id: actor.id,
    session_id: actor.sessionId,
    idempotency_key: connected.unblock_id,
    challenge_key: connected.binding ?? '',
    challenge: '',
    form: connected.way,
    generation,
    unblock_key_id: '',
    verification: writeWays(ticket.ways),
    verification_id: ticket.id,
    released_at: at,
    outcome: 'released',
    outcome_by: null,
    outcome_at: null,
    tries_at_risk: triesAtRisk,
    receipt_misses: 0,
    number,
    reported_by: null,
  }
  await insertRelease(tx, release)
  return release
}

/** @throws Fault `attempt-closed` when this statement was executed before. */
async function markExecuted(
  tx: Tx,
  { unblock_id }: ConnectedRow,
  { hash, signature }: { hash: string; signature: string },
): Promise<void> {
  try {
    await updateConnected(tx, unblock_id, { state: 'authorised', statement_sha256: hash, signature })
  } catch (cause) {
    if (isUniqueViolation(cause)) throw new Fault('attempt-closed', { cause })
    throw cause
  }
}
