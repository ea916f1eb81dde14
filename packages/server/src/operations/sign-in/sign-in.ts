import { SignIn } from '@unlatch/contract'
import { findOperator, foldUserName, passwordHashOf } from '../../records/operators/operators.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { Fault, operation } from '../operation.ts'

/**
 * An operator of the demo says who he is, with a password alone. The same answer, after the same work, for a wrong password
 * and an unknown name.
 */
export const signIn = operation({
  name: 'operator.sign-in',
  permission: 'anybody',
  input: SignIn,
  subject: ({ userName }) => `operator-name:${foldUserName(userName).slice(0, 100)}`,
  async prepare({ database, passwords }, { userName, password }) {
    const operator = await findOperator(database.reads, userName)
    return { operator, isRight: await passwords.verify(passwordHashOf(operator), password) }
  },
  async run({ tx, now, settings }, { userName }, _actor, { operator, isRight }) {
    if (!settings.isDemo) throw new Fault('not-permitted', { detail: 'a password alone signs in to the demo only' })
    const isGood = isRight && operator?.is_disabled === 0
    const survives = await countAttempt(tx, { kind: 'password', by: userName, isRight: isGood }, now)
    if (survives || !operator) throw new Fault('sign-in-refused', survives ? { survives } : {})
    return { result: { operatorId: operator.id }, event: { operatorId: operator.id, by: 'password' } }
  },
})
