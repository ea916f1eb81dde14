import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type AnswerApproval, Approvals, type ApprovalView } from '@unlatch/contract'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { callServer } from '../connection.ts'
import { Requests } from '../four-eyes/requests.tsx'
import { useMay } from '../sign-in/session-gate.tsx'

/** How often it is looked whether somebody asks. */
const LOOK_MS = 5000

const readApprovals = (signal: AbortSignal) =>
  callServer({ method: 'GET', path: '/api/approvals', answer: Approvals, signal })
const answerApproval = ({ wayId, answer }: AnswerApproval) =>
  callServer({ method: 'POST', path: `/api/approvals/${encodeURIComponent(wayId)}`, body: { answer } })

/** Approvals: a manager says who somebody is; a second operator says whether something may be released. */
export function ApprovalsPage() {
  const { t } = useTranslation()
  const may = useMay()
  useEffect(() => {
    document.title = `${t('approvals.title')} · ${t('shared.productName')}`
  }, [t])
  return (
    <Stack maw="52rem" gap="xl">
      <Title order={1} size="h2">
        {t('approvals.title')}
      </Title>
      {may('verification:confirm') && <OwnPeople />}
      {may('unblock:approve') && <Requests />}
    </Stack>
  )
}

/** Somebody who says to be one of one's people. */
function OwnPeople() {
  const { t } = useTranslation()
  const found = useQuery({
    queryKey: ['approvals'],
    queryFn: ({ signal }) => readApprovals(signal),
    refetchInterval: LOOK_MS,
  })
  const all = found.data?.approvals ?? []
  const open = all.filter(({ state }) => state === 'asked')
  const earlier = all.filter(({ state }) => state !== 'asked')
  return (
    <Stack component="section" aria-label={t('approvals.own')}>
      <Title order={2} size="h4">
        {t('approvals.own')}
      </Title>
      <Text c="dimmed">{t('approvals.lead')}</Text>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('approvals.loading')}</SlowWords>}
      {found.data !== undefined && open.length === 0 && <Text role="status">{t('approvals.empty')}</Text>}
      {open.map((approval) => (
        <OpenApproval key={approval.id} approval={approval} onAnswered={() => void found.refetch()} />
      ))}
      {earlier.length > 0 && (
        <section>
          <Title order={3} size="h5" mb="xs">
            {t('approvals.earlier')}
          </Title>
          <Stack gap="xs">
            {earlier.map((approval) => (
              <Text key={approval.id}>
                {approval.personName}: {t(`approvals.answered.${approval.state}`)}, <LocalTime at={approval.askedAt} />
              </Text>
            ))}
          </Stack>
        </section>
      )}
    </Stack>
  )
}

function OpenApproval(props: { approval: ApprovalView; onAnswered: () => void }) {
  const { t } = useTranslation()
  const { approval } = props
  const answer = useMutation({ mutationFn: answerApproval, onSettled: props.onAnswered })
  const say = (said: AnswerApproval['answer']) => answer.mutate({ wayId: approval.id, answer: said })
  return (
    <Paper withBorder p="md" component="section" aria-label={approval.personName}>
      <Title order={3} size="h5">
        {t('approvals.question', { person: approval.personName })}
      </Title>
      <Text>
        {t('approvals.facts', {
          department: approval.department || '–',
          card: approval.cardLabel,
          operator: approval.operatorName,
        })}
      </Text>
      <Text c="dimmed">
        {t('approvals.until')} <LocalTime at={approval.until} />
      </Text>
      {answer.isError && <ProblemNotice problem={toFailure(answer.error)} />}
      {/* Neither is marked: both are one press away. */}
      <Group mt="sm">
        <Button variant="default" disabled={answer.isPending} onClick={() => say('confirm')}>
          {t('approvals.confirm')}
        </Button>
        <Button variant="default" disabled={answer.isPending} onClick={() => say('decline')}>
          {t('approvals.decline')}
        </Button>
      </Group>
    </Paper>
  )
}
