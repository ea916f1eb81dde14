import { Anchor, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readOperators, readRoles } from '../operator-api.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { useMay, useSession } from '../sign-in/session-gate.tsx'
import { AccessSection } from './access-section.tsx'
import { OperatorSessionsSection } from './operator-sessions-section.tsx'
import { OperatorStateBadge } from './operator-state-badge.tsx'
import { RolesSection } from './roles-section.tsx'
import { SetUpCodeSection } from './set-up-code-section.tsx'

const route = getRouteApi('/options/operators-and-roles/$operatorId')

/** One operator: roles, set-up code, access, sessions. */
export function OperatorPage() {
  const { t } = useTranslation()
  const { operatorId } = route.useParams()
  const may = useMay()
  const me = useSession().operator.id
  const operators = useQuery({ queryKey: ['operators'], queryFn: readOperators })
  const roles = useQuery({ queryKey: ['roles'], queryFn: readRoles })
  const operator = operators.data?.operators.find(({ id }) => id === operatorId)
  const title = operator?.name ?? t('operators.details.facts')
  useEffect(() => {
    document.title = `${title} · ${t('shared.productName')}`
  }, [title, t])
  const error = operators.error ?? roles.error
  return (
    <Stack maw="52rem">
      <div>
        <Anchor component={Link} to="/options/operators-and-roles" underline="always">
          {t('operators.details.back')}
        </Anchor>
      </div>
      <Title order={1} size="h2">
        {title}
      </Title>
      {error !== null && <ProblemNotice problem={toFailure(error)} />}
      {(operators.isPending || roles.isPending) && <SlowWords>{t('operators.details.loading')}</SlowWords>}
      {operators.isSuccess && operator === undefined && <Text>{t('operators.details.missing')}</Text>}
      {operator !== undefined && roles.data !== undefined && (
        <>
          <Section title={t('operators.details.facts')}>
            <dl className={classes.facts}>
              <dt>{t('operators.list.state')}</dt>
              <dd>
                <OperatorStateBadge state={operator.state} />
              </dd>
              <dt>{t('operators.account.userName')}</dt>
              <dd>{operator.userName}</dd>
              <dt>{t('operators.details.passkeys')}</dt>
              <dd>{operator.passkeyCount}</dd>
              <dt>{t('operators.list.lastSeen')}</dt>
              <dd>
                {operator.lastSeenAt === null ? t('operators.list.never') : <LocalTime at={operator.lastSeenAt} />}
              </dd>
            </dl>
          </Section>
          <RolesSection key={operator.roles.join()} operator={operator} roles={roles.data.roles} />
          {may('operator:write') && operator.id !== me && (
            <>
              <SetUpCodeSection operator={operator} />
              <AccessSection operator={operator} />
            </>
          )}
          <OperatorSessionsSection operatorId={operator.id} />
        </>
      )}
    </Stack>
  )
}
