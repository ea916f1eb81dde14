import { ChangePassword, findPasswordFaults } from '@unlatch/contract'
import { findOperatorById, passwordHashOf, updateOperator } from '../../records/operators/operators.ts'
import { endSessions } from '../../records/sessions/sessions.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { Fault, operation } from '../operation.ts'

/** An operator changes his own password, with the old one; his other sessions end. */
export const changePassword = operation({
  name: 'account.change-password',
  permission: 'signed-in',
  input: ChangePassword,
  subject: () => 'own-account',
  async prepare({ database, passwords }, { password, newPassword }, actor) {
    const hash = passwordHashOf(await findOperatorById(database.reads, actor.id))
    return { isRight: await passwords.verify(hash, password), newHash: await passwords.hash(newPassword) }
  },
  async run({ tx, now }, { newPassword }, actor, { isRight, newHash }) {
    const survives = await countAttempt(tx, { kind: 'password', by: actor.userName, isRight }, now)
    if (survives) throw new Fault('password-wrong', { survives })
    if (findPasswordFaults(newPassword, actor).length > 0) throw new Fault('password-unfit')
    await updateOperator(tx, actor.id, { password_hash: newHash })
    const endedSessions = await endSessions(tx, actor.id, { except: actor.sessionId })
    return { result: {}, event: { operatorId: actor.id, endedSessions } }
  },
})
