import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { Session } from '@unlatch/contract'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { signIn } from '../server-api.ts'

/** User name, password, and the problem if they are refused. */
export function SignInForm(props: { userName?: string; onSignedIn: (session: Session) => void }) {
  const { t } = useTranslation()
  const [userName, setUserName] = useState(props.userName ?? '')
  const [password, setPassword] = useState('')
  const passwordField = useRef<HTMLInputElement>(null)
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: props.onSignedIn,
    onError: () => {
      setPassword('')
      passwordField.current?.focus()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!attempt.isPending) attempt.mutate({ userName: userName.trim(), password })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {attempt.isError && <ProblemNotice problem={toFailure(attempt.error)} />}
        <TextInput
          label={t('console.signIn.userName')}
          value={userName}
          onChange={(event) => setUserName(event.currentTarget.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          data-autofocus={props.userName === undefined || undefined}
          autoFocus={props.userName === undefined}
        />
        <PasswordInput
          ref={passwordField}
          label={t('console.signIn.password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus={props.userName !== undefined || undefined}
          visibilityToggleButtonProps={{ 'aria-label': t('shared.show') }}
        />
        <Button type="submit" loading={attempt.isPending}>
          {t('console.signIn.submit')}
        </Button>
      </Stack>
    </form>
  )
}
