import { ChangeRole, isBuiltInRole } from '@unlatch/contract'
import { hasAdministrator, listRoleIds, listRoles, lockRoles, updateRole } from '../../records/roles/roles.ts'
import { Fault, operation } from '../operation.ts'
import { judgeRole } from './rules.ts'

/** Changes name and permissions of a role; they count for everybody who has it from his next request on. */
export const changeRole = operation({
  name: 'role.change',
  permission: 'role:write',
  input: ChangeRole,
  subject: ({ roleId }) => `role:${roleId}`,
  async run({ tx, settings }, { roleId, name, permissions }, actor) {
    await lockRoles(tx)
    if (isBuiltInRole(roleId)) throw new Fault('role-built-in')
    const roles = await listRoles(tx)
    const role = roles.find(({ id }) => id === roleId)
    if (!role) throw new Fault('not-found')
    const hasIt = (await listRoleIds(tx, actor.id)).includes(roleId)
    const problem = judgeRole(actor, hasIt, new Set(role.permissions), new Set(permissions))
    if (problem) throw new Fault(problem)
    const isTaken = roles.some((other) => other.id !== roleId && other.name.toLowerCase() === name.toLowerCase())
    if (isTaken) throw new Fault('name-taken')
    await updateRole(tx, { id: roleId, name, permissions })
    if (!(await hasAdministrator(tx, settings))) throw new Fault('last-administrator')
    return { result: {}, event: { roleId, name, before: [...role.permissions], after: permissions } }
  },
})
