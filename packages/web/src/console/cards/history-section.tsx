import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { CAUGHT_KINDS, type CardEvent, isProblemCode } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readCardHistory } from '../card-api.ts'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { evidencePathOf } from '../unblock/evidence-links.tsx'
import classes from './cards.module.css'

/** What happened to the card, the newest first. */
export function HistorySection({ cardId }: { cardId: string }) {
  const { t } = useTranslation()
  const found = useInfiniteQuery({
    queryKey: ['card-history', cardId],
    queryFn: ({ pageParam, signal }) => readCardHistory(cardId, pageParam, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const events = found.data?.pages.flatMap((page) => page.events)
  return (
    <Section name="history" title={t('cards.page.historyTitle')}>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('cards.page.historyLoading')}</SlowWords>}
      {events?.length === 0 && <Text c="dimmed">{t('cards.page.historyNone')}</Text>}
      {events !== undefined && events.length > 0 && (
        <Stack gap="sm">
          <ol className={classes.events} aria-label={t('cards.page.historyTitle')}>
            {events.map((event) => (
              <li key={event.id} className={classes.event}>
                <EventWords event={event} />
              </li>
            ))}
          </ol>
          {found.hasNextPage && (
            <div>
              <Button
                variant="default"
                size="sm"
                loading={found.isFetchingNextPage}
                onClick={() => void found.fetchNextPage()}
              >
                {t('cards.page.earlier')}
              </Button>
            </div>
          )}
        </Stack>
      )}
    </Section>
  )
}

const RESULTS = ['unblocked', 'refused', 'unknown', 'delivered', 'queued', 'failed', 'void'] as const

function EventWords({ event }: { event: CardEvent }) {
  const { t } = useTranslation()
  const { what, move, reason, note, problem, by, unblockId } = event
  const mayTakeEvidence = useMay()('evidence:read')
  const result = RESULTS.find((one) => one === event.result)
  const caught = CAUGHT_KINDS.find((kind) => what === 'incident-caught' && kind === event.result)
  const name =
    move === undefined
      ? t(`cards.history.what.${what}`, { result: event.result ?? '' })
      : t(`cards.history.moved.${move}`)
  return (
    <>
      <Text fw={600}>
        {problem !== null && what !== 'incident-caught' && `${t('cards.history.refused')}: `}
        {name}
        {caught !== undefined && `: ${t(`incidents.caught.kinds.${caught}.name`)}`}
        {result !== undefined && what !== 'version-moved' && `: ${t(`cards.history.results.${result}`)}`}
        {reason !== undefined && `: ${t(`cards.reasons.${reason}`)}`}
      </Text>
      {problem !== null && (
        <Text size="sm">
          {isProblemCode(problem) ? t(`problems.${problem}.happened`) : t('shared.errorCode', { code: problem })}
        </Text>
      )}
      {note !== undefined && <Text size="sm">{t('cards.history.note', { note })}</Text>}
      <Text size="sm" c="dimmed">
        <LocalTime at={event.at} />
        {by.name !== '' && ` · ${t('cards.page.by', { name: by.name })}`}
      </Text>
      {unblockId !== undefined && mayTakeEvidence && (
        <Anchor size="sm" href={evidencePathOf(unblockId, 'pdf')} download={`unblock-${unblockId}.pdf`}>
          {t('console.unblock.result.evidence')}
        </Anchor>
      )}
    </>
  )
}
