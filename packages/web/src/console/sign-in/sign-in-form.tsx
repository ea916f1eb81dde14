import { Button, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { Session } from '@unlatch/contract'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { askForPasskey, checkPassword, signInWithPasskey } from '../operator-api.ts'
import { proveByPasskey } from '../passkey.ts'
import { signIn } from '../server-api.ts'
import { useServerStatus } from '../server-status.ts'

/**
 * A passkey; or user name and password, followed by one. In the demo, whose operator has none, the password comes first and
 * is enough.
 */
export function SignInForm(props: { userName?: string; onSignedIn: (session: Session) => void }) {
  const { t } = useTranslation()
  const { data: status } = useServerStatus()
  const [userName, setUserName] = useState(props.userName ?? '')
  const [password, setPassword] = useState('')
  const passwordField = useRef<HTMLInputElement>(null)
  const byPasskey = useMutation({
    mutationFn: async () => signInWithPasskey(await proveByPasskey(await askForPasskey())),
    onSuccess: props.onSignedIn,
  })
  const byPassword = useMutation({
    mutationFn: async (typed: { userName: string; password: string }) =>
      status?.isDemo ? signIn(typed) : signInWithPasskey(await proveByPasskey(await checkPassword(typed))),
    onSuccess: props.onSignedIn,
    onError: () => {
      setPassword('')
      passwordField.current?.focus()
    },
  })
  const isPending = byPasskey.isPending || byPassword.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isPending) return
    byPasskey.reset()
    byPassword.mutate({ userName: userName.trim(), password })
  }
  if (status === undefined) return null
  const { isDemo } = status
  const failed = [byPasskey, byPassword].find((attempt) => attempt.isError)
  const passkey = (
    <div>
      <Button
        fullWidth
        variant={isDemo ? 'default' : 'filled'}
        leftSection={<IconKey aria-hidden size={18} />}
        loading={byPasskey.isPending}
        disabled={byPassword.isPending}
        data-autofocus={!isDemo || undefined}
        autoFocus={!isDemo}
        onClick={() => {
          byPassword.reset()
          byPasskey.mutate()
        }}
      >
        {t('operators.signIn.passkey')}
      </Button>
      <Text size="sm" c="dimmed" mt={4}>
        {t('operators.signIn.passkeyHint')}
      </Text>
    </div>
  )
  const fields = (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t('console.signIn.userName')}
          value={userName}
          onChange={(event) => setUserName(event.currentTarget.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          data-autofocus={(isDemo && props.userName === undefined) || undefined}
          autoFocus={isDemo && props.userName === undefined}
        />
        <PasswordInput
          ref={passwordField}
          label={t('console.signIn.password')}
          description={isDemo ? undefined : t('operators.signIn.thenPasskey')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus={(isDemo && props.userName !== undefined) || undefined}
          visibilityToggleButtonProps={{ 'aria-label': t('shared.show') }}
        />
        <Button
          type="submit"
          variant={isDemo ? 'filled' : 'default'}
          loading={byPassword.isPending}
          disabled={byPasskey.isPending}
        >
          {isDemo ? t('console.signIn.submit') : t('operators.signIn.submitPassword')}
        </Button>
      </Stack>
    </form>
  )
  return (
    <Stack>
      {failed !== undefined && <ProblemNotice problem={toFailure(failed.error)} />}
      {isDemo ? fields : passkey}
      <Divider label={t(isDemo ? 'operators.signIn.orPasskey' : 'operators.signIn.orPassword')} />
      {isDemo ? passkey : fields}
      <Text size="sm" role="status">
        {isPending && !isDemo && t('operators.signIn.waiting')}
      </Text>
    </Stack>
  )
}
