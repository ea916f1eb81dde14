import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { IconId, IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Account } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { Dialog } from '../dialog.tsx'
import { CardSigning } from '../operator-pin/card-signing.tsx'
import { addOperatorCard, beginOperatorCard, removeOperatorCard } from '../operator-pin/signing-api.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'

type OperatorCard = Account['operatorCards'][number]

/** One's own operator cards: seen, added, removed. */
export function OperatorCardsSection(props: { account: Account }) {
  const { t } = useTranslation()
  const { operatorCards } = props.account
  const [isAdding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<OperatorCard>()
  return (
    <Section title={t('operatorPin.account.title')} lead={t('operatorPin.account.lead')}>
      {operatorCards.length === 0 ? (
        <Text className={classes.empty as string}>{t('operatorPin.account.none')}</Text>
      ) : (
        <ul className={classes.rows}>
          {operatorCards.map((card) => (
            <li key={card.id}>
              <div className={classes.what}>
                <Text fw={600}>
                  <IconId aria-hidden size={18} style={{ verticalAlign: 'text-bottom' }} /> {card.label}
                </Text>
                <Text size="sm" c="dimmed">
                  {t('operators.account.added')} <LocalTime at={card.createdAt} /> · {t('operators.account.lastUsed')}{' '}
                  {card.lastUsedAt === null ? t('operators.account.never') : <LocalTime at={card.lastUsedAt} />} ·{' '}
                  {t('operatorPin.account.validUntil')} <LocalTime at={card.validUntil} />
                </Text>
              </div>
              <Button
                variant="default"
                size="xs"
                aria-label={t('operatorPin.account.removeNamed', { label: card.label })}
                onClick={() => setRemoving(card)}
              >
                {t('operatorPin.account.remove')}
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
        {t('operatorPin.account.add')}
      </Button>
      <Dialog title={t('operatorPin.account.add')} isOpen={isAdding} onClose={() => setAdding(false)}>
        {isAdding && <AddForm onDone={() => setAdding(false)} />}
      </Dialog>
      <Dialog
        title={t('operatorPin.account.removeTitle')}
        isOpen={removing !== undefined}
        onClose={() => setRemoving(undefined)}
      >
        {removing !== undefined && <RemoveForm card={removing} onDone={() => setRemoving(undefined)} />}
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
    mutationFn: (signingId: string) => addOperatorCard({ signingId, label: label.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['account'] })
      props.onDone()
    },
  })
  const isComplete = label.trim() !== '' && password !== ''
  return (
    <Stack>
      <Text>{t('operatorPin.account.addLead')}</Text>
      {add.isError && <ProblemNotice problem={toFailure(add.error)} />}
      <TextInput
        label={t('operators.setUp.label')}
        description={t('operatorPin.account.labelHint')}
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
      <CardSigning
        label={t('operatorPin.account.submit')}
        isBusy={!isComplete || add.isPending}
        ask={(place) => beginOperatorCard({ password, ...place })}
        onSigned={({ signingId }) => add.mutate(signingId)}
      />
      <Group justify="end">
        <Button variant="default" onClick={props.onDone}>
          {t('operators.invite.cancel')}
        </Button>
      </Group>
    </Stack>
  )
}

function RemoveForm(props: { card: OperatorCard; onDone: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => removeOperatorCard(props.card.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['account'] })
      props.onDone()
    },
  })
  return (
    <Stack>
      <Text>{t('operatorPin.account.removeLead', { label: props.card.label })}</Text>
      {remove.isError && <ProblemNotice problem={toFailure(remove.error)} />}
      <Group justify="end">
        <Button variant="default" onClick={props.onDone} data-autofocus>
          {t('operators.invite.cancel')}
        </Button>
        <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
          {t('operatorPin.account.removeSubmit')}
        </Button>
      </Group>
    </Stack>
  )
}
