import { randomUUID } from 'node:crypto'
import { BeginSetUp, type CeremonyOptions } from '@unlatch/contract'
import * as z from 'zod/mini'
import { findOperator, findOperatorById } from '../../records/operators/operators.ts'
import { writeRegistration } from '../../records/passkeys/ceremonies.ts'
import { giveChallenge } from '../../records/sessions/challenges.ts'
import { findSetUpCode, hashSetUpCode } from '../../records/set-up-codes/set-up-codes.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { Fault, operation } from '../operation.ts'

/** Whoever has a good set-up code is asked for a passkey; the first administrator's id is drawn here. */
export const beginSetUp = operation({
  name: 'operator.begin-set-up',
  permission: 'anybody',
  input: z.extend(BeginSetUp, { address: z.string() }),
  subject: () => 'set-up-code',
  async run({ tx, now, settings }, { code, self, address }) {
    const holder = hashSetUpCode(code)
    const found = await findSetUpCode(tx, holder, now)
    const survives = await countAttempt(tx, { kind: 'set-up-code', by: address, isRight: found !== undefined }, now)
    if (survives || !found) throw new Fault('set-up-code-refused', survives ? { survives } : {})
    const invited = found.operator_id === null ? undefined : await findOperatorById(tx, found.operator_id)
    if (!invited && !self) throw new Fault('input-invalid', { detail: 'the first administrator has a name' })
    if (!invited && self && (await findOperator(tx, self.userName))) throw new Fault('name-taken')
    const operator = invited
      ? { id: invited.id, name: invited.name, userName: invited.user_name }
      : { id: randomUUID(), name: self?.name ?? '', userName: self?.userName ?? '' }
    const challenge = await giveChallenge(tx, { holder, purpose: 'set-up', operatorId: operator.id, now })
    // Passkeys of before are void once this one is there: the same authenticator may take it.
    const result: CeremonyOptions = await writeRegistration(settings, operator, challenge, [])
    return { result, event: { operatorId: operator.id } }
  },
})
