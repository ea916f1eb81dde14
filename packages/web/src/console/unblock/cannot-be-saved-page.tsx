import { Anchor, Button, List, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { CardSummary, WhyNotByTelephone } from '@unlatch/contract'
import { type ReactNode, useEffect, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { CardStateBadge } from '../cards/card-state-badge.tsx'
import { approveTry, readPerson } from '../server-api.ts'
import { useMay } from '../sign-in/session-gate.tsx'

const route = getRouteApi('/actions/smart-card-unblock/cannot-be-saved')

/** What an operator tells a caller whose card no telephone call can help: what happened, what may be promised, what is never tried. */
export function CannotBeSavedPage() {
  const { t } = useTranslation()
  const { person = '', card = '' } = route.useSearch()
  const found = useQuery({ queryKey: ['person', person], queryFn: ({ signal }) => readPerson(person, signal) })
  useEffect(() => {
    document.title = `${t('console.cannotBeSaved.title')} · ${t('shared.productName')}`
  }, [t])
  const chosen = found.data?.cards.find(({ id }) => id === card)
  const why = chosen?.whyNotByTelephone ?? null
  return (
    <Stack gap="md" maw="46rem">
      <Title order={1} size="h2">
        {t('console.cannotBeSaved.title')}
      </Title>
      {found.isPending && <SlowWords>{t('console.unblock.person.loading')}</SlowWords>}
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.data !== undefined && (
        <Text>
          {chosen === undefined
            ? t('console.cannotBeSaved.noSuchCard')
            : t('console.cannotBeSaved.of', {
                name: found.data.name,
                label: chosen.label,
                serial: chosen.printedSerial,
              })}{' '}
          {chosen !== undefined && <CardStateBadge state={chosen.state} />}
        </Text>
      )}
      {chosen !== undefined &&
        (why === null ? <Text>{t('console.cannotBeSaved.notSo')}</Text> : <Reasons why={why} card={chosen} />)}
      <Anchor
        underline="always"
        renderRoot={(root) => <Link {...root} to="/actions/smart-card-unblock" search={{ person, card }} />}
      >
        {t('console.cannotBeSaved.back')}
      </Anchor>
    </Stack>
  )
}

function Reasons({ why, card }: { why: WhyNotByTelephone; card: CardSummary }) {
  const { t } = useTranslation()
  const lines = (part: 'promise' | 'never') =>
    Object.values(t(`console.cannotBeSaved.${part}`, { returnObjects: true })).map((line) => (
      <List.Item key={line}>{line}</List.Item>
    ))
  return (
    <>
      <Part title={t('console.cannotBeSaved.happenedTitle')}>
        <Text>{t(`console.cannotBeSaved.why.${why}.happened`)}</Text>
      </Part>
      <Part title={t('console.cannotBeSaved.meansTitle')}>
        <Text>{t(`console.cannotBeSaved.why.${why}.means`)}</Text>
        {card.triesAtLeast !== null && (
          <Text mt="xs">{t('console.cannotBeSaved.tries', { count: card.triesAtLeast })}</Text>
        )}
      </Part>
      <Part title={t('console.cannotBeSaved.promiseTitle')}>
        <Text fw={600}>{t(`console.cannotBeSaved.why.${why}.station`)}</Text>
        <List mt="xs" spacing="xs">
          {lines('promise')}
        </List>
      </Part>
      {DECIDED_BY_ONE_TRY.includes(why) && <OneTry card={card} />}
      <Part title={t('console.cannotBeSaved.neverTitle')}>
        <List spacing="xs">{lines('never')}</List>
      </Part>
    </>
  )
}

/** Where a station can still find out which secret the card has, at the price of one try. */
const DECIDED_BY_ONE_TRY: readonly WhyNotByTelephone[] = ['no-candidate', 'last-try', 'admin-key-tries']

function OneTry({ card }: { card: CardSummary }) {
  const { t } = useTranslation()
  const may = useMay()
  const approve = useMutation({ mutationFn: () => approveTry(card.id) })
  const until = approve.data?.validUntil ?? card.tryApprovedUntil
  const isApproved = until !== null && Date.parse(until) > Date.now()
  return (
    <Part title={t('console.cannotBeSaved.approve.title')}>
      <Stack gap="sm" align="start">
        <div role="status">
          {isApproved && (
            <Text fw={600}>
              {t('console.cannotBeSaved.approve.until')} <LocalTime at={until} />.{' '}
              {t('console.cannotBeSaved.approve.next')}
            </Text>
          )}
        </div>
        {!isApproved &&
          (may('unblock:supervise') ? (
            <>
              <Text>{t('console.cannotBeSaved.approve.lead')}</Text>
              <Button onClick={() => approve.mutate()} disabled={approve.isPending}>
                {t('console.cannotBeSaved.approve.button')}
              </Button>
            </>
          ) : (
            <Text>{t('console.cannotBeSaved.approve.supervisor')}</Text>
          ))}
        {approve.isPending && <SlowWords>{t('console.cannotBeSaved.approve.approving')}</SlowWords>}
        {approve.isError && <ProblemNotice problem={toFailure(approve.error)} />}
      </Stack>
    </Part>
  )
}

function Part(props: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb="xs">
        {props.title}
      </Title>
      {props.children}
    </Paper>
  )
}
