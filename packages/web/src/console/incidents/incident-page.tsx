import { Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { CARD_STATES, DocumentKind, IncidentView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../../shared/local-time.tsx'
import { CardStateBadge } from '../cards/card-state-badge.tsx'
import { readIncident } from '../incident-api.ts'
import { useWhy } from '../notices/use-why.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { CloseSection } from './close-section.tsx'
import { DeedsSection } from './deeds-section.tsx'
import { IncidentFrame } from './incident-frame.tsx'
import { CardLink, PersonLink } from './incident-links.tsx'
import { useWhatHappened } from './incident-words.tsx'

const route = getRouteApi('/evidence/incidents/$incidentId')

/** How often it is looked whether whoever stops the card elsewhere was told. */
const LOOK_MS = 5000

/** One incident: what happened, what the operator did around it, and how it ends. */
export function IncidentPage() {
  const { t } = useTranslation()
  const { incidentId } = route.useParams()
  const found = useQuery({
    queryKey: ['incident', incidentId],
    queryFn: ({ signal }) => readIncident(incidentId, signal),
    refetchInterval: ({ state }) => (state.data?.report.state === 'waiting' ? LOOK_MS : false),
  })
  const incident = found.data
  const title = incident
    ? t('incidents.one', { name: incident.personName, serial: incident.printedSerial })
    : t('incidents.facts')
  return (
    <IncidentFrame found={found} title={title}>
      {(incident) => (
        <>
          <Facts incident={incident} />
          <Elsewhere incident={incident} />
          {incident.closed === null ? (
            <CloseSection incident={incident} onClosed={() => void found.refetch()} />
          ) : (
            <Ended closed={incident.closed} />
          )}
          <DeedsSection incident={incident} />
        </>
      )}
    </IncidentFrame>
  )
}

function Facts({ incident }: { incident: IncidentView }) {
  const { t } = useTranslation()
  const what = useWhatHappened()
  const { at, openedAt, toldAt, words, cardId, cardLabel, printedSerial, cardNow, personId, personName } = incident
  return (
    <Section title={t('incidents.facts')}>
      <dl className={classes.facts}>
        <dt>{t('incidents.happened')}</dt>
        <dd>
          {what(incident)}
          {incident.procedure !== null && `. ${t(`notices.page.procedures.${incident.procedure}`)}`}
        </dd>
        <dt>{t('incidents.happenedAt')}</dt>
        <dd>
          <LocalTime at={at} />
        </dd>
        <dt>{t('incidents.operator')}</dt>
        <dd>{incident.operatorName || t('incidents.nobody')}</dd>
        <dt>{t('incidents.saidAt')}</dt>
        <dd>
          <LocalTime at={openedAt} />
        </dd>
        <dt>{t('incidents.saidFrom')}</dt>
        <dd>{t(`incidents.addresses.${toldAt}`)}</dd>
        <dt>{t('incidents.words')}</dt>
        <dd>{words}</dd>
        <dt>{t('incidents.holder')}</dt>
        <dd>
          <PersonLink id={personId} name={personName} />
        </dd>
        <dt>{t('incidents.card')}</dt>
        <dd>
          <CardLink id={cardId} label={cardLabel} printedSerial={printedSerial} />
        </dd>
        <dt>{t('incidents.cardNow')}</dt>
        <dd>
          <CardStateBadge state={cardNow as (typeof CARD_STATES)[number]} />
        </dd>
      </dl>
    </Section>
  )
}

/** Whether whoever stops the card elsewhere was told. */
function Elsewhere({ incident: { report } }: { incident: IncidentView }) {
  const { t } = useTranslation()
  const may = useMay()
  const why = useWhy()
  const { state, to, attempts, nextAt, reportedAt, problem } = report
  return (
    <Section title={t('incidents.elsewhere')}>
      <Text role="status">{t(`incidents.report.${state}`, { to, attempts })}</Text>
      {reportedAt !== null && (
        <Text c="dimmed">
          <LocalTime at={reportedAt} />
        </Text>
      )}
      {problem !== null && state !== 'reported' && (
        <Text size="sm">
          {why(problem.code)} {problem.detail !== '' && t('templates.connection.said', { detail: problem.detail })}
        </Text>
      )}
      {nextAt !== null && problem !== null && (
        <Text size="sm">
          {t('incidents.nextTry')}: <LocalTime at={nextAt} />
        </Text>
      )}
      {state === 'none' && may('desk:write') && (
        <Anchor underline="always" renderRoot={(anchor) => <Link {...anchor} to="/options/limits-and-threat-level" />}>
          {t('incidents.toSettings')}
        </Anchor>
      )}
    </Section>
  )
}

function Ended({ closed }: { closed: NonNullable<IncidentView['closed']> }) {
  const { t } = useTranslation()
  return (
    <Section title={t('incidents.ended.title')}>
      <Text fw={600}>{t(closed.isLifted ? 'incidents.ended.lifted' : 'incidents.ended.kept')}</Text>
      <dl className={classes.facts}>
        <dt>{t('incidents.ended.by')}</dt>
        <dd>
          {closed.by}, <LocalTime at={closed.at} />
        </dd>
        {closed.document !== null && (
          <>
            <dt>{t('incidents.ended.seen')}</dt>
            <dd>{t(`verification.documents.${closed.document as DocumentKind}`)}</dd>
          </>
        )}
        <dt>{t('incidents.close.note')}</dt>
        <dd>{closed.note}</dd>
      </dl>
    </Section>
  )
}
