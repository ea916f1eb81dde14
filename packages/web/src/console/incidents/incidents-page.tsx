import { Anchor, Button, Group, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { IncidentRow } from '@unlatch/contract'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readIncidents } from '../incident-api.ts'
import classes from '../section.module.css'
import tables from '../table.module.css'
import { IncidentStateBadge, useWhatHappened } from './incident-words.tsx'

const route = getRouteApi('/evidence/incidents')

/** Evidence > Incidents. */
export function IncidentsPage() {
  const { t } = useTranslation()
  const { show, after } = route.useSearch()
  const navigate = route.useNavigate()
  const state = show ?? 'open'
  const found = useQuery({
    queryKey: ['incidents', state, after],
    queryFn: ({ signal }) => readIncidents({ state, after }, signal),
  })
  useEffect(() => {
    document.title = `${t('incidents.title')} · ${t('shared.productName')}`
  }, [t])
  const incidents = found.data?.incidents
  const next = found.data?.next
  const kept = show === undefined ? {} : { show }
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('incidents.title')}
      </Title>
      <Text c="dimmed">{t('incidents.lead')}</Text>
      <Group>
        <SegmentedControl
          aria-label={t('incidents.which')}
          value={state}
          onChange={(value) => void navigate({ search: value === 'closed' ? { show: 'closed' } : {} })}
          data={[
            { value: 'open', label: t('incidents.open') },
            { value: 'closed', label: t('incidents.closed') },
          ]}
        />
      </Group>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('incidents.loading')}</SlowWords>}
      {incidents?.length === 0 && <Empty state={state} />}
      {incidents !== undefined && incidents.length > 0 && <IncidentTable incidents={incidents} />}
      <Group gap="sm">
        {after !== undefined && (
          <Button variant="default" onClick={() => void navigate({ search: kept })}>
            {t('incidents.first')}
          </Button>
        )}
        {next != null && (
          <Button variant="default" onClick={() => void navigate({ search: { ...kept, after: next } })}>
            {t('incidents.next')}
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function Empty({ state }: { state: 'open' | 'closed' }) {
  const { t } = useTranslation()
  if (state === 'closed') return <Text>{t('incidents.noneClosed')}</Text>
  return (
    <div className={classes.empty}>
      <Title order={2} size="h4">
        {t('incidents.none')}
      </Title>
      <Text>{t('incidents.noneText')}</Text>
    </div>
  )
}

function IncidentTable({ incidents }: { incidents: readonly IncidentRow[] }) {
  const { t } = useTranslation()
  return (
    <Paper withBorder p="md">
      <table className={`${tables.table} ${tables.list}`} aria-label={t('incidents.list')}>
        <thead>
          <tr>
            <th scope="col">{t('incidents.saidAt')}</th>
            <th scope="col">{t('incidents.stateColumn')}</th>
            <th scope="col">{t('incidents.holder')}</th>
            <th scope="col">{t('incidents.happened')}</th>
            <th scope="col">{t('incidents.operator')}</th>
          </tr>
        </thead>
        <tbody>
          {incidents.map((incident) => (
            <Row key={incident.id} incident={incident} />
          ))}
        </tbody>
      </table>
    </Paper>
  )
}

function Row({ incident }: { incident: IncidentRow }) {
  const { t } = useTranslation()
  const what = useWhatHappened()
  const { id, openedAt, state, personName, cardLabel, printedSerial, operatorName } = incident
  return (
    <tr>
      <th scope="row">
        <Anchor
          underline="always"
          renderRoot={(anchor) => <Link {...anchor} to="/evidence/incidents/$incidentId" params={{ incidentId: id }} />}
        >
          <LocalTime at={openedAt} />
        </Anchor>
      </th>
      <td>
        <IncidentStateBadge state={state} />
      </td>
      <td data-label={t('incidents.holder')}>
        <span>
          {personName}
          <Text size="sm" c="dimmed">
            {cardLabel}, {printedSerial}
          </Text>
        </span>
      </td>
      <td data-label={t('incidents.happened')}>{what(incident)}</td>
      <td data-label={t('incidents.operator')}>{operatorName || t('incidents.nobody')}</td>
    </tr>
  )
}
