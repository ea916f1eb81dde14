import { Anchor, Button, Group, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { CaughtRow, IncidentRow } from '@unlatch/contract'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readIncidents } from '../incident-api.ts'
import classes from '../section.module.css'
import tables from '../table.module.css'
import { AgentLink, CardLink, PersonLink } from './incident-links.tsx'
import { useIncidentWords } from './incident-words.tsx'

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

type Line = IncidentRow | CaughtRow

function IncidentTable({ incidents }: { incidents: readonly Line[] }) {
  const { t } = useTranslation()
  return (
    <Paper withBorder p="md">
      <table className={`${tables.table} ${tables.list}`} aria-label={t('incidents.list')}>
        <thead>
          <tr>
            <th scope="col">{t('incidents.saidAt')}</th>
            <th scope="col">{t('incidents.facts')}</th>
            <th scope="col">{t('incidents.cardAndHolder')}</th>
            <th scope="col">{t('incidents.who')}</th>
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

function Row({ incident }: { incident: Line }) {
  const { t } = useTranslation()
  const { openedAt, cardId, cardLabel, printedSerial, personId, personName } = incident
  return (
    <tr>
      <th scope="row">
        <Anchor underline="always" renderRoot={(anchor) => <PageLink {...anchor} incident={incident} />}>
          <span className={tables.whole}>
            <LocalTime at={openedAt} />
          </span>
        </Anchor>
      </th>
      <td>
        <What incident={incident} />
      </td>
      <td data-label={t('incidents.cardAndHolder')}>
        <span>
          <CardLink id={cardId} label={cardLabel} printedSerial={printedSerial} />
          <br />
          <PersonLink id={personId} name={personName} />
        </span>
      </td>
      <td data-label={t('incidents.who')}>
        <Who incident={incident} />
      </td>
    </tr>
  )
}

function PageLink({ incident: { id, source }, ...anchor }: { incident: Line }) {
  const to = source === 'server' ? '/evidence/incidents/caught/$incidentId' : '/evidence/incidents/$incidentId'
  return <Link {...anchor} to={to} params={{ incidentId: id }} />
}

/** What happened; what that means and what to do while it is open; and how often. */
function What({ incident }: { incident: Line }) {
  const { t } = useTranslation()
  const { happened, card, now } = useIncidentWords()(incident)
  return (
    <>
      <Text inherit>{happened}</Text>
      {incident.state === 'open' && (
        <Text size="sm" c="dimmed">
          {card} {now}
        </Text>
      )}
      {incident.source === 'server' && incident.count > 1 && (
        <Text size="sm" fw={600}>
          {t('incidents.times', { count: incident.count })}, {t('incidents.lastTime')}{' '}
          <LocalTime at={incident.lastAt} />
        </Text>
      )}
    </>
  )
}

/** At whom or where it happened. */
function Who({ incident }: { incident: Line }) {
  const { t } = useTranslation()
  if (incident.source === 'holder') return incident.operatorName || t('incidents.nobody')
  const { operatorName, otherOperatorName, agentId, agentName, otherAgentId, otherAgentName } = incident
  return (
    <Stack gap={0} component="span">
      {agentId !== null && <AgentLink id={agentId} name={agentName} />}
      {otherAgentId !== null && <AgentLink id={otherAgentId} name={otherAgentName} />}
      {operatorName !== '' && <span>{operatorName}</span>}
      {otherOperatorName !== '' && <span>{otherOperatorName}</span>}
    </Stack>
  )
}
