import { type Permission, ROLE_PERMISSIONS } from './permissions.ts'

/**
 * The roles that every installation has. They are part of the program and stand in no database: what a later version
 * permits, its built-in roles have from its first start on. Nobody can change or delete them.
 *
 * The administrator has every permission that a role can give, since nobody may grant what he lacks.
 */
export const BUILT_IN_ROLES = {
  administrator: { name: 'Administrator', permissions: ROLE_PERMISSIONS },
  'help-desk': { name: 'Help desk', permissions: ['person:read', 'unblock:release', 'unblock:approve'] },
  supervisor: {
    name: 'Supervisor',
    permissions: [
      'person:read',
      'unblock:release',
      'unblock:supervise',
      'unblock:approve',
      'evidence:read',
      'unblock:break-glass',
      'threat:set',
      'desk:read',
      'desk:watch',
      'card:move',
      'operator:read',
      'session:revoke',
      'incident:read',
      'incident:handle',
    ],
  },
  manager: { name: 'Manager', permissions: ['verification:confirm'] },
  'card-officer': {
    name: 'Card officer',
    permissions: [
      'person:read',
      'person:write',
      'person:export',
      'card:register',
      'card:move',
      'template:read',
      'agent:read',
      'puc:deliver',
    ],
  },
  'key-custodian': { name: 'Key custodian', permissions: ['restore:accept'] },
  auditor: {
    name: 'Auditor',
    permissions: [
      'person:read',
      'evidence:read',
      'operator:read',
      'template:read',
      'connection:read',
      'incident:read',
      'desk:watch',
    ],
  },
} as const satisfies Record<string, { readonly name: string; readonly permissions: readonly Permission[] }>

/** A built-in role, by its id. */
export type BuiltInRole = keyof typeof BUILT_IN_ROLES

/** True for the id of a built-in role. */
export const isBuiltInRole = (id: string): id is BuiltInRole => Object.hasOwn(BUILT_IN_ROLES, id)
