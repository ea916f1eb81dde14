import { randomUUID } from 'node:crypto'
import { AddRole } from '@unlatch/contract'
import { insertRole, listRoles, lockRoles } from '../../records/roles/roles.ts'
import { Fault, operation } from '../operation.ts'
import { judgeRole } from './rules.ts'

/** Adds a role of the organisation's own. */
export const addRole = operation({
  name: 'role.add',
  permission: 'role:write',
  input: AddRole,
  subject: ({ name }) => `role-name:${name}`,
  async run({ tx, now }, { name, permissions }, actor) {
    await lockRoles(tx)
    const problem = judgeRole(actor, false, new Set(), new Set(permissions))
    if (problem) throw new Fault(problem)
    const isTaken = (await listRoles(tx)).some((role) => role.name.toLowerCase() === name.toLowerCase())
    if (isTaken) throw new Fault('name-taken')
    const id = randomUUID()
    await insertRole(tx, { id, name, permissions, at: now })
    return { result: { id }, event: { roleId: id, name, permissions } }
  },
})
