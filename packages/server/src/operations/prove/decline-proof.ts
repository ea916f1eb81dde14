import { DeclineProof } from '@unlatch/contract'
import * as z from 'zod/mini'
import { findProof } from '../../records/person-passkeys/proofs.ts'
import { settleWay } from '../../records/self-service/ways.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { updateWay } from '../../records/verifications/verifications.ts'
import { Fault, operation, type Ran } from '../operation.ts'

/** Somebody was read a code and did not ask for help: the way has failed, and the operator sees it. */
export const declineProof = operation({
  name: 'proof.decline',
  permission: 'anybody',
  input: z.extend(DeclineProof, { address: z.string() }),
  subject: () => 'proof',
  async run({ tx, keys, now }, { code, address }): Promise<Ran<never, object>> {
    const proof = await findProof(tx, keys, code, now)
    const isRight = proof?.kind === 'prove' || proof?.kind === 'self'
    const survives = await countAttempt(tx, { kind: 'proof-code', by: address, isRight }, now)
    if (survives || !isRight) throw new Fault('proof-code-refused', survives ? { survives } : {})
    if (proof.kind === 'self') {
      const { id: wayId, unblock_id: unblockId, person_id: personId } = proof.way
      await settleWay(tx, wayId, { state: 'failed', evidence: { declined: true } }, now)
      return { result: {}, event: { wayId, unblockId, personId, cardId: proof.card.id } }
    }
    const { id: wayId, verification_id: verificationId, person_id: personId } = proof.way
    await updateWay(tx, wayId, { state: 'failed' })
    return { result: {}, event: { wayId, verificationId, personId, cardId: proof.card.id } }
  },
})
