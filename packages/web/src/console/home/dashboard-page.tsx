import { Button, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type DeskNumbers, isProblemCode, NUMBER_DAYS, UNBLOCK_PROCEDURES } from '@unlatch/contract'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { numbersFileAddress, readNumbers } from '../live-desk/live-desk-api.ts'
import { Section } from '../section.tsx'
import tables from '../table.module.css'
import { DayChart } from './day-chart.tsx'

const route = getRouteApi('/help-desk')

/** The help desk in numbers: unblocks, the time of a call, refusals and limits. */
export function DashboardPage() {
  const { t } = useTranslation()
  const { days = 7 } = route.useSearch()
  const navigate = route.useNavigate()
  const found = useQuery({
    queryKey: ['desk-numbers', days],
    queryFn: ({ signal }) => readNumbers(days, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  })
  useEffect(() => {
    document.title = `${t('deskNumbers.title')} · ${t('shared.productName')}`
  }, [t])
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('deskNumbers.title')}
      </Title>
      <Text c="dimmed">{t('deskNumbers.lead')}</Text>
      <Group>
        <SegmentedControl
          aria-label={t('deskNumbers.range')}
          value={String(days)}
          onChange={(next) => void navigate({ search: next === '30' ? { days: 30 } : {}, replace: true })}
          data={NUMBER_DAYS.map((count) => ({ value: String(count), label: t('deskNumbers.days', { count }) }))}
        />
        <Button
          component="a"
          href={numbersFileAddress(days)}
          download="help-desk.csv"
          variant="default"
          leftSection={<IconDownload aria-hidden size={18} />}
        >
          {t('deskNumbers.export')}
        </Button>
      </Group>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('deskNumbers.loading')}</SlowWords>}
      {found.data !== undefined && <Numbers numbers={found.data} />}
    </Stack>
  )
}

function Numbers({ numbers }: { numbers: DeskNumbers }) {
  const { t } = useTranslation()
  return (
    <>
      <Section title={t('deskNumbers.unblocks')}>
        <DayChart days={numbers.days} />
      </Section>
      <Section title={t('deskNumbers.time')} lead={t('deskNumbers.timeLead')}>
        <Group gap="xl" component="dl" m={0}>
          {UNBLOCK_PROCEDURES.filter((name) => name !== 'puc').map((name) => (
            <div key={name}>
              <Text component="dt" size="sm" c="dimmed">
                {t(`deskNumbers.procedures.${name}`)}
              </Text>
              <Text component="dd" m={0} fw={600} size="lg">
                <Duration seconds={numbers.medianSeconds[name]} />
              </Text>
            </div>
          ))}
        </Group>
      </Section>
      <Section title={t('deskNumbers.refusals')}>
        <Reasons rows={numbers.refusals} name={t('deskNumbers.refusals')} none={t('deskNumbers.noRefusals')} />
      </Section>
      <Section title={t('deskNumbers.limits')}>
        <Reasons rows={numbers.limits} name={t('deskNumbers.limits')} none={t('deskNumbers.noLimits')} />
      </Section>
    </>
  )
}

function Duration({ seconds }: { seconds: number | null }) {
  const { t } = useTranslation()
  if (seconds === null) return t('deskNumbers.timeNone')
  return t('deskNumbers.minutes', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 })
}

function Reasons(props: { rows: DeskNumbers['refusals']; name: string; none: string }) {
  const { t } = useTranslation()
  if (props.rows.length === 0) return <Text c="dimmed">{props.none}</Text>
  return (
    <table className={tables.table} aria-label={props.name}>
      <thead>
        <tr>
          <th scope="col">{t('deskNumbers.reason')}</th>
          <th scope="col">{t('deskNumbers.count')}</th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map(({ problem, count }) => (
          <tr key={problem}>
            <td>
              {isProblemCode(problem) ? t(`problems.${problem}.happened`) : problem}
              <Text size="sm" c="dimmed">
                {problem}
              </Text>
            </td>
            <td>{count}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
