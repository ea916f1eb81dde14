import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconBan, IconCheck, IconClock, IconSend } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { NoticeDelivery, NoticeView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readNotices, retryNotice } from '../incident-api.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { isUnderWay } from './under-way.ts'
import { useWhy } from './use-why.ts'

/** How often notices that are under way are looked at. */
const LOOK_MS = 3000

/** What the cardholder was told of this card, at which addresses, and what came back. */
export function NoticesSection({ cardId }: { cardId: string }) {
  const { t } = useTranslation()
  const found = useQuery({
    queryKey: ['notices', cardId],
    queryFn: ({ signal }) => readNotices(cardId, signal),
    refetchInterval: ({ state }) => (state.data?.notices.some(isUnderWay) ? LOOK_MS : false),
  })
  const notices = found.data?.notices
  return (
    <Section name="notices" title={t('notices.card.title')}>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('notices.card.loading')}</SlowWords>}
      {notices?.length === 0 && <Text c="dimmed">{t('notices.card.none')}</Text>}
      {notices !== undefined && notices.length > 0 && (
        <ul className={classes.rows} aria-label={t('notices.card.list')}>
          {notices.map((notice) => (
            <NoticeRow key={notice.id} cardId={cardId} notice={notice} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function NoticeRow({ cardId, notice }: { cardId: string; notice: NoticeView }) {
  const { t } = useTranslation()
  const why = useWhy()
  const { kind, cardState, at, releasedAt, operatorName, words, isPlanned, problem, deliveries } = notice
  const state = cardState === null ? '' : t(`notices.states.${cardState as 'suspended'}`)
  return (
    <li>
      <div className={classes.what}>
        <Text fw={600}>{t(`notices.card.kinds.${kind}`, { state })}</Text>
        <Text size="sm" c="dimmed">
          <LocalTime at={at} />
          {releasedAt !== null && (
            <>
              {` · ${t('notices.card.released')} `}
              <LocalTime at={releasedAt} />
            </>
          )}
          {operatorName !== '' && ` · ${t('notices.card.by', { name: operatorName })}`}
          {words !== '' && deliveries.length > 0 && ` · ${t('notices.card.words', { words })}`}
        </Text>
        {!isPlanned && <Text size="sm">{t('notices.card.planning')}</Text>}
        {problem !== null && deliveries.length === 0 && (
          <Group gap="xs">
            <Badge
              variant="light"
              color="red"
              tt="none"
              radius="sm"
              leftSection={<IconAlertTriangle aria-hidden size={14} />}
            >
              {t('notices.card.nobody')}
            </Badge>
            <Text size="sm">{why(problem)}</Text>
          </Group>
        )}
        <Stack gap={4} mt={4}>
          {deliveries.map((delivery) => (
            <DeliveryLine key={delivery.id} delivery={delivery} />
          ))}
        </Stack>
      </div>
      <SendAgain cardId={cardId} notice={notice} />
    </li>
  )
}

const LOOKS = {
  queued: { colour: 'blue', Sign: IconClock },
  sending: { colour: 'blue', Sign: IconSend },
  delivered: { colour: 'green', Sign: IconCheck },
  failed: { colour: 'red', Sign: IconAlertTriangle },
  void: { colour: 'gray', Sign: IconBan },
} as const satisfies Record<NoticeDelivery['state'], { colour: string; Sign: typeof IconCheck }>

function DeliveryLine({ delivery }: { delivery: NoticeDelivery }) {
  const { t } = useTranslation()
  const why = useWhy()
  const { state, address, isPrevious, problem, nextAt, answer } = delivery
  const { colour, Sign } = LOOKS[state]
  const named =
    address === null ? t('notices.card.previousHidden') : isPrevious ? t('notices.card.previous', { address }) : address
  return (
    <div>
      <Group gap="xs">
        <Badge variant="light" color={colour} tt="none" radius="sm" leftSection={<Sign aria-hidden size={14} />}>
          {t(`notices.card.states.${state}`)}
        </Badge>
        <Text size="sm" className={classes.title as string}>
          {named}
        </Text>
        {answer !== null && (
          <Badge variant="light" color={answer === 'me' ? 'gray' : 'red'} tt="none" radius="sm">
            {t(`notices.card.answers.${answer}`)}
          </Badge>
        )}
      </Group>
      {problem !== null && state !== 'delivered' && (
        <Text size="sm">
          {why(problem.code)} {problem.detail !== '' && t('templates.connection.said', { detail: problem.detail })}
        </Text>
      )}
      {nextAt !== null && problem !== null && (
        <Text size="sm">
          {t('notices.card.nextTry')}: <LocalTime at={nextAt} />
        </Text>
      )}
    </div>
  )
}

/** Tells the holder once more; the same message with the same link, and not once it was answered. */
function SendAgain({ cardId, notice }: { cardId: string; notice: NoticeView }) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const may = useMay()
  const again = useMutation({
    mutationFn: () => retryNotice(notice.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['notices', cardId] }),
  })
  const isAnswered = notice.deliveries.some(({ answer }) => answer !== null)
  if (!may('unblock:release') || !notice.isPlanned || isAnswered || notice.problem === 'notice-older') return null
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <div>
      {again.isError && <ProblemNotice problem={toFailure(again.error)} />}
      <Text size="sm" role="status">
        {again.isSuccess && t('notices.card.sent')}
      </Text>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconSend aria-hidden size={16} />}
        aria-label={t('notices.card.againNamed', { time: time.format(new Date(notice.at)) })}
        loading={again.isPending}
        onClick={() => again.mutate()}
      >
        {t('notices.card.again')}
      </Button>
    </div>
  )
}
