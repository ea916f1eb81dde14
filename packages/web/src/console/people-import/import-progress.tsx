import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ImportView } from '@unlatch/contract'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { stopImport } from '../import-api.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import styles from './people-import.module.css'

/** How far an import is, and how it ended. It goes on whether or not somebody looks. */
export function ImportProgress({ one }: { one: ImportView }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const isRunning = one.state === 'running'
  const stop = useMutation({
    mutationFn: () => stopImport(one.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['imports'] }),
  })
  useEffect(() => {
    if (!isRunning) void queries.invalidateQueries({ queryKey: ['people'] })
  }, [isRunning, queries])
  const title = isRunning ? 'running' : one.state === 'done' ? 'doneTitle' : 'stoppedTitle'
  return (
    <Section
      title={t(`people.import.${title}`)}
      {...(isRunning && { lead: t('people.import.runningLead') })}
      {...(one.state === 'stopped' && { lead: t('people.import.stoppedText') })}
    >
      <Stack gap="sm">
        {isRunning && <Bar one={one} />}
        <Counts one={one} />
        {stop.isError && <ProblemNotice problem={toFailure(stop.error)} />}
        {isRunning ? (
          <Group gap="sm">
            <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
              {t('people.import.stop')}
            </Button>
            <Text size="sm" c="dimmed">
              {t('people.import.stopHint')}
            </Text>
          </Group>
        ) : (
          <Anchor
            underline="always"
            renderRoot={(anchor) => <Link {...anchor} to="/people" search={{ sort: 'newest' }} />}
          >
            {t('people.import.toPeople')}
          </Anchor>
        )}
      </Stack>
    </Section>
  )
}

function Bar({ one }: { one: ImportView }) {
  const { t, i18n } = useTranslation()
  const numbers = new Intl.NumberFormat(i18n.language)
  const { total = 0, done = 0 } = one.progress ?? {}
  const seconds = one.startedAt === null ? 0 : (Date.parse(one.now) - Date.parse(one.startedAt)) / 1000
  const rate = seconds > 0 ? done / seconds : 0
  const left = rate > 0 ? Math.ceil((total - done) / rate) : undefined
  const words = [
    t('people.import.progress', { done: numbers.format(done), total: numbers.format(total) }),
    rate > 0 && t('people.import.rate', { rate: numbers.format(Math.round(rate)) }),
    left !== undefined &&
      (left < 90
        ? t('people.import.left', { count: left })
        : t('people.import.leftMinutes', { count: Math.ceil(left / 60) })),
  ].filter((part) => part !== false)
  return (
    <div>
      <progress className={styles.bar} aria-label={t('people.import.running')} max={Math.max(total, 1)} value={done} />
      <Text role="status">{words.join(' · ')}</Text>
    </div>
  )
}

function Counts({ one }: { one: ImportView }) {
  const { t, i18n } = useTranslation()
  const numbers = new Intl.NumberFormat(i18n.language)
  const { progress } = one
  return (
    <>
      <dl className={classes.facts}>
        {progress !== null && (
          <>
            <dt>{t('people.import.added')}</dt>
            <dd>{numbers.format(progress.added)}</dd>
            <dt>{t('people.import.changedCount')}</dt>
            <dd>{numbers.format(progress.changed)}</dd>
            <dt>{t('people.import.unchangedCount')}</dt>
            <dd>{numbers.format(progress.unchanged)}</dd>
            <dt>{t('people.import.wrongCount')}</dt>
            <dd>{numbers.format(progress.wrong)}</dd>
            <dt>{t('people.import.leftAlone')}</dt>
            <dd>{numbers.format(progress.leftAlone)}</dd>
          </>
        )}
        <dt>{t('people.import.digest')}</dt>
        <dd>{one.sha256}</dd>
        <dt>{t('people.import.by')}</dt>
        <dd>{one.operatorName}</dd>
      </dl>
      {progress !== null && progress.leftAlone > 0 && <Text>{t('people.import.leftAloneText')}</Text>}
    </>
  )
}
