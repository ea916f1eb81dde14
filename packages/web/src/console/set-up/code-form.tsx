import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { findStrangeSymbol, readTypedCode, SET_UP_CODE_SYMBOLS, type SetUpWelcome } from '@unlatch/contract'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { checkSetUpCode } from '../operator-api.ts'
import classes from '../section.module.css'

/** Step 1: the code. */
export function CodeForm(props: { onWelcome: (code: string, told: SetUpWelcome) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const symbols = readTypedCode(typed)
  const strange = findStrangeSymbol(symbols)
  const check = useMutation({
    mutationFn: () => checkSetUpCode(symbols),
    onSuccess: (told) => props.onWelcome(symbols, told),
    onError: () => field.current?.focus(),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (symbols.length !== SET_UP_CODE_SYMBOLS || strange !== undefined) return field.current?.focus()
    if (!check.isPending) check.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {check.isError && <ProblemNotice problem={toFailure(check.error)} />}
        <TextInput
          ref={field}
          size="md"
          label={t('operators.setUp.code')}
          description={t('operators.setUp.codeHint')}
          classNames={{ input: classes.code as string }}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={strange === undefined ? undefined : t('shared.symbolStrange', { symbol: strange })}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus
        />
        <Text size="sm" c="dimmed" role="status">
          {t('operators.setUp.codeProgress', { typed: symbols.length, wanted: SET_UP_CODE_SYMBOLS })}
        </Text>
        <Button type="submit" loading={check.isPending}>
          {t('operators.setUp.check')}
        </Button>
      </Stack>
    </form>
  )
}
