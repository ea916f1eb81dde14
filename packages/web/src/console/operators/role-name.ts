import { isBuiltInRole, type Permission } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'

/** What a role is called: a built-in one in the language of the person, an own one as it was named. */
export function useRoleName(): (role: { id: string; name: string }) => string {
  const { t } = useTranslation()
  return ({ id, name }) => (isBuiltInRole(id) ? t(`operators.roleNames.${id}`) : name)
}

/** A permission in words. */
export function usePermissionWords(): (permission: Permission) => string {
  const { t } = useTranslation()
  return (permission) => {
    const key = permission.replace(':', '-') as Dashed<Permission>
    return t(`operators.permissions.${key}`)
  }
}

type Dashed<Name extends string> = Name extends `${infer Noun}:${infer Verb}` ? `${Noun}-${Verb}` : Name
