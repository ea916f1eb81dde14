import { Anchor, Button, Paper, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { OperatorsFound, RoleView } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../../shared/local-time.tsx'
import classes from '../section.module.css'
import { useMay, useSession } from '../sign-in/session-gate.tsx'
import tables from '../table.module.css'
import { InviteDialog } from './invite-dialog.tsx'
import { OperatorStateBadge } from './operator-state-badge.tsx'
import { useRoleName } from './role-name.ts'

/** Everybody who works here, with state, roles, and when he was last seen. */
export function OperatorList(props: { found: OperatorsFound; roles: readonly RoleView[] }) {
  const { t } = useTranslation()
  const { operators, isMore } = props.found
  const may = useMay()
  const me = useSession().operator.id
  const roleName = useRoleName()
  const [isInviting, setInviting] = useState(false)
  const namesOf = (ids: readonly string[]) =>
    props.roles
      .filter(({ id }) => ids.includes(id))
      .map(roleName)
      .join(', ')
  return (
    <>
      {may('operator:write') && (
        <Button mb="md" leftSection={<IconPlus aria-hidden size={18} />} onClick={() => setInviting(true)}>
          {t('operators.list.add')}
        </Button>
      )}
      <Paper withBorder p="md">
        <table className={`${tables.table} ${tables.list}`} aria-label={t('operators.list.caption')}>
          <thead>
            <tr>
              <th scope="col">{t('operators.list.name')}</th>
              <th scope="col">{t('operators.list.state')}</th>
              <th scope="col">{t('operators.list.roles')}</th>
              <th scope="col">{t('operators.list.lastSeen')}</th>
            </tr>
          </thead>
          <tbody>
            {operators.map((operator) => (
              <tr key={operator.id}>
                <th scope="row">
                  <Anchor
                    underline="always"
                    renderRoot={(anchor) => (
                      <Link
                        {...anchor}
                        to="/options/operators-and-roles/$operatorId"
                        params={{ operatorId: operator.id }}
                      />
                    )}
                  >
                    {operator.name}
                  </Anchor>
                  <Text size="sm" c="dimmed">
                    {operator.userName}
                    {operator.id === me && ` · ${t('operators.list.you')}`}
                  </Text>
                </th>
                <td>
                  <OperatorStateBadge state={operator.state} />
                </td>
                <td data-label={t('operators.list.roles')}>{namesOf(operator.roles) || t('operators.list.noRole')}</td>
                <td data-label={t('operators.list.lastSeen')}>
                  {operator.lastSeenAt === null ? t('operators.list.never') : <LocalTime at={operator.lastSeenAt} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {isMore && <Text mt="sm">{t('operators.list.more')}</Text>}
      </Paper>
      {operators.length === 1 && may('operator:write') && (
        <Text className={classes.empty as string} mt="md">
          {t('operators.list.onlyYou')}
        </Text>
      )}
      <InviteDialog roles={props.roles} isOpen={isInviting} onClose={() => setInviting(false)} />
    </>
  )
}
