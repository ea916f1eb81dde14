import { Alert, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { NoticeAnswer, NoticeTold } from '@unlatch/contract'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../shared/local-time.tsx'

/** What was answered, what it did here, and whether the card itself was stopped. */
export function Answered({ told, answer, phone }: { told: NoticeTold; answer: NoticeAnswer; phone: string }) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  const { report, isSuspended, words, answeredAt } = told
  const isStopped = report.state === 'reported' || !isSuspended
  return (
    <Stack gap="md" role="status">
      <Title order={2} size="h3" ref={heading} tabIndex={-1}>
        {t(`notices.page.answered.${answer}.title`)}
      </Title>
      <Text>{t(`notices.page.answered.${answer}.text`)}</Text>
      {answer === 'not-me' && (
        <>
          <Text>{t(`notices.page.answered.not-me.${isSuspended ? 'suspended' : 'over'}`)}</Text>
          {isSuspended && (
            <Alert
              color={isStopped ? 'green' : 'orange'}
              variant="light"
              icon={isStopped ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
              title={t(`notices.page.report.${report.state}`, { to: report.to })}
            >
              <Text inherit fw={600}>
                {t(phone === '' ? 'notices.page.callWithoutPhone' : 'notices.page.call', { phone, words })}
              </Text>
            </Alert>
          )}
        </>
      )}
      {answeredAt !== null && (
        <Text c="dimmed">
          {t('notices.page.at')}: <LocalTime at={answeredAt} />
        </Text>
      )}
    </Stack>
  )
}
