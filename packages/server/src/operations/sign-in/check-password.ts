import { type CeremonyOptions, SignIn } from '@unlatch/contract'
import * as z from 'zod/mini'
import { findOperator, foldUserName, passwordHashOf } from '../../records/operators/operators.ts'
import { writeAssertion } from '../../records/passkeys/ceremonies.ts'
import { listPasskeys } from '../../records/passkeys/passkeys.ts'
import { giveChallenge } from '../../records/sessions/challenges.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { Fault, operation } from '../operation.ts'

/**
 * The first half of a sign-in by password: whoever types the right one is asked for one of that operator's passkeys. The
 * same answer, after the same work, for a wrong password and an unknown name. `holder` is the pre-session's hash.
 */
export const checkPassword = operation({
  name: 'operator.check-password',
  permission: 'anybody',
  input: z.extend(SignIn, { holder: z.string() }),
  subject: ({ userName }) => `operator-name:${foldUserName(userName).slice(0, 100)}`,
  async prepare({ database, passwords }, { userName, password }) {
    const operator = await findOperator(database.reads, userName)
    const isRight = await passwords.verify(passwordHashOf(operator), password)
    const passkeys = operator ? await listPasskeys(database.reads, operator.id) : []
    return { operator, isRight, passkeys }
  },
  async run({ tx, now, settings }, { userName, holder }, _actor, { operator, isRight, passkeys }) {
    const isGood = isRight && operator?.is_disabled === 0
    const survives = await countAttempt(tx, { kind: 'password', by: userName, isRight: isGood }, now)
    if (survives || !operator) throw new Fault('sign-in-refused', survives ? { survives } : {})
    if (passkeys.length === 0) throw new Fault('passkey-refused', { detail: 'this operator has no passkey yet' })
    const challenge = await giveChallenge(tx, { holder, purpose: 'sign-in', operatorId: operator.id, now })
    const result: CeremonyOptions = await writeAssertion(settings, challenge, passkeys)
    return { result, event: { operatorId: operator.id } }
  },
})
