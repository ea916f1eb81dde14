import { BeginProof, type ProofWelcome } from '@unlatch/contract'
import * as z from 'zod/mini'
import { findOperatorById } from '../../records/operators/operators.ts'
import { writeAssertion, writeRegistration } from '../../records/passkeys/ceremonies.ts'
import { getPerson } from '../../records/people/people.ts'
import { listPersonPasskeys, listUsable } from '../../records/person-passkeys/person-passkeys.ts'
import { findProof, holderOf, macOfProof, type Proof } from '../../records/person-passkeys/proofs.ts'
import { giveChallenge } from '../../records/sessions/challenges.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { Fault, operation } from '../operation.ts'

/**
 * Somebody on a device of his own shows a code and learns what it is for: who is on the telephone, about which card; or that
 * he may add a passkey. Whose it is, is not told. `address`: where he is.
 */
export const beginProof = operation({
  name: 'proof.begin',
  permission: 'anybody',
  input: z.extend(BeginProof, { address: z.string() }),
  subject: () => 'proof',
  async run({ tx, keys, now, settings }, { code, address }) {
    const proof = await findProof(tx, keys, code, now)
    const survives = await countAttempt(tx, { kind: 'proof-code', by: address, isRight: proof !== undefined }, now)
    if (survives || !proof) throw new Fault('proof-code-refused', survives ? { survives } : {})
    const isAdd = proof.kind === 'add'
    const personId = isAdd ? proof.invitation.person_id : proof.way.person_id
    const holder = holderOf(await macOfProof(keys, code))
    const challenge = await giveChallenge(tx, { holder, purpose: isAdd ? 'add' : 'prove', operatorId: null, now })
    const operator = proof.kind === 'self' ? undefined : await findOperatorById(tx, operatorOf(proof))
    const about = {
      operatorName: operator?.name ?? '',
      cardLabel: isAdd ? null : proof.card.label,
      organisation: settings.organisation,
    }
    const person = await getPerson(tx, personId)
    const whose = { id: person.id, name: person.name, userName: person.user_name }
    const options = isAdd
      ? await writeRegistration(settings, whose, challenge, await listPersonPasskeys(tx, personId))
      : await writeAssertion(settings, challenge, await listUsable(tx, personId, now))
    const result: ProofWelcome = { kind: isAdd ? 'add' : 'prove', ...about, options }
    return { result, event: { personId, what: proof.kind } }
  },
})

/** Who read the code out, or invited. */
const operatorOf = (proof: Exclude<Proof, { kind: 'self' }>): string =>
  proof.kind === 'add' ? proof.invitation.operator_id : proof.verification.operator_id
