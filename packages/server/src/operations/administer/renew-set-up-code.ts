import { RenewSetUpCode, type SetUpCode } from '@unlatch/contract'
import { findOperatorById } from '../../records/operators/operators.ts'
import { findPermissions, lockRoles } from '../../records/roles/roles.ts'
import { endSessions } from '../../records/sessions/sessions.ts'
import { issueSetUpCode } from '../../records/set-up-codes/set-up-codes.ts'
import { Fault, operation } from '../operation.ts'
import { judgeSetUpCode } from './rules.ts'

/**
 * A new set-up code for an operator who lost passkey or password, or whose code expired. His sessions end at once; password
 * and passkeys of before are void when the code is used.
 */
export const renewSetUpCode = operation({
  name: 'operator.renew-set-up-code',
  permission: 'operator:write',
  input: RenewSetUpCode,
  subject: ({ operatorId }) => `operator:${operatorId}`,
  async run({ tx, now }, { operatorId }, actor) {
    await lockRoles(tx)
    const operator = await findOperatorById(tx, operatorId)
    if (!operator) throw new Fault('not-found')
    const problem = judgeSetUpCode(actor, operatorId, await findPermissions(tx, operatorId))
    if (problem) throw new Fault(problem)
    const endedSessions = await endSessions(tx, operatorId)
    const { code, expiresAt } = await issueSetUpCode(tx, operatorId, now)
    const result: SetUpCode = { operatorId, code, expiresAt }
    return { result, event: { operatorId, expiresAt, endedSessions } }
  },
})
