import { Alert, Button, Stack, Text, Textarea } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { CARD_STATES, CaughtView } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { CardStateBadge } from '../cards/card-state-badge.tsx'
import { closeCaught, readCaught } from '../incident-api.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { IncidentFrame } from './incident-frame.tsx'
import { AgentLink, CardLink, PersonLink } from './incident-links.tsx'
import { useIncidentWords } from './incident-words.tsx'

const route = getRouteApi('/evidence/incidents/caught/$incidentId')

/** One incident that the server caught: what happened, at whom, what to do, and how it ended. */
export function CaughtPage() {
  const { t } = useTranslation()
  const { incidentId } = route.useParams()
  const found = useQuery({
    queryKey: ['caught-incident', incidentId],
    queryFn: ({ signal }) => readCaught(incidentId, signal),
  })
  const incident = found.data
  const title = incident
    ? t('incidents.caught.one', {
        kind: t(`incidents.caught.kinds.${incident.kind}.name`),
        serial: incident.printedSerial,
      })
    : t('incidents.facts')
  return (
    <IncidentFrame found={found} title={title}>
      {(incident) => (
        <>
          <What incident={incident} />
          <Facts incident={incident} />
          {incident.closed === null ? (
            <Close incident={incident} onClosed={() => void found.refetch()} />
          ) : (
            <Ended closed={incident.closed} />
          )}
        </>
      )}
    </IncidentFrame>
  )
}

function What({ incident }: { incident: CaughtView }) {
  const { happened, card, now } = useIncidentWords()(incident)
  const isOpen = incident.state === 'open'
  return (
    <Alert
      color={isOpen ? 'red' : 'gray'}
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={happened}
      role="group"
    >
      <Text inherit>{card}</Text>
      {isOpen && (
        <Text inherit fw={600}>
          {now}
        </Text>
      )}
    </Alert>
  )
}

function Facts({ incident }: { incident: CaughtView }) {
  const { t } = useTranslation()
  const { cardId, cardLabel, printedSerial, cardNow, otherCard, personId, personName } = incident
  const { agentId, agentName, otherAgentId, otherAgentName, operatorName, otherOperatorName } = incident
  const { openedAt, lastAt, count, firstRecord, lastRecord } = incident
  const operators = [operatorName, otherOperatorName].filter((name) => name !== '')
  return (
    <Section title={t('incidents.facts')}>
      <dl className={classes.facts}>
        <dt>{t('incidents.card')}</dt>
        <dd>
          <CardLink id={cardId} label={cardLabel} printedSerial={printedSerial} />
        </dd>
        <dt>{t('incidents.cardNow')}</dt>
        <dd>
          <CardStateBadge state={cardNow as (typeof CARD_STATES)[number]} />
        </dd>
        {otherCard !== null && (
          <>
            <dt>{t('incidents.caught.otherCard')}</dt>
            <dd>
              <CardLink {...otherCard} />
            </dd>
          </>
        )}
        <dt>{t('incidents.holder')}</dt>
        <dd>
          <PersonLink id={personId} name={personName} />
        </dd>
        {agentId !== null && (
          <>
            <dt>{t('incidents.caught.where')}</dt>
            <dd>
              <AgentLink id={agentId} name={agentName} />
            </dd>
          </>
        )}
        {otherAgentId !== null && (
          <>
            <dt>{t('incidents.caught.otherAgent')}</dt>
            <dd>
              <AgentLink id={otherAgentId} name={otherAgentName} />
            </dd>
          </>
        )}
        {operators.length > 0 && (
          <>
            <dt>{t('incidents.operator')}</dt>
            <dd>{operators.join(', ')}</dd>
          </>
        )}
        <dt>{t('incidents.caught.count')}</dt>
        <dd>
          {t('incidents.times', { count })}
          {incident.state === 'open' && `. ${t('incidents.caught.countHint')}`}
        </dd>
        <dt>{t('incidents.caught.first')}</dt>
        <dd>
          <LocalTime at={openedAt} />
          <Text size="sm" c="dimmed">
            {t('incidents.caught.record', { id: firstRecord })}
          </Text>
        </dd>
        {count > 1 && (
          <>
            <dt>{t('incidents.caught.last')}</dt>
            <dd>
              <LocalTime at={lastAt} />
              <Text size="sm" c="dimmed">
                {t('incidents.caught.record', { id: lastRecord })}
              </Text>
            </dd>
          </>
        )}
      </dl>
    </Section>
  )
}

function Close({ incident: { id, obstacle }, onClosed }: { incident: CaughtView; onClosed: () => void }) {
  const { t } = useTranslation()
  return (
    <Section title={t('incidents.close.title')} lead={t('incidents.caught.closeLead')}>
      {obstacle !== null ? (
        <ProblemNotice problem={obstacle} tone="orange" isAnnounced={false} />
      ) : (
        <CloseForm incidentId={id} onClosed={onClosed} />
      )}
    </Section>
  )
}

function CloseForm(props: { incidentId: string; onClosed: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { incidentId } = props
  const [note, setNote] = useState('')
  const [isTried, setTried] = useState(false)
  const close = useMutation({
    mutationFn: closeCaught,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['incidents'] })
      props.onClosed()
    },
  })
  const isWhole = note.trim() !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (isWhole && !close.isPending) close.mutate({ incidentId, note: note.trim() })
  }
  return (
    <form onSubmit={submit}>
      <Stack className={classes.narrow as string}>
        <Textarea
          label={t('incidents.close.note')}
          description={t('incidents.close.noteHint')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={1000}
          minRows={3}
          autosize={false}
        />
        <Text role="alert" c="red" size="sm">
          {isTried && !isWhole && t('incidents.close.incompleteNote')}
        </Text>
        {close.isError && <ProblemNotice problem={toFailure(close.error)} />}
        <div>
          <Button type="submit" loading={close.isPending}>
            {t('incidents.close.only')}
          </Button>
        </div>
      </Stack>
    </form>
  )
}

function Ended({ closed }: { closed: NonNullable<CaughtView['closed']> }) {
  const { t } = useTranslation()
  return (
    <Section title={t('incidents.ended.title')}>
      <dl className={classes.facts}>
        <dt>{t('incidents.ended.by')}</dt>
        <dd>
          {closed.by}, <LocalTime at={closed.at} />
        </dd>
        <dt>{t('incidents.close.note')}</dt>
        <dd>{closed.note}</dd>
      </dl>
    </Section>
  )
}
