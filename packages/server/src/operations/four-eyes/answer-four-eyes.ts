import { randomBytes } from 'node:crypto'
import {
  AnswerFourEyes,
  type ApprovalStatement,
  type StatementToSign,
  WriteApprovalStatement,
  writeStatement,
} from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { Actor } from '../../records/actors.ts'
import { getCard } from '../../records/cards/cards.ts'
import {
  APPROVAL_MS,
  type Approval,
  findApproval,
  lockApproval,
  stateOf,
  updateApproval,
} from '../../records/four-eyes/approvals.ts'
import {
  findSignatureRefusal,
  judgeSignature,
  lastMomentOf,
  type Proof,
  parseStatement,
  writeProof,
  writeToSign,
} from '../../records/operators/signature.ts'
import { sharesBrowser } from '../../records/sessions/sessions.ts'
import { listWays } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'

/** Writes what the second operator is to sign: fresh each time, and the last one counts. */
export const writeApprovalStatement = operation({
  name: 'four-eyes.write-statement',
  permission: 'unblock:approve',
  input: WriteApprovalStatement,
  subject: ({ approvalId }) => `approval:${approvalId}`,
  async run({ tx, now }, { approvalId }, actor) {
    const approval = await expectOpen(tx, approvalId, actor, now)
    const card = await getCard(tx, approval.card_id)
    const ways = (await listWays(tx, approval.verification_id)).filter(({ state }) => state === 'met')
    if (ways.length === 0) throw new Fault('caller-not-verified')
    const statement: ApprovalStatement = {
      operation: 'approve-release',
      attemptId: approval.verification_id,
      cardUuid: card.card_uuid,
      personId: approval.person_id,
      operatorId: actor.id,
      askedBy: approval.asked_by,
      verification: [...new Set(ways.map(({ way }) => way))].sort().slice(0, 4),
      nonce: randomBytes(16).toString('hex').toUpperCase(),
      notAfter: lastMomentOf(now),
    }
    await updateApproval(tx, approvalId, { statement: writeStatement(statement) })
    const event = { approvalId, cardId: card.id, nonce: statement.nonce, notAfter: statement.notAfter }
    return { claim: { statement, operatorId: actor.id }, event }
  },
  async release({ database, settings }, { statement, operatorId }): Promise<StatementToSign> {
    return writeToSign(database.reads, settings, operatorId, statement)
  },
})

/**
 * A second operator approves with his own signature, or says no. Never what he asked for himself, nor from the browser of whoever
 * asked: a second account is not a second person.
 */
export const answerFourEyes = operation({
  name: 'four-eyes.answer',
  permission: 'unblock:approve',
  input: AnswerFourEyes,
  subject: ({ approvalId }) => `approval:${approvalId}`,
  async prepare(world, { approvalId, signed }, actor): Promise<Proof> {
    const approval = signed && (await findApproval(world.database.reads, approvalId))
    return signed && approval?.statement
      ? judgeSignature(world, approval.statement, signed.signature, actor)
      : { statement: '', by: undefined }
  },
  async run({ tx, now }, { approvalId, signed }, actor, proof) {
    const approval = await expectOpen(tx, approvalId, actor, now)
    const about = {
      approvalId,
      verificationId: approval.verification_id,
      cardId: approval.card_id,
      personId: approval.person_id,
      askedBy: approval.asked_by,
    }
    const answered = { answered_by: actor.id, answered_at: now.toISOString() }
    if (!signed) {
      await updateApproval(tx, approvalId, { ...answered, state: 'declined' })
      return { result: {}, event: { ...about, answer: 'declined' } }
    }
    if (approval.statement === null || approval.statement !== proof.statement) throw new Fault('statement-expired')
    const said = parseStatement(approval.statement)
    const isTrue =
      said.operation === 'approve-release' &&
      said.operatorId === actor.id &&
      said.nonce === signed.nonce &&
      said.notAfter > now.toISOString()
    if (!isTrue) throw new Fault('statement-expired')
    const refusal = await findSignatureRefusal(tx, { signature: signed.signature, actor, proof, now })
    if (refusal) throw new Fault(refusal.code, refusal)
    const signature = writeProof(proof)
    const expires_at = new Date(now.getTime() + APPROVAL_MS).toISOString()
    await updateApproval(tx, approvalId, { ...answered, state: 'approved', signature, expires_at })
    return { result: {}, event: { ...about, answer: 'approved', statement: approval.statement, signature } }
  },
})

/** @throws Fault `not-found`, `approval-over`, `approval-own`. */
async function expectOpen(tx: Tx, approvalId: string, actor: Actor, now: Date): Promise<Approval> {
  const approval = await lockApproval(tx, approvalId)
  if (!approval) throw new Fault('not-found')
  if (approval.asked_by === actor.id) throw new Fault('approval-own')
  if (await sharesBrowser(tx, actor, { by: approval.asked_by, browser: approval.asked_browser })) {
    const about = { cardId: approval.card_id, otherOperatorId: approval.asked_by }
    throw new Fault('approval-own', { caught: { kind: 'approval-by-second-account', ...about } })
  }
  if (stateOf(approval, now) !== 'asked') throw new Fault('approval-over')
  return approval
}
