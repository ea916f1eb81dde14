import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Account } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { Dialog } from '../dialog.tsx'
import { addPasskey, beginPasskey, removePasskey } from '../operator-api.ts'
import { makePasskey } from '../passkey.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'

type Passkey = Account['passkeys'][number]

/** One's own passkeys: seen, added, removed. */
export function PasskeysSection(props: { account: Account }) {
  const { t } = useTranslation()
  const { passkeys } = props.account
  const [isAdding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Passkey>()
  return (
    <Section title={t('operators.account.passkeysTitle')} lead={t('operators.account.passkeysLead')}>
      {passkeys.length === 0 ? (
        <Text className={classes.empty as string}>{t('operators.account.noPasskeys')}</Text>
      ) : (
        <ul className={classes.rows}>
          {passkeys.map((passkey) => (
            <li key={passkey.id}>
              <div className={classes.what}>
                <Text fw={600}>
                  <IconKey aria-hidden size={18} style={{ verticalAlign: 'text-bottom' }} /> {passkey.label}
                </Text>
                <Text size="sm" c="dimmed">
                  {t('operators.account.added')} <LocalTime at={passkey.createdAt} /> ·{' '}
                  {t('operators.account.lastUsed')}{' '}
                  {passkey.lastUsedAt === null ? t('operators.account.never') : <LocalTime at={passkey.lastUsedAt} />}
                </Text>
              </div>
              <Button
                variant="default"
                size="xs"
                aria-label={t('operators.account.removePasskeyNamed', { label: passkey.label })}
                onClick={() => setRemoving(passkey)}
              >
                {t('operators.account.removePasskey')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Button
        mt="sm"
        variant="default"
        leftSection={<IconPlus aria-hidden size={18} />}
        onClick={() => setAdding(true)}
      >
        {t('operators.account.addPasskey')}
      </Button>
      <Dialog title={t('operators.account.addPasskey')} isOpen={isAdding} onClose={() => setAdding(false)}>
        <AddForm onDone={() => setAdding(false)} />
      </Dialog>
      <Dialog
        title={t('operators.account.removeTitle')}
        isOpen={removing !== undefined}
        onClose={() => setRemoving(undefined)}
      >
        {removing !== undefined && <RemoveForm passkey={removing} onDone={() => setRemoving(undefined)} />}
      </Dialog>
    </Section>
  )
}

function AddForm(props: { onDone: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [label, setLabel] = useState('')
  const [password, setPassword] = useState('')
  const add = useMutation({
    mutationFn: async () =>
      addPasskey({ label: label.trim(), answer: await makePasskey(await beginPasskey(password)) }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['account'] })
      props.onDone()
    },
    onSettled: () => setPassword(''),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!add.isPending) add.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{t('operators.account.addPasskeyLead')}</Text>
        {add.isError && <ProblemNotice problem={toFailure(add.error)} />}
        <TextInput
          label={t('operators.setUp.label')}
          description={t('operators.setUp.labelHint')}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          maxLength={60}
          required
          withAsterisk={false}
          autoComplete="off"
          data-autofocus
        />
        <PasswordInput
          label={t('operators.account.present')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': t('shared.show') }}
        />
        <Group justify="end">
          <Button variant="default" onClick={props.onDone}>
            {t('operators.invite.cancel')}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {t('operators.account.addPasskey')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function RemoveForm(props: { passkey: Passkey; onDone: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => removePasskey(props.passkey.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['account'] })
      props.onDone()
    },
  })
  return (
    <Stack>
      <Text>{t('operators.account.removeLead', { label: props.passkey.label })}</Text>
      {remove.isError && <ProblemNotice problem={toFailure(remove.error)} />}
      <Group justify="end">
        <Button variant="default" onClick={props.onDone} data-autofocus>
          {t('operators.invite.cancel')}
        </Button>
        <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
          {t('operators.account.removeSubmit')}
        </Button>
      </Group>
    </Stack>
  )
}
