import { Alert, Anchor, Paper, Stack, Text, Title } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { FindingCounts } from '@unlatch/contract'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readFindings } from '../card-api.ts'
import classes from '../cards/cards.module.css'
import { FindingBadge } from '../cards/finding-badge.tsx'

/** Health: how many cards have what is wrong with a card, why that matters, what to do, and which cards they are. */
export function HealthPage() {
  const { t } = useTranslation()
  const found = useQuery({ queryKey: ['card-findings'], queryFn: ({ signal }) => readFindings(signal) })
  useEffect(() => {
    document.title = `${t('cards.health.title')} · ${t('shared.productName')}`
  }, [t])
  const findings = found.data?.findings ?? []
  const isOnSome = ({ count, isAtLeast }: FindingCounts['findings'][number]) => count > 0 || isAtLeast
  const some = findings.filter(isOnSome)
  const none = findings.filter((one) => !isOnSome(one))
  return (
    <Stack maw="52rem">
      <Title order={1} size="h2">
        {t('cards.health.title')}
      </Title>
      <Text c="dimmed">{t('cards.health.lead')}</Text>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('cards.health.loading')}</SlowWords>}
      {found.data !== undefined && some.length === 0 && (
        <Alert
          color="green"
          variant="light"
          icon={<IconCircleCheck aria-hidden />}
          title={t('cards.health.clearTitle')}
        >
          {t('cards.health.clearText')}
        </Alert>
      )}
      {some.length > 0 && (
        <ul className={classes.findings} aria-label={t('cards.health.title')}>
          {some.map((one) => (
            <li key={one.finding}>
              <Finding counted={one} />
            </li>
          ))}
        </ul>
      )}
      {some.length > 0 && none.length > 0 && (
        <div>
          <Text c="dimmed">{t('cards.health.other')}:</Text>
          <Text c="dimmed">{none.map(({ finding }) => t(`cards.findings.${finding}.title`)).join(' · ')}</Text>
        </div>
      )}
    </Stack>
  )
}

function Finding({ counted }: { counted: FindingCounts['findings'][number] }) {
  const { t } = useTranslation()
  const { finding, count, isAtLeast } = counted
  return (
    <Paper withBorder p="md">
      <Stack gap={4} align="start">
        <FindingBadge finding={finding} />
        <Title order={2} size="h4">
          {isAtLeast ? t('cards.health.atLeast', { count }) : t('cards.health.count', { count })}
        </Title>
        <Text>{t(`cards.findings.${finding}.why`)}</Text>
        <Text>
          <strong>{t('cards.health.remedy')}:</strong> {t(`cards.remedies.${finding}`)}
        </Text>
        <Anchor
          underline="always"
          aria-label={t('cards.health.showNamed', { finding: t(`cards.findings.${finding}.title`) })}
          renderRoot={(anchor) => <Link {...anchor} to="/lifecycle/cards" search={{ finding }} />}
        >
          {t('cards.health.show')}
        </Anchor>
      </Stack>
    </Paper>
  )
}
