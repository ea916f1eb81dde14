import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { RoleView } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { Dialog } from '../dialog.tsx'
import { inviteOperator } from '../operator-api.ts'
import { RoleChoice } from './choices.tsx'
import { CodePanel } from './code-panel.tsx'

/** Adds an operator, then shows the set-up code. */
export function InviteDialog(props: { roles: readonly RoleView[]; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [userName, setUserName] = useState('')
  const [roles, setRoles] = useState<string[]>([])
  const invite = useMutation({
    mutationFn: () => inviteOperator({ name, userName, roles }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['operators'] }),
  })
  const close = () => {
    setName('')
    setUserName('')
    setRoles([])
    invite.reset()
    props.onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!invite.isPending) invite.mutate()
  }
  const issued = invite.data
  return (
    <Dialog
      title={issued ? t('operators.code.title', { name }) : t('operators.invite.title')}
      isOpen={props.isOpen}
      onClose={close}
      isClosedByEscape={issued === undefined}
    >
      {issued !== undefined ? (
        <CodePanel issued={issued} name={name} onClose={close} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <Text>{t('operators.invite.lead')}</Text>
            {invite.isError && <ProblemNotice problem={toFailure(invite.error)} />}
            <TextInput
              label={t('operators.invite.name')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={200}
              required
              withAsterisk={false}
              autoComplete="off"
              data-autofocus
            />
            <TextInput
              label={t('operators.invite.userName')}
              description={t('operators.invite.userNameHint')}
              value={userName}
              onChange={(event) => setUserName(event.currentTarget.value)}
              maxLength={100}
              pattern="\S+"
              required
              withAsterisk={false}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
            <RoleChoice roles={props.roles} given={roles} onChange={setRoles} />
            <Group justify="end">
              <Button variant="default" onClick={close}>
                {t('operators.invite.cancel')}
              </Button>
              <Button type="submit" loading={invite.isPending}>
                {t('operators.invite.submit')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  )
}
