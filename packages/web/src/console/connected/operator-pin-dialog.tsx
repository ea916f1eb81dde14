import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { CeremonyOptions, ConnectedReader, OperatorSignature, StatementToSign } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { Dialog } from '../dialog.tsx'
import { proveByPasskey } from '../passkey.ts'
import classes from '../unblock/unblock-page.module.css'
import { signStatement, writeStatement } from './connected-api.ts'

interface PinProps {
  readonly unblockId: string
  readonly reader: ConnectedReader
  readonly onClose: () => void
  readonly onSigned: () => void
}

/** The Operator PIN: what is confirmed stands in words above the button, and counts once. */
export function OperatorPinDialog(props: PinProps & { isOpen: boolean }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('connected.pin.title')} isOpen={props.isOpen} onClose={props.onClose}>
      {props.isOpen && <Signing {...props} />}
    </Dialog>
  )
}

function Signing(props: PinProps) {
  const { t } = useTranslation()
  const { unblockId, reader } = props
  const written = useQuery({
    queryKey: ['statement', unblockId],
    queryFn: () => writeStatement(unblockId),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const sign = useMutation({
    mutationFn: async (makeSignature: (toSign: StatementToSign) => Promise<OperatorSignature>) => {
      const toSign = written.data
      if (toSign === undefined) return
      await signStatement(unblockId, toSign.statement.nonce, await makeSignature(toSign))
    },
    onSuccess: props.onSigned,
    // A statement that was tried is old: the next try is about a fresh one.
    onError: () => void written.refetch(),
  })
  if (written.isPending) return <SlowWords>{t('connected.pin.writing')}</SlowWords>
  if (written.data === undefined) return <ProblemNotice problem={toFailure(written.error)} />
  const { statement, passkey, allowsPassword } = written.data
  const { card } = reader
  const [way] = statement.verification
  return (
    <Stack>
      <Text>{t('connected.pin.lead')}</Text>
      <dl className={classes.facts}>
        <dt>{t('connected.pin.card')}</dt>
        <dd>
          {card?.label} · {card?.printedSerial}
        </dd>
        <dt>{t('connected.pin.holder')}</dt>
        <dd>{card?.personName}</dd>
        <dt>{t('connected.pin.at')}</dt>
        <dd>
          {reader.agentName} · {statement.reader}
        </dd>
        <dt>{t('connected.pin.verified')}</dt>
        <dd>{t(`console.unblock.verification.ways.${way as 'call-back'}.label`)}</dd>
        <dt>{t('connected.pin.until')}</dt>
        <dd>
          <LocalTime at={statement.notAfter} />
        </dd>
      </dl>
      <Text c="dimmed">{t('connected.pin.recorded')}</Text>
      {sign.isError && <ProblemNotice problem={toFailure(sign.error)} />}
      {passkey !== null && (
        <Button
          data-autofocus
          loading={sign.isPending}
          onClick={() =>
            sign.mutate(async () => ({
              kind: 'passkey',
              answer: { ...(await proveByPasskey(passkey as unknown as CeremonyOptions)) },
            }))
          }
        >
          {t('connected.pin.passkey')}
        </Button>
      )}
      {passkey === null && !allowsPassword && <Text fw={600}>{t('connected.pin.noPasskey')}</Text>}
      {allowsPassword && (
        <PasswordForm
          isBusy={sign.isPending}
          onPassword={(password) => sign.mutate(async () => ({ kind: 'password', password }))}
        />
      )}
      <Group justify="end">
        <Button variant="default" onClick={props.onClose}>
          {t('connected.pin.cancel')}
        </Button>
      </Group>
    </Stack>
  )
}

/** The demo's stand-in for a signature. */
function PasswordForm(props: { isBusy: boolean; onPassword: (password: string) => void }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (props.isBusy) return
    props.onPassword(password)
    setPassword('')
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <PasswordInput
          label={t('connected.pin.password')}
          description={t('connected.pin.passwordHint')}
          value={password}
          maxLength={1000}
          required
          withAsterisk={false}
          autoComplete="current-password"
          data-autofocus
          visibilityToggleButtonProps={{ 'aria-label': t('shared.show') }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" loading={props.isBusy}>
            {t('connected.pin.submitPassword')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
