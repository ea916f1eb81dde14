import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { CardSummary, UnblockOutcomeView } from '@unlatch/contract'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { type Closing, closeOpenOutcome } from '../server-api.ts'
import { ReceiptForm } from './outcome-step.tsx'

/** The last cryptogram of a card, whoever gave it, while nobody knows what became of it: any operator enters what the caller says. */
export function OpenOutcome(props: { card: CardSummary; onClosed: () => void }) {
  const { t } = useTranslation()
  const id = useId()
  const { card } = props
  const [closed, setClosed] = useState<UnblockOutcomeView>()
  const close = useMutation({
    mutationFn: (closing: Closing) => closeOpenOutcome(card.id, closing),
    onSuccess: (outcome) => {
      setClosed(outcome)
      props.onClosed()
    },
  })
  if (card.openOutcome === null && closed === undefined) return null
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id}>
      <Title order={2} size="h5" id={id} mb="xs">
        {t('console.unblock.openOutcome.title')}
      </Title>
      <div role="status">
        {closed !== undefined && <Text fw={600}>{t(`console.unblock.openOutcome.closed.${closed.outcome}`)}</Text>}
      </div>
      {card.openOutcome !== null && (
        <Stack gap="sm" align="start">
          <Text size="sm">
            {t('console.unblock.openOutcome.lead', { operator: card.openOutcome.operatorName })}{' '}
            <LocalTime at={card.openOutcome.at} />.
          </Text>
          {card.openOutcome.closesBy === 'receipt' ? (
            <ReceiptForm isPending={close.isPending} onClosing={close.mutate} />
          ) : (
            <>
              <Text>{t('console.unblock.openOutcome.askWord')}</Text>
              <Group gap="sm">
                {(['unblocked', 'refused', 'unknown'] as const).map((told) => (
                  <Button
                    key={told}
                    variant="default"
                    disabled={close.isPending}
                    onClick={() => close.mutate({ told })}
                  >
                    {t(`console.unblock.outcome.told.${told}`)}
                  </Button>
                ))}
              </Group>
            </>
          )}
          {close.isPending && <SlowWords>{t('console.unblock.outcome.confirming')}</SlowWords>}
          {close.isError && <ProblemNotice problem={toFailure(close.error)} />}
        </Stack>
      )}
    </Paper>
  )
}
