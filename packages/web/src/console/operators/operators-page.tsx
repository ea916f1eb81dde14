import { Stack, Tabs, Title } from '@mantine/core'
import '@mantine/core/styles/Tabs.css'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readOperators, readRoles } from '../operator-api.ts'
import { OperatorList } from './operator-list.tsx'
import { RolesTab } from './roles-tab.tsx'

const route = getRouteApi('/options/operators-and-roles')

/** Options > Operators and roles. */
export function OperatorsPage() {
  const { t } = useTranslation()
  const { view = 'operators' } = route.useSearch()
  const navigate = route.useNavigate()
  const operators = useQuery({ queryKey: ['operators'], queryFn: readOperators })
  const roles = useQuery({ queryKey: ['roles'], queryFn: readRoles })
  useEffect(() => {
    document.title = `${t('operators.list.title')} · ${t('shared.productName')}`
  }, [t])
  const error = operators.error ?? roles.error
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('operators.list.title')}
      </Title>
      {error !== null && <ProblemNotice problem={toFailure(error)} />}
      {(operators.isPending || roles.isPending) && <SlowWords>{t('operators.list.loading')}</SlowWords>}
      {operators.data !== undefined && roles.data !== undefined && (
        <Tabs
          value={view}
          onChange={(next) => void navigate({ search: next === 'roles' ? { view: 'roles' } : {} })}
          keepMounted={false}
        >
          <Tabs.List mb="md">
            <Tabs.Tab value="operators">{t('operators.list.operatorsTab')}</Tabs.Tab>
            <Tabs.Tab value="roles">{t('operators.list.rolesTab')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="operators">
            <OperatorList found={operators.data} roles={roles.data.roles} />
          </Tabs.Panel>
          <Tabs.Panel value="roles">
            <RolesTab roles={roles.data.roles} />
          </Tabs.Panel>
        </Tabs>
      )}
    </Stack>
  )
}
