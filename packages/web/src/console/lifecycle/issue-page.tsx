import { Alert, Button, Group, Progress, Text, Title } from '@mantine/core'
import { IconCircleCheck, IconWand } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { isProblemCode, type Registration } from '@unlatch/contract'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { orderIssuance, readRegistration, readRegistrations } from '../server-api.ts'
import { Step } from '../steps/step.tsx'
import classes from './lifecycle.module.css'
import { type ChosenReader, findCard, guessReader, StationReaders, useStations } from './station-readers.tsx'

const route = getRouteApi('/lifecycle/issue')

/** Lifecycle > Issue: a registered card gets secrets of its own at a station. */
export function IssuePage() {
  const { t } = useTranslation()
  const { card } = route.useSearch()
  useEffect(() => {
    document.title = `${t('console.lifecycle.issue.title')} · ${t('shared.productName')}`
  }, [t])
  return (
    <>
      <Title order={1} size="h2" mb="xs">
        {t('console.lifecycle.issue.title')}
      </Title>
      <Text c="dimmed" mb="md">
        {t('console.lifecycle.issue.lead')}
      </Text>
      {card === undefined ? <WaitingCards /> : <Issuance key={card} cardId={card} />}
    </>
  )
}

/** Cards that are registered and wait to be issued. */
function WaitingCards() {
  const { t } = useTranslation()
  const found = useQuery({ queryKey: ['registrations'], queryFn: ({ signal }) => readRegistrations(signal) })
  if (found.isPending) return <SlowWords>{t('console.lifecycle.issue.loading')}</SlowWords>
  if (found.data === undefined) {
    const failure = toFailure(found.error)
    return failure.code === 'server-unreachable' ? null : <ProblemNotice problem={failure} />
  }
  if (found.data.registrations.length === 0) {
    return (
      <div className={classes.empty}>
        <Title order={2} size="h4">
          {t('console.lifecycle.issue.emptyTitle')}
        </Title>
        <Text c="dimmed" mb="sm">
          {t('console.lifecycle.issue.emptyText')}
        </Text>
        <Button component={Link} to="/lifecycle/register">
          {t('console.lifecycle.issue.toRegister')}
        </Button>
      </div>
    )
  }
  return (
    <div className={classes.steps}>
      <ul className={classes.waiting} aria-label={t('console.lifecycle.issue.waiting')}>
        {found.data.registrations.map((one) => (
          <li key={one.cardId}>
            <Link to="/lifecycle/issue" search={{ card: one.cardId }} className={classes.waitingCard}>
              <Text fw={600}>
                {one.personName} · {one.label}
              </Text>
              <Text size="sm" c="dimmed">
                {t('console.unblock.card.serial', { serial: one.printedSerial })} · <LocalTime at={one.registeredAt} />
                {one.isBegun && ` · ${t('console.lifecycle.issue.begun')}`}
              </Text>
            </Link>
          </li>
        ))}
      </ul>
      {found.data.isMore && <Text c="dimmed">{t('console.lifecycle.issue.more')}</Text>}
    </div>
  )
}

/** How often a running issuance is looked at. */
const LOOK_MS = 500
/** Rounds that an issuance takes at the most, for the bar alone. */
const ROUNDS_EXPECTED = 12

