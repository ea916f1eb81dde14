import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { AttemptView } from '@unlatch/contract'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import sections from '../section.module.css'
import { useMay } from '../sign-in/session-gate.tsx'
import tables from '../table.module.css'
import { EndDialog, HandOverDialog } from './attempt-dialogs.tsx'
import { readLiveDesk, takeOver } from './live-desk-api.ts'

const route = getRouteApi('/actions/live-desk')

/** How often it is looked what is open. */
const LOOK_MS = 3000

/** Actions > Live desk: attempts that are open, to be resumed, handed over, taken over and ended. */
export function LiveDeskPage() {
  const { t } = useTranslation()
  const { after } = route.useSearch()
  const navigate = route.useNavigate()
  const found = useQuery({
    queryKey: ['live-desk', after],
    queryFn: ({ signal }) => readLiveDesk(after, signal),
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_MS,
  })
  const [handing, setHanding] = useState<AttemptView>()
  const [ending, setEnding] = useState<AttemptView>()
  const lookAgain = () => void found.refetch()
  useEffect(() => {
    document.title = `${t('liveDesk.title')} · ${t('shared.productName')}`
  }, [t])
  const list = found.data
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('liveDesk.title')}
      </Title>
      <Text c="dimmed">{t('liveDesk.lead')}</Text>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('liveDesk.loading')}</SlowWords>}
      {list?.attempts.length === 0 && <Empty />}
      {list !== undefined && list.attempts.length > 0 && (
        <Paper withBorder p="md">
          <Attempts attempts={list.attempts} onHand={setHanding} onEnd={setEnding} onTaken={lookAgain} />
        </Paper>
      )}
      {(after !== undefined || list?.next != null) && (
        <Group>
          {after !== undefined && (
            <Button variant="default" onClick={() => void navigate({ search: {} })}>
              {t('liveDesk.first')}
            </Button>
          )}
          {list?.next != null && (
            <Button variant="default" onClick={() => void navigate({ search: { after: list.next as string } })}>
              {t('liveDesk.next')}
            </Button>
          )}
        </Group>
      )}
      {handing !== undefined && (
        <HandOverDialog attempt={handing} onClose={() => setHanding(undefined)} onDone={lookAgain} />
      )}
      {ending !== undefined && <EndDialog attempt={ending} onClose={() => setEnding(undefined)} onDone={lookAgain} />}
    </Stack>
  )
}

function Empty() {
  const { t } = useTranslation()
  return (
    <div className={sections.empty}>
      <Title order={2} size="h4">
        {t('liveDesk.emptyTitle')}
      </Title>
      <Text mb="sm">{t('liveDesk.emptyText')}</Text>
      <Button variant="default" renderRoot={(button) => <Link {...button} to="/actions/smart-card-unblock" />}>
        {t('liveDesk.begin')}
      </Button>
    </div>
  )
}

interface RowProps {
  readonly onHand: (attempt: AttemptView) => void
  readonly onEnd: (attempt: AttemptView) => void
  readonly onTaken: () => void
}

function Attempts(props: RowProps & { attempts: readonly AttemptView[] }) {
  const { t } = useTranslation()
  const column = (name: 'person' | 'waits' | 'since' | 'operator' | 'actions') => t(`liveDesk.columns.${name}`)
  return (
    <table className={`${tables.table} ${tables.list}`} aria-label={t('liveDesk.caption')}>
      <thead>
        <tr>
          {(['person', 'waits', 'since', 'operator', 'actions'] as const).map((name) => (
            <th key={name} scope="col">
              {column(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.attempts.map((attempt) => (
          <tr key={attempt.id}>
            <th scope="row">
              {attempt.personName}
              <Text size="sm" c="dimmed">
                {attempt.cardLabel} · {attempt.printedSerial} · {t(`liveDesk.places.${attempt.place}`)}
              </Text>
            </th>
            <td data-label={column('waits')}>
              {t(`liveDesk.waits.${attempt.waitsFor}`)}
              {attempt.ways.length > 0 && (
                <Text size="sm" c="dimmed">
                  {attempt.ways.map((way) => t(`verification.ways.${way}.label`)).join(', ')}
                </Text>
              )}
            </td>
            <td data-label={column('since')}>
              <LocalTime at={attempt.openedAt} />
              {attempt.firstReleaseAt !== null && (
                <Text size="sm" c="dimmed">
                  {t('liveDesk.given')}: <LocalTime at={attempt.firstReleaseAt} />
                </Text>
              )}
            </td>
            <td data-label={column('operator')}>
              {attempt.operator.name}
              {attempt.isOwn && ` (${t('liveDesk.own')})`}
            </td>
            <td>
              <RowActions {...props} attempt={attempt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function RowActions({ attempt, onHand, onEnd, onTaken }: RowProps & { attempt: AttemptView }) {
  const { t } = useTranslation()
  const may = useMay()
  const navigate = useNavigate()
  const take = useMutation({ mutationFn: () => takeOver(attempt.id), onSettled: onTaken })
  const { personName: person, operator } = attempt
  const resume = () => void navigate({ to: '/actions/smart-card-unblock', search: addressOf(attempt) })
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {attempt.isOwn ? (
          <>
            <Button size="xs" aria-label={t('liveDesk.resumeNamed', { person })} onClick={resume}>
              {t('liveDesk.resume')}
            </Button>
            <Button
              size="xs"
              variant="default"
              aria-label={t('liveDesk.handNamed', { person })}
              onClick={() => onHand(attempt)}
            >
              {t('liveDesk.hand')}
            </Button>
          </>
        ) : (
          may('unblock:supervise') && (
            <Button
              size="xs"
              variant="default"
              aria-label={t('liveDesk.takeNamed', { person, operator: operator.name })}
              loading={take.isPending}
              onClick={() => take.mutate()}
            >
              {t('liveDesk.take')}
            </Button>
          )
        )}
        <Button
          size="xs"
          variant="default"
          aria-label={t('liveDesk.endNamed', { person })}
          onClick={() => onEnd(attempt)}
        >
          {t('liveDesk.end')}
        </Button>
      </Group>
      {take.isError && <ProblemNotice problem={toFailure(take.error)} />}
    </Stack>
  )
}

/** Where an attempt goes on. */
function addressOf({ place, printedSerial, personId, cardId }: AttemptView) {
  if (place === 'telephone') return { search: printedSerial, person: personId, card: cardId }
  return { place: place === 'online' ? ('online' as const) : ('here' as const), card: cardId }
}
