import { randomUUID } from 'node:crypto'
import { InviteOperator, type SetUpCode } from '@unlatch/contract'
import { isUniqueViolation } from '../../db/errors.ts'
import { insertOperator } from '../../records/operators/operators.ts'
import { findRoles, giveRoles, lockRoles, permissionsOf } from '../../records/roles/roles.ts'
import { issueSetUpCode } from '../../records/set-up-codes/set-up-codes.ts'
import { Fault, operation } from '../operation.ts'
import { judgeSetUpCode } from './rules.ts'

/** Adds an operator, who sets himself up with the code that this answer alone holds. */
export const inviteOperator = operation({
  name: 'operator.invite',
  permission: 'operator:write',
  input: InviteOperator,
  subject: ({ userName }) => `operator-name:${userName}`,
  async run({ tx, now }, { name, userName, roles: roleIds }, actor) {
    await lockRoles(tx)
    const roles = await findRoles(tx, roleIds)
    if (roles.length !== new Set(roleIds).size) throw new Fault('not-found')
    const problem = judgeSetUpCode(actor, undefined, permissionsOf(roles))
    if (problem) throw new Fault(problem)
    const operatorId = randomUUID()
    try {
      await insertOperator(tx, { id: operatorId, name, userName, passwordHash: '', at: now })
    } catch (error) {
      if (isUniqueViolation(error)) throw new Fault('name-taken', { cause: error })
      throw error
    }
    await giveRoles(tx, operatorId, roleIds)
    const { code, expiresAt } = await issueSetUpCode(tx, operatorId, now)
    const result: SetUpCode = { operatorId, code, expiresAt }
    return { result, event: { operatorId, roles: roleIds, expiresAt } }
  },
})
