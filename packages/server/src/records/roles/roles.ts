import { BUILT_IN_ROLES, isBuiltInRole, isRolePermission, type Permission } from '@unlatch/contract'
import { lockName } from '../../db/dialect.ts'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'

/** What operators may do, by name. Built-in roles stand in the contract, the organisation's own in the database. */
export interface Role {
  readonly id: string
  readonly name: string
  readonly isBuiltIn: boolean
  readonly permissions: readonly Permission[]
}

/** A name that an earlier or later version knows gives nothing here. */
const readRole = ({ id, name, permissions }: Pick<Tables['roles'], 'id' | 'name' | 'permissions'>): Role => {
  return { id, name, isBuiltIn: false, permissions: (JSON.parse(permissions) as string[]).filter(isRolePermission) }
}

/** What one role permits, as a row of `operator_roles` joined with `roles` tells: the own roles alone have a text. */
export function permissionsOfRole(id: string | null, permissions: string | null): readonly Permission[] {
  if (id === null) return []
  if (isBuiltInRole(id)) return BUILT_IN_ROLES[id].permissions
  return permissions === null ? [] : readRole({ id, name: '', permissions }).permissions
}

const builtIn = (id: keyof typeof BUILT_IN_ROLES): Role => ({ id, isBuiltIn: true, ...BUILT_IN_ROLES[id] })

/** All roles, the built-in ones first. */
export async function listRoles(db: Db | Tx): Promise<Role[]> {
  const own = await db
    .selectFrom('roles')
    .select(['id', 'name', 'permissions'])
    .where('name', '>', '')
    .orderBy('name')
    .execute()
  return [...Object.keys(BUILT_IN_ROLES).filter(isBuiltInRole).map(builtIn), ...own.map(readRole)]
}

/** The roles of these ids; an id that is none is left out. */
export async function findRoles(db: Db | Tx, ids: readonly string[]): Promise<Role[]> {
  const own = ids.filter((id) => !isBuiltInRole(id))
  const rows =
    own.length === 0
      ? []
      : await db.selectFrom('roles').select(['id', 'name', 'permissions']).where('id', 'in', own).execute()
  return [...ids.filter(isBuiltInRole).map(builtIn), ...rows.map(readRole)]
}

/** The union of what roles permit. */
export const permissionsOf = (roles: readonly Role[]): Set<Permission> =>
  new Set(roles.flatMap(({ permissions }) => permissions))

export async function listRoleIds(db: Db | Tx, operatorId: string): Promise<string[]> {
  const rows = await db.selectFrom('operator_roles').select('role_id').where('operator_id', '=', operatorId).execute()
  return rows.map(({ role_id }) => role_id)
}

/** What an operator may do now. */
export async function findPermissions(db: Db | Tx, operatorId: string): Promise<Set<Permission>> {
  return permissionsOf(await findRoles(db, await listRoleIds(db, operatorId)))
}

/** Gives an operator these roles and no others. */
export async function giveRoles(tx: Tx, operatorId: string, roleIds: readonly string[]): Promise<void> {
  await tx.deleteFrom('operator_roles').where('operator_id', '=', operatorId).execute()
  const rows = [...new Set(roleIds)].map((role_id) => ({ operator_id: operatorId, role_id }))
  if (rows.length > 0) await tx.insertInto('operator_roles').values(rows).execute()
}

/** Holds roles, and who has which, until the transaction ends: a rule that counts operators sees all of them. */
export const lockRoles = (tx: Tx): Promise<void> => lockName(tx, 'roles')

/**
 * True while somebody may write operators who can also sign in: not disabled, and with a passkey; in the demo, with a
 * password.
 */
export async function hasAdministrator(tx: Tx, { isDemo }: { isDemo: boolean }): Promise<boolean> {
  const roles = (await listRoles(tx)).filter(({ permissions }) => permissions.includes('operator:write'))
  const found = await tx
    .selectFrom('operator_roles')
    .innerJoin('operators', 'operators.id', 'operator_roles.operator_id')
    .select('operators.id')
    .where(
      'role_id',
      'in',
      roles.map(({ id }) => id),
    )
    .where('is_disabled', '=', 0)
    .where('password_hash', '!=', '')
    .$if(!isDemo, (able) => able.innerJoin('passkeys', 'passkeys.operator_id', 'operators.id'))
    .limit(1)
    .execute()
  return found.length > 0
}

export async function insertRole(
  tx: Tx,
  role: { id: string; name: string; permissions: readonly Permission[]; at: Date },
): Promise<void> {
  const { id, name, at } = role
  const row = { id, name, permissions: JSON.stringify(role.permissions), created_at: at.toISOString() }
  await tx.insertInto('roles').values(row).execute()
}

export async function updateRole(
  tx: Tx,
  { id, name, permissions }: { id: string; name: string; permissions: readonly Permission[] },
): Promise<void> {
  await tx
    .updateTable('roles')
    .set({ name, permissions: JSON.stringify(permissions) })
    .where('id', '=', id)
    .execute()
}

/** The role must be in nobody's hands. */
export async function deleteRole(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('roles').where('id', '=', id).execute()
}

export async function isRoleInUse(tx: Tx, id: string): Promise<boolean> {
  const found = await tx.selectFrom('operator_roles').select('role_id').where('role_id', '=', id).limit(1).execute()
  return found.length > 0
}
