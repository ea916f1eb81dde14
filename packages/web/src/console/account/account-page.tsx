import { Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readAccount } from '../operator-api.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { OperatorCardsSection } from './operator-cards-section.tsx'
import { PasskeysSection } from './passkeys-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { SessionsSection } from './sessions-section.tsx'

/** My account: who I am here, password, passkeys, and where I am signed in. */
export function AccountPage() {
  const { t } = useTranslation()
  const { data, error, isPending } = useQuery({ queryKey: ['account'], queryFn: readAccount })
  useEffect(() => {
    document.title = `${t('operators.account.title')} · ${t('shared.productName')}`
  }, [t])
  return (
    <Stack maw="52rem">
      <Title order={1} size="h2">
        {t('operators.account.title')}
      </Title>
      {isPending && <SlowWords>{t('shared.loading')}</SlowWords>}
      {error !== null && data === undefined && <ProblemNotice problem={toFailure(error)} />}
      {data !== undefined && (
        <>
          <Section title={t('operators.account.facts')}>
            <dl className={classes.facts}>
              <dt>{t('operators.account.name')}</dt>
              <dd>{data.name}</dd>
              <dt>{t('operators.account.userName')}</dt>
              <dd>{data.userName}</dd>
              <dt>{t('operators.account.roles')}</dt>
              <dd>{data.roles.length === 0 ? t('operators.account.noRoles') : data.roles.join(', ')}</dd>
            </dl>
          </Section>
          <PasskeysSection account={data} />
          <OperatorCardsSection account={data} />
          <PasswordSection account={data} />
          <SessionsSection account={data} />
        </>
      )}
    </Stack>
  )
}
