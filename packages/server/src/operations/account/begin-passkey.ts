import { BeginPasskey, type CeremonyOptions } from '@unlatch/contract'
import { findOperatorById, passwordHashOf } from '../../records/operators/operators.ts'
import { writeRegistration } from '../../records/passkeys/ceremonies.ts'
import { listPasskeys } from '../../records/passkeys/passkeys.ts'
import { giveChallenge } from '../../records/sessions/challenges.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { Fault, operation } from '../operation.ts'

/**
 * An operator wants another passkey and types his password for it: who finds an open session alone does not make himself a
 * key to it. The challenge, good for this session, stands for the password.
 */
export const beginPasskey = operation({
  name: 'account.begin-passkey',
  permission: 'signed-in',
  input: BeginPasskey,
  subject: () => 'own-account',
  async prepare({ database, passwords }, { password }, actor) {
    const hash = passwordHashOf(await findOperatorById(database.reads, actor.id))
    return await passwords.verify(hash, password)
  },
  async run({ tx, now, settings }, _, actor, isRight) {
    const survives = await countAttempt(tx, { kind: 'password', by: actor.userName, isRight }, now)
    if (survives) throw new Fault('password-wrong', { survives })
    const wish = { holder: actor.sessionId, purpose: 'add', operatorId: actor.id, now } as const
    const known = await listPasskeys(tx, actor.id)
    const result: CeremonyOptions = await writeRegistration(settings, actor, await giveChallenge(tx, wish), known)
    return { result, event: { operatorId: actor.id } }
  },
})