function Issuance({ cardId }: { cardId: string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [picked, setPicked] = useState<ChosenReader>()
  const followed = useQuery({
    queryKey: ['registration', cardId],
    queryFn: ({ signal }) => readRegistration(cardId, signal),
    refetchInterval: ({ state: { data } }) => (data?.job?.state === 'running' ? LOOK_MS : false),
  })
  const order = useMutation({
    mutationFn: (reader: ChosenReader) => orderIssuance(cardId, reader),
    onSettled: () => queries.invalidateQueries({ queryKey: ['registration', cardId] }),
  })
  const stations = useStations()
  const chosen = picked ?? guessReader(stations.data, cardId)
  if (followed.isError) return <ProblemNotice problem={toFailure(followed.error)} />
  const { data: registration } = followed
  if (registration === undefined) return <SlowWords>{t('console.lifecycle.issue.loading')}</SlowWords>
  const isRunning = order.isPending || registration.job?.state === 'running'
  const isIssued = registration.state !== 'registered'
  const card = findCard(stations.data, chosen)
  const isOther = card?.managed != null && card.managed.id !== cardId
  return (
    <div className={classes.steps}>
      <Step number={1} title={t('console.lifecycle.issue.card')}>
        <Text fw={600} size="lg">
          {registration.personName} · {registration.label}
        </Text>
        <Text c="dimmed">
          {t('console.unblock.card.serial', { serial: registration.printedSerial })} ·{' '}
          {t(`console.lifecycle.stations.family.${registration.family}`)}
        </Text>
      </Step>
      {isIssued ? (
        <Issued registration={registration} />
      ) : (
        <Step number={2} title={t('console.lifecycle.issue.station')}>
          <StationReaders
            label={t('console.lifecycle.register.reader')}
            chosen={chosen}
            isLocked={isRunning}
            onChoose={setPicked}
          />
          <Group mt="md">
            <Button
              leftSection={<IconWand aria-hidden size={18} />}
              disabled={card === null || card.family === 'unknown' || isOther}
              loading={isRunning}
              onClick={() => chosen !== undefined && order.mutate(chosen)}
            >
              {t(registration.isBegun ? 'console.lifecycle.issue.goOn' : 'console.lifecycle.issue.submit')}
            </Button>
            <Text c="dimmed">
              {t(isOther ? 'console.lifecycle.issue.otherCard' : 'console.lifecycle.issue.writes')}
            </Text>
          </Group>
          {isRunning && <Running registration={registration} />}
          {!isRunning && <Ended registration={registration} />}
          {order.isError && <ProblemNotice problem={toFailure(order.error)} />}
        </Step>
      )}
    </div>
  )
}

function Running({ registration }: { registration: Registration }) {
  const { t } = useTranslation()
  const words = t(`console.lifecycle.issue.step.${stepOf(registration.step)}`)
  return (
    <div role="status">
      <Progress
        mt="md"
        value={Math.min((registration.round / ROUNDS_EXPECTED) * 100, 95)}
        aria-label={t('console.lifecycle.issue.progress')}
        animated
      />
      <Text mt="xs">{words}</Text>
      <Text size="sm" c="dimmed">
        {t('console.lifecycle.issue.leaveCard')}
      </Text>
    </div>
  )
}

/** What an issuance is about, in the words of the page; several steps of the script are one for people. */
function stepOf(step: string | null): 'look' | 'key' | 'prove' | 'secrets' {
  if (step === 'generate' || step === 'signature') return 'key'
  if (step === 'rehearsal' || step === 'prove-challenge' || step === 'prove') return 'prove'
  if (step === 'puk' || step === 'puk-again' || step === 'management-key' || step === 'key') return 'secrets'
  return 'look'
}

/** An earlier run that did not end well; nothing is lost, it goes on. */
function Ended({ registration: { job } }: { registration: Registration }) {
  const { t } = useTranslation()
  if (job?.state === 'lost') {
    return (
      <Alert mt="md" color="orange" variant="light" title={t('console.lifecycle.issue.lostTitle')} role="alert">
        <Text inherit>{t('console.lifecycle.issue.lostText')}</Text>
      </Alert>
    )
  }
  if (job?.state !== 'failed') return null
  const { problem } = job
  return (
    <ProblemNotice problem={problem !== null && isProblemCode(problem) ? problem : (problem ?? 'card-fault')}>
      {job.why !== null && <Text inherit>{job.why}</Text>}
    </ProblemNotice>
  )
}

function Issued({ registration }: { registration: Registration }) {
  const { t } = useTranslation()
  return (
    <Alert
      color="green"
      variant="light"
      icon={<IconCircleCheck aria-hidden />}
      title={t('console.lifecycle.issue.doneTitle')}
      role="status"
    >
      <Text inherit>{t('console.lifecycle.issue.doneText', { name: registration.personName })}</Text>
      <Text inherit fw={600}>
        {t('console.lifecycle.issue.donePin')}
      </Text>
      <Group mt="md">
        <Button component={Link} to="/lifecycle/register">
          {t('console.lifecycle.issue.next')}
        </Button>
      </Group>
    </Alert>
  )
}
