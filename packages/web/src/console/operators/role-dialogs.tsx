import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { RoleView } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { Dialog } from '../dialog.tsx'
import { addRole, changeRole, deleteRole } from '../operator-api.ts'
import { PermissionChoice } from './choices.tsx'

/** Adds a role, or changes one. */
export function RoleDialog(props: { role: RoleView | 'new' | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const { role } = props
  return (
    <Dialog
      title={t(role === 'new' ? 'operators.roles.addTitle' : 'operators.roles.changeTitle')}
      isOpen={role !== undefined}
      onClose={props.onClose}
    >
      {role !== undefined && <RoleForm role={role === 'new' ? undefined : role} onDone={props.onClose} />}
    </Dialog>
  )
}

function RoleForm(props: { role: RoleView | undefined; onDone: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { role } = props
  const [name, setName] = useState(role?.name ?? '')
  const [permissions, setPermissions] = useState<string[]>(role?.permissions ?? [])
  const save = useMutation({
    mutationFn: () => {
      const wish = { name: name.trim(), permissions }
      return role === undefined ? addRole(wish) : changeRole(role.id, wish)
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['roles'] })
      props.onDone()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!save.isPending) save.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {save.isError && <ProblemNotice problem={toFailure(save.error)} />}
        <TextInput
          label={t('operators.roles.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          required
          withAsterisk={false}
          autoComplete="off"
          data-autofocus
        />
        <PermissionChoice given={permissions} before={role?.permissions ?? []} onChange={setPermissions} />
        <Group justify="end">
          <Button variant="default" onClick={props.onDone}>
            {t('operators.roles.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('operators.roles.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Asks before a role is gone. */
export function DeleteRoleDialog(props: { role: RoleView | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { role } = props
  const remove = useMutation({
    mutationFn: (id: string) => deleteRole(id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['roles'] })
      props.onClose()
    },
  })
  return (
    <Dialog title={t('operators.roles.deleteTitle')} isOpen={role !== undefined} onClose={props.onClose}>
      {role !== undefined && (
        <Stack>
          <Text>{t('operators.roles.deleteLead', { name: role.name })}</Text>
          {remove.isError && <ProblemNotice problem={toFailure(remove.error)} />}
          <Group justify="end">
            <Button variant="default" onClick={props.onClose} data-autofocus>
              {t('operators.roles.cancel')}
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate(role.id)}>
              {t('operators.roles.deleteSubmit')}
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  )
}
