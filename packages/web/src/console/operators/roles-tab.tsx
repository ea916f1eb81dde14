import { Button, Group, Paper, Stack, Text, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconMinus, IconPlus } from '@tabler/icons-react'
import { ROLE_PERMISSIONS, type RoleView } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import tables from '../table.module.css'
import styles from './operators.module.css'
import { DeleteRoleDialog, RoleDialog } from './role-dialogs.tsx'
import { usePermissionWords, useRoleName } from './role-name.ts'

/** What each role permits, and the organisation's own roles. */
export function RolesTab(props: { roles: readonly RoleView[] }) {
  const { t } = useTranslation()
  const mayWrite = useMay()('role:write')
  const [edited, setEdited] = useState<RoleView | 'new'>()
  const [deleted, setDeleted] = useState<RoleView>()
  const own = props.roles.filter(({ isBuiltIn }) => !isBuiltIn)
  return (
    <Stack>
      <Text c="dimmed">{t('operators.roles.lead')}</Text>
      {mayWrite && (
        <div>
          <Button leftSection={<IconPlus aria-hidden size={18} />} onClick={() => setEdited('new')}>
            {t('operators.roles.add')}
          </Button>
        </div>
      )}
      <Matrix roles={props.roles} />
      <Section title={t('operators.roles.ownTitle')}>
        {own.length === 0 ? (
          <Text className={classes.empty as string}>{t('operators.roles.noOwn')}</Text>
        ) : (
          <ul className={classes.rows}>
            {own.map((role) => (
              <li key={role.id}>
                <div className={classes.what}>
                  <Text fw={600}>{role.name}</Text>
                  <Text size="sm" c="dimmed">
                    {t('operators.roles.usedBy', { count: role.operatorCount })}
                  </Text>
                </div>
                {mayWrite && (
                  <Group gap="xs">
                    <Button
                      variant="default"
                      size="xs"
                      aria-label={t('operators.roles.changeNamed', { name: role.name })}
                      onClick={() => setEdited(role)}
                    >
                      {t('operators.roles.change')}
                    </Button>
                    <Button
                      variant="default"
                      size="xs"
                      disabled={role.operatorCount > 0}
                      aria-label={t('operators.roles.deleteNamed', { name: role.name })}
                      onClick={() => setDeleted(role)}
                    >
                      {t('operators.roles.delete')}
                    </Button>
                  </Group>
                )}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <RoleDialog role={edited} onClose={() => setEdited(undefined)} />
      <DeleteRoleDialog role={deleted} onClose={() => setDeleted(undefined)} />
    </Stack>
  )
}

function Matrix(props: { roles: readonly RoleView[] }) {
  const { t } = useTranslation()
  const roleName = useRoleName()
  const words = usePermissionWords()
  return (
    <Paper withBorder p="md">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is reached by keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label={t('operators.roles.matrix')}>
        <table className={`${tables.table} ${styles.matrix}`} aria-label={t('operators.roles.matrix')}>
          <thead>
            <tr>
              <th scope="col">{t('operators.roles.permission')}</th>
              {props.roles.map((role) => (
                <th key={role.id} scope="col">
                  {roleName(role)}
                  <Text size="xs" c="dimmed">
                    {t(role.isBuiltIn ? 'operators.roles.builtIn' : 'operators.roles.own')}
                  </Text>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ROLE_PERMISSIONS.map((permission) => (
              <tr key={permission}>
                <th scope="row">{words(permission)}</th>
                {props.roles.map((role) => {
                  const has = role.permissions.includes(permission)
                  const Sign = has ? IconCheck : IconMinus
                  return (
                    <td key={role.id} className={has ? styles.yes : styles.no}>
                      <Sign aria-hidden size={20} />
                      <VisuallyHidden>{t(has ? 'operators.roles.yes' : 'operators.roles.no')}</VisuallyHidden>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Paper>
  )
}
