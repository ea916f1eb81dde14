import { randomUUID } from 'node:crypto'
import { FinishSetUp, findPasswordFaults } from '@unlatch/contract'
import * as z from 'zod/mini'
import { isUniqueViolation } from '../../db/errors.ts'
import type { Tx } from '../../db/open.ts'
import { deleteOperatorCards } from '../../records/operator-cards/operator-cards.ts'
import { findOperatorById, insertOperator, updateOperator } from '../../records/operators/operators.ts'
import { readChallenge, verifyRegistration } from '../../records/passkeys/ceremonies.ts'
import { deletePasskeys, hasAnyPasskey, insertPasskey } from '../../records/passkeys/passkeys.ts'
import { giveRoles, lockRoles } from '../../records/roles/roles.ts'
import { findChallenge, spendChallenge } from '../../records/sessions/challenges.ts'
import { endSessions } from '../../records/sessions/sessions.ts'
import { findSetUpCode, hashSetUpCode, spendSetUpCode } from '../../records/set-up-codes/set-up-codes.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { Fault, operation } from '../operation.ts'

/**
 * With a set-up code an operator sets himself up: a password that nobody else knows, and a passkey. The code is used up;
 * passkeys, password and sessions of before are void. The first administrator comes into being here.
 */
export const finishSetUp = operation({
  name: 'operator.set-up',
  permission: 'anybody',
  input: z.extend(FinishSetUp, { address: z.string() }),
  subject: () => 'set-up-code',
  async prepare({ database, clock, passwords, settings }, { code, password, passkey }) {
    const holder = hashSetUpCode(code)
    const now = clock.now()
    // Nobody without a code makes the server hash.
    const isKnown = (await findSetUpCode(database.reads, holder, now)) !== undefined
    if (!isKnown) return { passwordHash: '', challenge: undefined, registered: undefined }
    const challenge =
      passkey &&
      (await findChallenge(database.reads, readChallenge(passkey.answer), { holder, purpose: 'set-up', now }))
    const registered = challenge && (await verifyRegistration(settings, challenge.challenge, passkey.answer))
    return { passwordHash: await passwords.hash(password), challenge, registered }
  },
  async run({ tx, now, settings }, wish, _actor, { passwordHash, challenge, registered }) {
    const { code, self, password, passkey, address } = wish
    const found = await findSetUpCode(tx, hashSetUpCode(code), now)
    const invited = found?.operator_id ? await findOperatorById(tx, found.operator_id) : undefined
    const isGood = found !== undefined && passwordHash !== '' && invited?.is_disabled !== 1
    const survives = await countAttempt(tx, { kind: 'set-up-code', by: address, isRight: isGood }, now)
    if (survives || !found) throw new Fault('set-up-code-refused', survives ? { survives } : {})
    // Servers that start together may each have made a code: the first administrator is one.
    if (found.operator_id === null) {
      await lockRoles(tx)
      if (await hasAnyPasskey(tx)) throw new Fault('set-up-code-refused')
    }
    const spendOnRefusal = challenge
      ? { survives: async (after: Tx) => void (await spendChallenge(after, challenge.challenge)) }
      : {}
    const needsPasskey = passkey !== undefined || !settings.isDemo
    const isForOperator = invited === undefined || challenge?.operator_id === invited.id
    if (needsPasskey && !(registered && isForOperator)) throw new Fault('passkey-refused', spendOnRefusal)
    const names = invited ? { name: invited.name, userName: invited.user_name } : self
    if (!names) throw new Fault('input-invalid', { detail: 'the first administrator has a name' })
    if (findPasswordFaults(password, names).length > 0) throw new Fault('password-unfit', spendOnRefusal)

    if (!(await spendSetUpCode(tx, found.code_hash))) throw new Fault('set-up-code-refused')
    if (challenge && !(await spendChallenge(tx, challenge.challenge))) throw new Fault('passkey-refused')
    const operatorId = invited?.id ?? challenge?.operator_id ?? randomUUID()
    try {
      if (invited) await updateOperator(tx, operatorId, { password_hash: passwordHash })
      else {
        await insertOperator(tx, { id: operatorId, ...names, passwordHash, at: now })
        await giveRoles(tx, operatorId, ['administrator'])
      }
      await deletePasskeys(tx, operatorId)
      await deleteOperatorCards(tx, operatorId)
      const ended = await endSessions(tx, operatorId)
      if (registered && passkey) {
        const row = { operator_id: operatorId, label: passkey.label, created_at: now.toISOString(), last_used_at: null }
        await insertPasskey(tx, { ...registered, ...row })
      }
      return { result: { operatorId }, event: { operatorId, isFirst: !invited, endedSessions: ended } }
    } catch (error) {
      if (isUniqueViolation(error)) throw new Fault(invited ? 'passkey-exists' : 'name-taken', { cause: error })
      throw error
    }
  },
})
