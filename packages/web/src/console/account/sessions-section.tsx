import { Button, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Account } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { endOwnSessions } from '../operator-api.ts'
import { Section } from '../section.tsx'
import { SessionRows } from '../session-rows.tsx'

/** Where one is signed in, and how to be it no longer. */
export function SessionsSection(props: { account: Account }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const end = useMutation({
    mutationFn: (sessionId: string | undefined) => endOwnSessions(sessionId),
    onSettled: () => queries.invalidateQueries({ queryKey: ['account'] }),
  })
  const hasOthers = props.account.sessions.some((session) => !session.isThisOne)
  return (
    <Section title={t('operators.account.sessionsTitle')}>
      {end.isError && <ProblemNotice problem={toFailure(end.error)} />}
      <SessionRows
        sessions={props.account.sessions}
        ending={end.isPending ? end.variables : undefined}
        onEnd={(sessionId) => end.mutate(sessionId)}
      />
      <Text size="sm" c="dimmed" role="status" mt="xs">
        {!hasOthers && t('operators.account.noOthers')}
      </Text>
      {hasOthers && (
        <Button
          mt="sm"
          variant="default"
          loading={end.isPending && end.variables === undefined}
          onClick={() => end.mutate(undefined)}
        >
          {t('operators.account.endOthers')}
        </Button>
      )}
    </Section>
  )
}
