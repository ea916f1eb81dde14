import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { AddressKind, DocumentKind, FourEyesRequest } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { OperatorPinDialog } from '../operator-pin/operator-pin-dialog.tsx'
import { answerRequest, readRequests, writeApprovalStatement } from './four-eyes-api.ts'

/** How often it is looked whether somebody asks. */
const LOOK_MS = 5000

/** What colleagues want to release and a second operator must approve. */
export function Requests() {
  const { t } = useTranslation()
  const found = useQuery({
    queryKey: ['four-eyes'],
    queryFn: ({ signal }) => readRequests(signal),
    refetchInterval: LOOK_MS,
  })
  const all = found.data?.requests ?? []
  const open = all.filter(({ state }) => state === 'asked')
  const earlier = all.filter(({ state }) => state !== 'asked')
  return (
    <Stack component="section" aria-label={t('fourEyes.requests.title')}>
      <Title order={2} size="h4">
        {t('fourEyes.requests.title')}
      </Title>
      <Text c="dimmed">{t('fourEyes.requests.lead')}</Text>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('approvals.loading')}</SlowWords>}
      {found.data !== undefined && open.length === 0 && <Text role="status">{t('fourEyes.requests.empty')}</Text>}
      {open.map((request) => (
        <Request key={request.id} request={request} onAnswered={() => void found.refetch()} />
      ))}
      {earlier.map((request) => (
        <Text key={request.id}>
          {request.personName} · {request.askedBy}:{' '}
          {request.isBreakGlass
            ? t('fourEyes.broken')
            : `${t(`fourEyes.requests.states.${request.state}`)}${request.answeredBy ? `, ${request.answeredBy}` : ''}`}
          , <LocalTime at={request.askedAt} />
        </Text>
      ))}
    </Stack>
  )
}

/** What was seen, in the words of whoever saw it; numbers of accounts and keys are for the evidence sheet. */
function EvidenceWords({ evidence }: { evidence: Readonly<Record<string, string>> }) {
  const { t } = useTranslation()
  const said = Object.entries(evidence).flatMap(([kind, value]) => {
    if (kind === 'managerId' || kind === 'passkeyId') return []
    if (kind === 'document') return t(`verification.documents.${value as DocumentKind}`)
    return kind === 'address' ? t(`verification.addresses.${value as AddressKind}`) : value
  })
  return said.length > 0 && `: ${said.join(', ')}`
}

function Request(props: { request: FourEyesRequest; onAnswered: () => void }) {
  const { t } = useTranslation()
  const { request } = props
  const [isSigning, setSigning] = useState(false)
  const decline = useMutation({
    mutationFn: () => answerRequest(request.id, null),
    onSettled: props.onAnswered,
  })
  const close = () => {
    setSigning(false)
    props.onAnswered()
  }
  return (
    <Paper withBorder p="md" component="section" aria-label={`${t('fourEyes.requests.title')}: ${request.personName}`}>
      <Stack gap="sm">
        <Title order={3} size="h5">
          {request.personName} · {request.cardLabel} · {request.printedSerial}
        </Title>
        <Text>
          {t('fourEyes.requests.askedBy', { operator: request.askedBy })} · <LocalTime at={request.askedAt} />
        </Text>
        <Group gap="xs">
          {request.reasons.map((reason) => (
            <Badge key={reason} variant="outline" color="gray">
              {t(`fourEyes.short.${reason}`)}
            </Badge>
          ))}
        </Group>
        {request.note !== '' && <Text>“{request.note}”</Text>}
        <div>
          <Text fw={600}>{t('fourEyes.requests.evidence')}</Text>
          {request.ways.length === 0 && <Text>{t('fourEyes.requests.noEvidence')}</Text>}
          {request.ways.map(({ way, metAt, evidence }) => (
            <Text key={`${way} ${metAt}`}>
              {t(`verification.ways.${way}.label`)}, <LocalTime at={metAt} />
              <EvidenceWords evidence={evidence} />
            </Text>
          ))}
        </div>
        {decline.isError && <ProblemNotice problem={toFailure(decline.error)} />}
        {request.isOwn ? (
          <Text c="dimmed">{t('fourEyes.requests.own')}</Text>
        ) : (
          <Group>
            <Button disabled={request.ways.length === 0} onClick={() => setSigning(true)}>
              {t('fourEyes.requests.approve')}
            </Button>
            <Button variant="default" loading={decline.isPending} onClick={() => decline.mutate()}>
              {t('fourEyes.requests.decline')}
            </Button>
          </Group>
        )}
      </Stack>
      <OperatorPinDialog
        about={['four-eyes', request.id]}
        write={() => writeApprovalStatement(request.id)}
        send={async (signed) => {
          await answerRequest(request.id, signed)
          close()
        }}
        facts={() => (
          <>
            <dt>{t('operatorPin.card')}</dt>
            <dd>
              {request.cardLabel} · {request.printedSerial}
            </dd>
            <dt>{t('operatorPin.holder')}</dt>
            <dd>{request.personName}</dd>
            <dt>{t('fourEyes.requests.asker')}</dt>
            <dd>{request.askedBy}</dd>
          </>
        )}
        isOpen={isSigning}
        onClose={close}
      />
    </Paper>
  )
}
