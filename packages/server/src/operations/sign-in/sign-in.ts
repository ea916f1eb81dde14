import { SignIn } from '@unlatch/contract'
import { findOperator } from '../../records/operators/operators.ts'
import { countAttempts, forgetAttempts, insertAttempt, lockAttempts } from '../../records/throttles/throttles.ts'
import { Fault, operation } from '../operation.ts'

/** Wrong passwords for one user name in a quarter of an hour. */
const WRONG_PASSWORDS = 5

/** An operator says who he is. The same answer, after the same work, for a wrong password and an unknown name. */
export const signIn = operation({
  name: 'operator.sign-in',
  permission: 'anybody',
  input: SignIn,
  subject: ({ userName }) => `operator-name:${userName.trim().toLowerCase().slice(0, 100)}`,
  async prepare({ database, passwords }, { userName, password }) {
    const operator = await findOperator(database.reads, userName)
    return { operator, isRight: await passwords.verify(operator?.password_hash, password) }
  },
  async run({ tx, now, settings }, { userName }, _actor, { operator, isRight }) {
    if (!settings.isDemo) throw new Fault('not-permitted', { detail: 'a password alone signs in to the demo only' })
    const key = `sign-in:${userName.trim().toLowerCase().slice(0, 100)}`
    await lockAttempts(tx, key)
    if ((await countAttempts(tx, key, now)) >= WRONG_PASSWORDS) throw new Fault('sign-in-throttled')
    if (!operator || !isRight || operator.is_disabled === 1) {
      throw new Fault('sign-in-refused', { survives: (after) => insertAttempt(after, key, now) })
    }
    await forgetAttempts(tx, key)
    return { result: operator, event: { operatorId: operator.id } }
  },
})
