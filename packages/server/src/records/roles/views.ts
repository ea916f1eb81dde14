import type { Roles } from '@unlatch/contract'
import * as z from 'zod/mini'
import { view } from '../view.ts'
import { listRoles } from './roles.ts'

/** All roles with what they permit, and how many operators have each. */
export const allRoles = view({
  name: 'roles.list',
  permission: 'operator:read',
  query: z.object({}),
  async read({ db }): Promise<Roles> {
    const roles = await listRoles(db)
    const counts = await db
      .selectFrom('operator_roles')
      .select(['role_id', (e) => e.fn.countAll<number>().as('count')])
      .where(
        'role_id',
        'in',
        roles.map(({ id }) => id),
      )
      .groupBy('role_id')
      .execute()
    const countOf = new Map(counts.map(({ role_id, count }) => [role_id, Number(count)]))
    return {
      roles: roles.map((role) => ({
        ...role,
        permissions: [...role.permissions],
        operatorCount: countOf.get(role.id) ?? 0,
      })),
    }
  },
})
