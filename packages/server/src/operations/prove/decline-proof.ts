import { DeclineProof } from '@unlatch/contract'
import * as z from 'zod/mini'
import { findProof } from '../../records/person-passkeys/proofs.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { updateWay } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'

/** Somebody was read a code and did not ask for help: the way has failed, and the operator sees it. */
export const declineProof = operation({
  name: 'proof.decline',
  permission: 'anybody',
  input: z.extend(DeclineProof, { address: z.string() }),
  subject: () => 'proof',
  async run({ tx, keys, now }, { code, address }) {
    const proof = await findProof(tx, keys, code, now)
    const isRight = proof?.kind === 'prove'
    const survives = await countAttempt(tx, { kind: 'proof-code', by: address, isRight }, now)
    if (survives || !isRight) throw new Fault('proof-code-refused', survives ? { survives } : {})
    const { id: wayId, verification_id: verificationId, person_id: personId } = proof.way
    await updateWay(tx, wayId, { state: 'failed' })
    return { result: {}, event: { wayId, verificationId, personId, cardId: proof.card.id } }
  },
})
