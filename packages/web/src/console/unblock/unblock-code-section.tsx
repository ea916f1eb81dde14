import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type CardSummary, type PersonDetails, UnblockCodes } from '@unlatch/contract'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { CodeDisplay } from '../../shared/code-display.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { callServer } from '../connection.ts'
import type { useVerification } from '../verification/use-verification.ts'
import classes from './unblock-page.module.css'

/** A code, or a sheet of them, with which a verified holder unblocks the card himself; held on this page alone. */
export function UnblockCodeSection(props: {
  card: CardSummary
  person: PersonDetails
  verification: ReturnType<typeof useVerification>
}) {
  const { t } = useTranslation()
  const id = useId()
  const queries = useQueryClient()
  const { card, person, verification } = props
  const give = useMutation({
    mutationFn: (kind: 'spoken' | 'sheet') =>
      callServer({
        method: 'POST',
        path: `/api/cards/${encodeURIComponent(card.id)}/unblock-codes`,
        body: { kind },
        answer: UnblockCodes,
      }),
    gcTime: 0,
    onSettled: () => queries.invalidateQueries({ queryKey: ['verification', card.id] }),
  })
  if (verification.view?.admitsUnblockCodes !== true && give.data === undefined) return null
  const isSheet = give.variables === 'sheet'
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id}>
      <Title order={2} size="h5" mb="xs" id={id}>
        {t('selfService.codes.title')}
      </Title>
      <Stack gap="sm">
        <Text>{t('selfService.codes.lead')}</Text>
        {!verification.isMet && give.data === undefined && <Text c="dimmed">{t('selfService.codes.verifyFirst')}</Text>}
        {give.isError && <ProblemNotice problem={toFailure(give.error)} />}
        {give.isPending && <SlowWords>{t('selfService.codes.giving')}</SlowWords>}
        {give.data !== undefined && (
          <div className={classes.sheet} role="status">
            <Text>
              {isSheet
                ? t('selfService.codes.sheetScript', { name: person.name, serial: card.printedSerial })
                : t('selfService.codes.spokenScript')}
            </Text>
            {give.data.codes.map((code) => (
              <CodeDisplay
                key={code}
                code={code}
                kind="caller-code"
                size={isSheet ? 'small' : 'large'}
                label={t('selfService.codes.label')}
              />
            ))}
          </div>
        )}
        {give.data !== undefined && <Text c="dimmed">{t('selfService.codes.recorded')}</Text>}
        <Group>
          {(['spoken', 'sheet'] as const).map((kind) => (
            <Button
              key={kind}
              variant="default"
              disabled={!verification.isMet}
              loading={give.isPending && give.variables === kind}
              onClick={() => give.mutate(kind)}
            >
              {t(`selfService.codes.${kind}`)}
            </Button>
          ))}
          {give.data !== undefined && isSheet && (
            <Button onClick={() => window.print()}>{t('selfService.codes.print')}</Button>
          )}
        </Group>
      </Stack>
    </Paper>
  )
}
