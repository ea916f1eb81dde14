import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { readTypedCode, type UnblockOutcomeView } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { type Closing, confirmUnblock } from '../server-api.ts'
import { Step } from '../steps/step.tsx'
import classes from './unblock-page.module.css'
import type { Released } from './use-call.ts'

/** Digits of a receipt. */
const RECEIPT_LENGTH = 4

/** Step 5: how it ended, by the receipt that the caller reads back or by the caller's word. */
export function OutcomeStep(props: { released: Released; onClosed: (outcome: UnblockOutcomeView) => void }) {
  const { t } = useTranslation()
  const { released } = props
  const confirm = useMutation({
    mutationFn: (closing: Closing) => confirmUnblock(released.unblockId, closing),
    onSuccess: props.onClosed,
  })
  return (
    <Step number={5} title={t('console.unblock.outcome.title')}>
      <Stack align="start">
        {released.cryptogram.closesBy === 'receipt' ? (
          <ReceiptForm isPending={confirm.isPending} onClosing={confirm.mutate} />
        ) : (
          <>
            <Text className={classes.script as string}>{t('console.unblock.outcome.askWord')}</Text>
            <Group gap="sm">
              {(['unblocked', 'refused', 'unknown'] as const).map((told) => (
                <Button
                  key={told}
                  variant={told === 'unblocked' ? 'filled' : 'default'}
                  disabled={confirm.isPending}
                  onClick={() => confirm.mutate({ told })}
                >
                  {t(`console.unblock.outcome.told.${told}`)}
                </Button>
              ))}
            </Group>
          </>
        )}
        {confirm.isPending && <SlowWords>{t('console.unblock.outcome.confirming')}</SlowWords>}
        {confirm.isError && <ProblemNotice problem={toFailure(confirm.error)} />}
      </Stack>
    </Step>
  )
}

/** Takes a receipt, or that there is none. */
export function ReceiptForm(props: { isPending: boolean; onClosing: (closing: Closing) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [isShort, setShort] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const receipt = readTypedCode(typed)
    const isWhole = receipt.length === RECEIPT_LENGTH && /^\d+$/.test(receipt)
    setShort(!isWhole)
    if (isWhole && !props.isPending) props.onClosing({ receipt })
  }
  return (
    <form onSubmit={submit}>
      <TextInput
        size="lg"
        label={t('console.unblock.outcome.receiptLabel')}
        description={t('console.unblock.outcome.receiptHint')}
        classNames={{ input: classes.codeInput as string, wrapper: classes.short as string }}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setShort(false)
        }}
        error={isShort && t('console.unblock.outcome.receiptShort')}
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
      />
      <Group gap="sm" mt="sm">
        <Button type="submit" loading={props.isPending}>
          {t('console.unblock.outcome.receiptSubmit')}
        </Button>
        <Button variant="default" disabled={props.isPending} onClick={() => props.onClosing({ told: 'unknown' })}>
          {t('console.unblock.outcome.noReceipt')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('console.unblock.outcome.noReceiptHint')}
        </Text>
      </Group>
    </form>
  )
}
