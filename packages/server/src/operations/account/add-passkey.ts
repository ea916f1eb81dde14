import { AddPasskey } from '@unlatch/contract'
import { isUniqueViolation } from '../../db/errors.ts'
import { readChallenge, verifyRegistration } from '../../records/passkeys/ceremonies.ts'
import { insertPasskey } from '../../records/passkeys/passkeys.ts'
import { findChallenge, spendChallenge } from '../../records/sessions/challenges.ts'
import { Fault, operation } from '../operation.ts'

/** An operator adds a passkey of his own. */
export const addPasskey = operation({
  name: 'account.add-passkey',
  permission: 'signed-in',
  input: AddPasskey,
  subject: () => 'own-account',
  async prepare({ database, clock, settings }, { answer }, actor) {
    const wish = { holder: actor.sessionId, purpose: 'add', now: clock.now() } as const
    const challenge = await findChallenge(database.reads, readChallenge(answer), wish)
    return { challenge, registered: challenge && (await verifyRegistration(settings, challenge.challenge, answer)) }
  },
  async run({ tx, now }, { label }, actor, { challenge, registered }) {
    if (!challenge) throw new Fault('passkey-refused')
    if (!registered) {
      throw new Fault('passkey-refused', {
        survives: async (after) => void (await spendChallenge(after, challenge.challenge)),
      })
    }
    if (!(await spendChallenge(tx, challenge.challenge))) throw new Fault('passkey-refused')
    try {
      const row = { operator_id: actor.id, label, created_at: now.toISOString(), last_used_at: null }
      await insertPasskey(tx, { ...registered, ...row })
    } catch (error) {
      if (isUniqueViolation(error)) throw new Fault('passkey-exists', { cause: error })
      throw error
    }
    return { result: {}, event: { operatorId: actor.id, passkey: label } }
  },
})
