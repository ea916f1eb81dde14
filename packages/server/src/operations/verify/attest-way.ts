import { randomUUID } from 'node:crypto'
import { AttestWay, ROOT_OF_WAY } from '@unlatch/contract'
import { getCard } from '../../records/cards/cards.ts'
import { isAdmitted } from '../../records/verifications/tickets.ts'
import { findDemand, insertWay, lockVerification } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'

/** An operator saw the person: in person with a document, or by video with a badge. What he saw is on record. */
export const attestWay = operation({
  name: 'verification.attest-way',
  permission: 'unblock:release',
  input: AttestWay,
  subject: ({ verificationId }) => `verification:${verificationId}`,
  async run({ tx, now }, input, actor) {
    const verification = await lockVerification(tx, input.verificationId, actor.id, now)
    const demand = await findDemand(tx, await getCard(tx, verification.card_id))
    if (!isAdmitted(demand, input.way)) throw new Fault('verification-not-admitted')
    const evidence: Record<string, string> =
      input.way === 'in-person' ? { document: input.document } : { badge: input.badge }
    const wayId = randomUUID()
    await insertWay(tx, {
      id: wayId,
      verification_id: verification.id,
      person_id: verification.person_id,
      way: input.way,
      root: ROOT_OF_WAY[input.way],
      state: 'met',
      asked_at: now.toISOString(),
      met_at: now.toISOString(),
      sent_to: null,
      code_mac: null,
      tries: 0,
      evidence: JSON.stringify(evidence),
      approver_id: null,
    })
    const about = { verificationId: verification.id, wayId, cardId: verification.card_id }
    return { result: {}, event: { ...about, personId: verification.person_id, way: input.way, ...evidence } }
  },
})
