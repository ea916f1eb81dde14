import { Button, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readOperatorSessions, revokeSessions } from '../operator-api.ts'
import { Section } from '../section.tsx'
import { SessionRows } from '../session-rows.tsx'
import { useMay } from '../sign-in/session-gate.tsx'

/** Where an operator is signed in; whoever may ends it. */
export function OperatorSessionsSection(props: { operatorId: string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const mayEnd = useMay()('session:revoke')
  const queryKey = ['operator-sessions', props.operatorId]
  const { data, error, isPending } = useQuery({ queryKey, queryFn: () => readOperatorSessions(props.operatorId) })
  const end = useMutation({
    mutationFn: (sessionId: string | undefined) => revokeSessions(props.operatorId, sessionId),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  })
  const others = data?.sessions.filter((session) => !session.isThisOne) ?? []
  return (
    <Section title={t('operators.details.sessionsTitle')}>
      {isPending && <SlowWords>{t('shared.loading')}</SlowWords>}
      {error !== null && <ProblemNotice problem={toFailure(error)} />}
      {end.isError && <ProblemNotice problem={toFailure(end.error)} />}
      {data !== undefined && (
        <SessionRows
          sessions={data.sessions}
          ending={end.isPending ? end.variables : undefined}
          onEnd={mayEnd ? (sessionId) => end.mutate(sessionId) : undefined}
        />
      )}
      {mayEnd && others.length > 1 && (
        <Button mt="sm" variant="default" loading={end.isPending} onClick={() => end.mutate(undefined)}>
          {t('operators.details.endAll')}
        </Button>
      )}
      <Text role="status" mt="xs">
        {end.isSuccess && t('operators.details.ended')}
      </Text>
    </Section>
  )
}
