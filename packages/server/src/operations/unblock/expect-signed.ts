import type { ReleaseCryptogram } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { ReleaseTicket } from '../../ports/key-service.ts'
import type { Actor } from '../../records/actors.ts'
import type { Card } from '../../records/cards/cards.ts'
import { findSignatureRefusal, type Proof, parseStatement, writeProof } from '../../records/operators/signature.ts'
import type { UnblockRow } from '../../records/unblocks/unblocks.ts'
import { Fault } from '../operation.ts'
import type { GoodChallenge } from './judge-challenge.ts'

/**
 * The Operator PIN: the operator signed the statement that was written last for this call, in time, and what it says is still
 * true. It is executed once, since the challenge that it names is claimed for ever.
 *
 * @returns what is kept with the record.
 * @throws Fault `operator-pin-missing`, `statement-expired`, and what refuses a signature, counted.
 */
export async function expectSigned(
  tx: Tx,
  on: {
    input: ReleaseCryptogram
    unblock: UnblockRow
    card: Card
    good: GoodChallenge
    actor: Actor
    proof: Proof
    now: Date
    ticket: ReleaseTicket
  },
): Promise<{ statement: string; signature: string }> {
  const { input, unblock, card, good, actor, proof, now, ticket } = on
  if (!input.signed) throw new Fault('operator-pin-missing')
  if (unblock.statement === null || unblock.statement !== proof.statement) throw new Fault('statement-expired')
  const said = parseStatement(unblock.statement)
  const isTrue =
    said.operation === 'unblock-offline' &&
    said.nonce === input.signed.nonce &&
    said.notAfter > now.toISOString() &&
    said.cardUuid === card.card_uuid &&
    said.personId === card.person_id &&
    said.operatorId === actor.id &&
    said.challenge === good.challenge &&
    said.verification.join() === ticket.ways.join()
  if (!isTrue) throw new Fault('statement-expired')
  const { signature } = input.signed
  const refusal = await findSignatureRefusal(tx, { signature, actor, proof, now })
  if (refusal) throw new Fault(refusal.code, refusal)
  return { statement: unblock.statement, signature: writeProof(proof) }
}
