import { DeleteRole, isBuiltInRole } from '@unlatch/contract'
import { deleteRole as deleteRow, findRoles, isRoleInUse, lockRoles } from '../../records/roles/roles.ts'
import { Fault, operation } from '../operation.ts'

/** Deletes a role that nobody has. */
export const deleteRole = operation({
  name: 'role.delete',
  permission: 'role:write',
  input: DeleteRole,
  subject: ({ roleId }) => `role:${roleId}`,
  async run({ tx }, { roleId }) {
    await lockRoles(tx)
    if (isBuiltInRole(roleId)) throw new Fault('role-built-in')
    const [role] = await findRoles(tx, [roleId])
    if (!role) throw new Fault('not-found')
    if (await isRoleInUse(tx, roleId)) throw new Fault('role-in-use')
    await deleteRow(tx, roleId)
    return { result: {}, event: { roleId, name: role.name, permissions: [...role.permissions] } }
  },
})
