import { ChangeRoles } from '@unlatch/contract'
import { findOperatorById } from '../../records/operators/operators.ts'
import {
  findRoles,
  giveRoles,
  hasAdministrator,
  listRoleIds,
  lockRoles,
  permissionsOf,
} from '../../records/roles/roles.ts'
import { Fault, operation } from '../operation.ts'
import { judgeRoleChange } from './rules.ts'

/** Gives an operator other roles; they count from his next request on. */
export const changeRoles = operation({
  name: 'operator.change-roles',
  permission: 'operator:write',
  input: ChangeRoles,
  subject: ({ operatorId }) => `operator:${operatorId}`,
  async run({ tx, settings }, { operatorId, roles: roleIds }, actor) {
    await lockRoles(tx)
    const operator = await findOperatorById(tx, operatorId)
    const after = await findRoles(tx, roleIds)
    if (!operator || after.length !== new Set(roleIds).size) throw new Fault('not-found')
    const beforeIds = await listRoleIds(tx, operatorId)
    const before = await findRoles(tx, beforeIds)
    const problem = judgeRoleChange(actor, operatorId, permissionsOf(before), permissionsOf(after))
    if (problem) throw new Fault(problem)
    await giveRoles(tx, operatorId, roleIds)
    if (!(await hasAdministrator(tx, settings))) throw new Fault('last-administrator')
    return { result: {}, event: { operatorId, before: beforeIds.toSorted(), after: roleIds.toSorted() } }
  },
})
