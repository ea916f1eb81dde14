import { Button, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Account } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { changePassword } from '../operator-api.ts'
import { findPasswordField, PasswordFields } from '../password-fields.tsx'
import classes from '../section.module.css'
import { Section } from '../section.tsx'

/** A new password, with the old one. */
export function PasswordSection(props: { account: Account }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [present, setPresent] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const change = useMutation({
    mutationFn: () => changePassword({ password: present, newPassword: password }),
    onSuccess: () => {
      setPassword('')
      setAgain('')
      void queries.invalidateQueries({ queryKey: ['account'] })
    },
    onSettled: () => setPresent(''),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const field = present === '' ? 'present-password' : findPasswordField(password, again, props.account)
    if (field !== undefined) return document.getElementById(field)?.focus()
    if (!change.isPending) change.mutate()
  }
  return (
    <Section title={t('operators.account.passwordTitle')} lead={t('operators.account.passwordLead')}>
      <form onSubmit={submit} className={classes.narrow}>
        <Stack gap="sm">
          {change.isError && <ProblemNotice problem={toFailure(change.error)} />}
          <PasswordInput
            id="present-password"
            label={t('operators.account.present')}
            value={present}
            onChange={(event) => setPresent(event.currentTarget.value)}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t('shared.show') }}
          />
          <PasswordFields
            labels={{ password: t('operators.account.fresh'), again: t('operators.account.again') }}
            operator={props.account}
            password={password}
            again={again}
            onPassword={setPassword}
            onAgain={setAgain}
          />
          <div>
            <Button type="submit" loading={change.isPending}>
              {t('operators.account.changePassword')}
            </Button>
          </div>
          <Text role="status">{change.isSuccess && t('operators.account.passwordChanged')}</Text>
        </Stack>
      </form>
    </Section>
  )
}
