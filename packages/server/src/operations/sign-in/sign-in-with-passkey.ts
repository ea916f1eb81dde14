import { SignInWithPasskey } from '@unlatch/contract'
import * as z from 'zod/mini'
import { findOperatorById } from '../../records/operators/operators.ts'
import { readChallenge, verifyAssertion } from '../../records/passkeys/ceremonies.ts'
import { findPasskey, usePasskey } from '../../records/passkeys/passkeys.ts'
import { findChallenge, spendChallenge } from '../../records/sessions/challenges.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { Fault, operation } from '../operation.ts'

/**
 * An operator signs in with a passkey: alone, or after his password, when it must be one of his. A challenge is good once,
 * whatever its answer is worth. `holder` is the pre-session's hash, `address` where the request came from.
 */
export const signInWithPasskey = operation({
  name: 'operator.sign-in-with-passkey',
  permission: 'anybody',
  input: z.extend(SignInWithPasskey, { holder: z.string(), address: z.string() }),
  subject: ({ answer }) => `passkey:${answer.id.slice(0, 100)}`,
  async prepare({ database, settings, clock }, { answer, holder }) {
    const wish = { holder, purpose: 'sign-in', now: clock.now() } as const
    const challenge = await findChallenge(database.reads, readChallenge(answer), wish)
    const passkey = await findPasskey(database.reads, answer.id)
    if (!challenge || !passkey) return { challenge, passkey: undefined, assertion: undefined }
    const isHis = challenge.operator_id === null || challenge.operator_id === passkey.operator_id
    const assertion = isHis ? await verifyAssertion(settings, challenge.challenge, answer, passkey) : undefined
    return { challenge, passkey, assertion }
  },
  async run({ tx, now }, { address }, _actor, { challenge, passkey, assertion }) {
    const operator = passkey && (await findOperatorById(tx, passkey.operator_id))
    const isProved = typeof assertion === 'object' && operator?.is_disabled === 0
    const counted = await countAttempt(tx, { kind: 'passkey', by: address, isRight: isProved }, now)
    if (counted || typeof assertion !== 'object' || !passkey || !challenge) {
      throw new Fault(assertion === 'regressed' ? 'passkey-copied' : 'passkey-refused', {
        async survives(after) {
          await counted?.(after)
          if (challenge) await spendChallenge(after, challenge.challenge)
        },
      })
    }
    const isFirst = await spendChallenge(tx, challenge.challenge)
    // Two answers to one challenge, or a counter that another use has moved: the first of them was the one.
    if (!isFirst || !(await usePasskey(tx, passkey, assertion.counter, now))) throw new Fault('passkey-refused')
    const by = challenge.operator_id === null ? 'passkey' : 'password and passkey'
    return {
      result: { operatorId: passkey.operator_id },
      event: { operatorId: passkey.operator_id, by, passkey: passkey.label },
    }
  },
})
