import { Button, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { SetUpWelcome } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { beginSetUp, finishSetUp } from '../operator-api.ts'
import { makePasskey } from '../passkey.ts'
import { findPasswordField, PasswordFields } from '../password-fields.tsx'

/** Step 2: who (the first administrator alone says it), a password, and a passkey. */
export function SelfForm(props: {
  code: string
  welcome: SetUpWelcome
  onDone: () => void
  onCodeRefused: () => void
}) {
  const { t } = useTranslation()
  const { code, welcome } = props
  const [name, setName] = useState('')
  const [userName, setUserName] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [label, setLabel] = useState<string>(t('operators.setUp.labelDefault'))
  const [missing, setMissing] = useState<'name' | 'password' | 'again'>()
  const self = welcome.operator === null ? { name: name.trim(), userName: userName.trim() } : undefined
  const operator = welcome.operator ?? { name, userName }

  const finish = useMutation({
    async mutationFn(withPasskey: boolean) {
      const answer = withPasskey ? await makePasskey(await beginSetUp(code, self)) : undefined
      const passkey = answer && { label: label.trim() || t('operators.setUp.labelDefault'), answer }
      return finishSetUp({ code, self, password, passkey })
    },
    onSuccess: props.onDone,
  })
  const submit = (withPasskey: boolean) => {
    if (finish.isPending) return
    const isNameless = self !== undefined && (self.name === '' || self.userName === '' || /\s/.test(self.userName))
    const field = isNameless ? 'self-name' : findPasswordField(password, again, operator)
    setMissing(field === 'self-name' ? 'name' : field && (field === 'new-password' ? 'password' : 'again'))
    if (field !== undefined) return document.getElementById(field)?.focus()
    finish.mutate(withPasskey)
  }
  const failure = finish.isError ? toFailure(finish.error) : undefined
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        submit(true)
      }}
    >
      <Stack>
        <Text>
          {welcome.operator === null ? t('operators.setUp.first') : t('operators.setUp.forWhom', welcome.operator)}
        </Text>
        {welcome.operator === null && (
          <>
            <TextInput
              id="self-name"
              label={t('operators.setUp.name')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              autoComplete="name"
              maxLength={200}
              autoFocus
            />
            <TextInput
              label={t('operators.setUp.userName')}
              description={t('operators.setUp.userNameHint')}
              value={userName}
              onChange={(event) => setUserName(event.currentTarget.value)}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={100}
            />
          </>
        )}
        <div>
          <Title order={2} size="h4">
            {t('operators.setUp.passwordTitle')}
          </Title>
          <Text c="dimmed" mb="xs">
            {t('operators.setUp.passwordLead')}
          </Text>
          <PasswordFields
            labels={{ password: t('operators.setUp.password'), again: t('operators.setUp.again') }}
            operator={operator}
            password={password}
            again={again}
            onPassword={setPassword}
            onAgain={setAgain}
          />
        </div>
        <div>
          <Title order={2} size="h4">
            {t('operators.setUp.passkeyTitle')}
          </Title>
          <Text c="dimmed" mb="xs">
            {t('operators.setUp.passkeyLead')}
          </Text>
          <TextInput
            label={t('operators.setUp.label')}
            description={t('operators.setUp.labelHint')}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            maxLength={60}
            autoComplete="off"
          />
        </div>
        {failure !== undefined && (
          <ProblemNotice problem={failure}>
            {failure.code === 'set-up-code-refused' && (
              <Button variant="default" size="xs" mt="xs" onClick={props.onCodeRefused}>
                {t('operators.setUp.code')}
              </Button>
            )}
          </ProblemNotice>
        )}
        <Text size="sm" c="var(--mantine-color-error)" role="status">
          {missing !== undefined && t(`operators.setUp.missing.${missing}`)}
        </Text>
        <Button type="submit" leftSection={<IconKey aria-hidden size={18} />} loading={finish.isPending}>
          {t('operators.setUp.submit')}
        </Button>
        {!welcome.needsPasskey && (
          <Button variant="default" disabled={finish.isPending} onClick={() => submit(false)}>
            {t('operators.setUp.skip')}
          </Button>
        )}
      </Stack>
    </form>
  )
}
