import type { Permission, ProblemCode } from '@unlatch/contract'

/**
 * Who may change what about operators. Pure: what they need is looked up before.
 *
 * - Nobody changes his own roles, state or set-up code: two people stand behind each of them.
 * - Nobody grants a permission that he lacks. A set-up code grants all that its operator may do to whoever sees it, and the
 *   one who issues it does.
 */

/** Who acts, as the rules see him. */
export interface Administrator {
  readonly id: string
  readonly permissions: ReadonlySet<Permission>
}

const lacks = (
  { permissions }: Administrator,
  granted: Iterable<Permission>,
  before?: ReadonlySet<Permission>,
): boolean => [...granted].some((permission) => !permissions.has(permission) && !before?.has(permission))

/** Why roles may not be changed from these permissions to those; undefined when they may. */
export function judgeRoleChange(
  administrator: Administrator,
  operatorId: string | undefined,
  before: ReadonlySet<Permission>,
  after: ReadonlySet<Permission>,
): ProblemCode | undefined {
  if (administrator.id === operatorId) return 'own-account'
  return lacks(administrator, after, before) ? 'permission-lacking' : undefined
}

/** Why no set-up code may be issued for an operator with these permissions; undefined when it may. */
export function judgeSetUpCode(
  administrator: Administrator,
  operatorId: string | undefined,
  permissions: ReadonlySet<Permission>,
): ProblemCode | undefined {
  if (administrator.id === operatorId) return 'own-account'
  return lacks(administrator, permissions) ? 'permission-lacking' : undefined
}

/** Why a role may not become this; undefined when it may. Whoever has the role does not change it: it is his own. */
export function judgeRole(
  administrator: Administrator,
  hasIt: boolean,
  before: ReadonlySet<Permission>,
  after: ReadonlySet<Permission>,
): ProblemCode | undefined {
  if (hasIt) return 'own-account'
  return lacks(administrator, after, before) ? 'permission-lacking' : undefined
}
