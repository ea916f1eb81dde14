import { Checkbox } from '@mantine/core'
import { type Permission, ROLE_PERMISSIONS, type RoleView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { useMay } from '../sign-in/session-gate.tsx'
import styles from './operators.module.css'
import { usePermissionWords, useRoleName } from './role-name.ts'

/** Roles to give. One that permits what the giver lacks can be taken away, and not be given. */
export function RoleChoice(props: {
  roles: readonly RoleView[]
  given: readonly string[]
  before?: readonly string[]
  isDisabled?: boolean
  onChange: (roles: string[]) => void
}) {
  const { t } = useTranslation()
  const may = useMay()
  const roleName = useRoleName()
  const words = usePermissionWords()
  return (
    <Checkbox.Group label={t('operators.invite.roles')} value={[...props.given]} onChange={props.onChange}>
      <div className={styles.choices}>
        {props.roles.map((role) => {
          const permissions = role.permissions as Permission[]
          const isLacking = !permissions.every(may) && !props.before?.includes(role.id)
          return (
            <Checkbox
              key={role.id}
              value={role.id}
              label={roleName(role)}
              description={isLacking ? t('operators.invite.lacking') : permissions.map(words).join(' · ')}
              disabled={props.isDisabled || isLacking}
            />
          )
        })}
      </div>
    </Checkbox.Group>
  )
}

/** Permissions of a role. What the giver lacks can be taken away, and not be added. */
export function PermissionChoice(props: {
  given: readonly string[]
  before: readonly string[]
  onChange: (permissions: string[]) => void
}) {
  const { t } = useTranslation()
  const may = useMay()
  const words = usePermissionWords()
  return (
    <Checkbox.Group label={t('operators.roles.permissions')} value={[...props.given]} onChange={props.onChange}>
      <div className={styles.choices}>
        {ROLE_PERMISSIONS.map((permission) => {
          const isLacking = !may(permission) && !props.before.includes(permission)
          return (
            <Checkbox
              key={permission}
              value={permission}
              label={words(permission)}
              description={isLacking ? t('operators.roles.lacking') : undefined}
              disabled={isLacking}
            />
          )
        })}
      </div>
    </Checkbox.Group>
  )
}
