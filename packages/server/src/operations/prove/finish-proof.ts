import { FinishProof, type ProofDone } from '@unlatch/contract'
import * as z from 'zod/mini'
import { isUniqueViolation } from '../../db/errors.ts'
import type { Tx } from '../../db/open.ts'
import { listCardsOf } from '../../records/cards/cards.ts'
import { tellHolder } from '../../records/notices/notices.ts'
import { readChallenge, verifyAssertion, verifyRegistration } from '../../records/passkeys/ceremonies.ts'
import {
  insertPersonPasskey,
  listUsable,
  spendInvitation,
  usableFrom,
  usePersonPasskey,
} from '../../records/person-passkeys/person-passkeys.ts'
import { findProof, holderOf, macOfProof, type Proof } from '../../records/person-passkeys/proofs.ts'
import { settleWay } from '../../records/self-service/ways.ts'
import { findChallenge, spendChallenge } from '../../records/sessions/challenges.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { updateWay } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'

type Input = z.infer<typeof FinishProof> & { address: string }

/**
 * The passkey answered: a person proved to an operator who he is, or has a passkey more. A new one counts after seven days,
 * and its owner is told at once.
 */
export const finishProof = operation({
  name: 'proof.finish',
  permission: 'anybody',
  input: z.extend(FinishProof, { address: z.string() }),
  subject: () => 'proof',
  async prepare({ database, keys, clock, settings }, { code, answer }) {
    const now = clock.now()
    const proof = await findProof(database.reads, keys, code, now)
    if (!proof) return { challenge: undefined, registered: undefined, proved: undefined }
    const purpose = proof.kind === 'add' ? 'add' : 'prove'
    const holder = holderOf(await macOfProof(keys, code))
    const given = await findChallenge(database.reads, readChallenge(answer), { holder, purpose, now })
    const challenge = given?.challenge
    if (challenge === undefined) return { challenge, registered: undefined, proved: undefined }
    if (proof.kind === 'add') {
      return { challenge, registered: await verifyRegistration(settings, challenge, answer), proved: undefined }
    }
    const passkey = (await listUsable(database.reads, proof.way.person_id, now)).find(({ id }) => id === answer.id)
    const asserted = passkey && (await verifyAssertion(settings, challenge, answer, passkey))
    const proved = passkey && typeof asserted === 'object' ? { passkey, counter: asserted.counter } : undefined
    return { challenge, registered: undefined, proved }
  },
  async run({ tx, keys, now }, input: Input, _actor, { challenge, registered, proved }) {
    const proof = await findProof(tx, keys, input.code, now)
    const survives = await countAttempt(
      tx,
      { kind: 'proof-code', by: input.address, isRight: proof !== undefined },
      now,
    )
    if (survives || !proof) throw new Fault('proof-code-refused', survives ? { survives } : {})
    const spend = async (after: Tx) => void (challenge && (await spendChallenge(after, challenge)))
    if (!challenge || (!registered && !proved)) throw new Fault('passkey-refused', { survives: spend })
    if (!(await spendChallenge(tx, challenge))) throw new Fault('passkey-refused')
    if (proof.kind === 'add') return add(tx, { proof, registered, label: input.label, now })
    if (!proved || !(await usePersonPasskey(tx, proved.passkey, proved.counter, now)))
      throw new Fault('passkey-refused')
    const evidence = { passkey: proved.passkey.label, passkeyId: proved.passkey.id }
    const result: ProofDone = { kind: 'prove', usableFrom: null }
    if (proof.kind === 'self') {
      const { id: wayId, unblock_id: unblockId, person_id: personId } = proof.way
      if (!(await settleWay(tx, wayId, { state: 'met', evidence }, now))) throw new Fault('proof-code-refused')
      return { result, event: { wayId, unblockId, personId, cardId: proof.card.id, ...evidence } }
    }
    await updateWay(tx, proof.way.id, {
      state: 'met',
      met_at: now.toISOString(),
      evidence: JSON.stringify(evidence),
    })
    const { id: wayId, verification_id: verificationId, person_id: personId } = proof.way
    return { result, event: { wayId, verificationId, personId, cardId: proof.card.id, ...evidence } }
  },
})

async function add(
  tx: Tx,
  on: {
    proof: Extract<Proof, { kind: 'add' }>
    registered: Awaited<ReturnType<typeof verifyRegistration>>
    label: string
    now: Date
  },
) {
  const { proof, registered, label, now } = on
  const { code_mac, person_id: personId, operator_id: invitedBy } = proof.invitation
  if (!registered) throw new Fault('passkey-refused')
  if (!(await spendInvitation(tx, code_mac))) throw new Fault('proof-code-refused')
  const usable_from = usableFrom(now)
  const row = { ...registered, person_id: personId, label: label.trim() || 'Passkey', usable_from }
  try {
    await insertPersonPasskey(tx, { ...row, created_at: now.toISOString(), last_used_at: null })
  } catch (error) {
    if (isUniqueViolation(error)) throw new Fault('passkey-exists', { cause: error })
    throw error
  }
  const [card] = await listCardsOf(tx, personId)
  if (card) await tellHolder(tx, card, { kind: 'passkey-added', operatorId: invitedBy || undefined }, now)
  const result: ProofDone = { kind: 'add', usableFrom: usable_from }
  return { result, event: { personId, passkeyId: registered.id, label: row.label, invitedBy, usableFrom: usable_from } }
}
