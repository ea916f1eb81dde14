import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import '@mantine/core/styles/Progress.css'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TemplateView } from '@unlatch/contract'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { moveCardsToVersion } from '../card-api.ts'
import { Dialog } from '../dialog.tsx'
import { Section } from '../section.tsx'

/** How far it is; times in milliseconds. */
interface Progressed {
  readonly version: number
  readonly moved: number
  readonly total: number
  readonly ms: number
}

/** Moves the cards of older versions to the newest: some at a time, until all are moved, somebody stops it, or the page goes. */
export function OlderCardsSection({ template }: { template: TemplateView }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [isAsked, setAsked] = useState(false)
  const [progress, setProgress] = useState<Progressed>()
  const isStopped = useRef(false)
  const { id, version, olderCards: count, isLocked, faults } = template
  const move = useMutation({
    mutationFn: async () => {
      const begun = performance.now()
      let moved = 0
      isStopped.current = false
      for (let isMore = true; isMore && !isStopped.current; ) {
        const batch = await moveCardsToVersion(id, version)
        moved += batch.moved
        isMore = batch.isMore
        setProgress({ version, moved, total: Math.max(count, moved), ms: performance.now() - begun })
      }
    },
    onSettled: () =>
      Promise.all([['card-templates'], ['cards'], ['card']].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  })
  if (count === 0 && progress === undefined) return null
  const begin = () => {
    setAsked(false)
    setProgress(undefined)
    move.mutate()
  }
  return (
    <Section title={t('cards.version.all.title')} {...(count > 0 && { lead: t('cards.version.all.lead', { count }) })}>
      <Stack gap="sm" align="start">
        {move.isPending && progress !== undefined && <Moving progress={progress} />}
        <Text role="status">
          {move.isSuccess &&
            progress !== undefined &&
            (isStopped.current
              ? t('cards.version.all.stopped')
              : t('cards.version.all.done', { count: progress.moved, version: progress.version }))}
        </Text>
        {move.isError && <ProblemNotice problem={toFailure(move.error)} />}
        {move.isPending ? (
          <Button
            variant="default"
            onClick={() => {
              isStopped.current = true
            }}
          >
            {t('cards.version.all.stop')}
          </Button>
        ) : (
          count > 0 &&
          (isLocked || faults.length > 0 ? (
            <Text>{t(isLocked ? 'cards.version.locked' : 'templates.page.faultsTitle')}</Text>
          ) : (
            <Button variant="default" onClick={() => setAsked(true)}>
              {t('cards.version.all.button', { count, version })}
            </Button>
          ))
        )}
      </Stack>
      <Dialog title={t('cards.version.all.ask', { version })} isOpen={isAsked} onClose={() => setAsked(false)}>
        <Stack>
          <Text>{t('cards.version.all.means', { version })}</Text>
          <Text>{t('cards.version.stays')}</Text>
          <Group justify="end">
            <Button variant="default" onClick={() => setAsked(false)}>
              {t('cards.moves.cancel')}
            </Button>
            <Button data-autofocus onClick={begin}>
              {t('cards.version.all.button', { count, version })}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Section>
  )
}

function Moving({ progress: { moved, total, ms } }: { progress: Progressed }) {
  const { t } = useTranslation()
  const rate = Math.max(1, Math.round((moved / ms) * 1000))
  const left = Math.ceil((total - moved) / rate)
  return (
    <Stack gap={4} w="100%">
      <Text>{t('cards.version.all.progress', { moved, total, rate, count: left })}</Text>
      <Progress value={(moved / total) * 100} aria-hidden />
    </Stack>
  )
}
