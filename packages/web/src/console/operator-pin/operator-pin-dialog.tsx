import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type {
  CeremonyOptions,
  OperatorSignature,
  OperatorStatement,
  SignedStatement,
  StatementToSign,
} from '@unlatch/contract'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { Dialog } from '../dialog.tsx'
import { proveByPasskey } from '../passkey.ts'
import classes from '../unblock/unblock-page.module.css'
import { CardSigning } from './card-signing.tsx'
import { askSigning } from './signing-api.ts'

interface PinProps {
  /** What is confirmed: another one is another statement. */
  readonly about: readonly string[]
  readonly write: () => Promise<StatementToSign>
  /** Sends the signature; whatever it throws is shown, and the next try is about a fresh statement. */
  readonly send: (signed: SignedStatement) => Promise<unknown>
  /** What this operation says beside how the holder was verified: rows of a description list. */
  readonly facts: (statement: OperatorStatement) => ReactNode
  readonly onClose: () => void
}

/** The Operator PIN: what is confirmed stands in words above the button, and counts once. */
export function OperatorPinDialog(props: PinProps & { isOpen: boolean }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('operatorPin.title')} isOpen={props.isOpen} onClose={props.onClose}>
      {props.isOpen && <Signing {...props} />}
    </Dialog>
  )
}

function Signing(props: PinProps) {
  const { t } = useTranslation()
  const written = useQuery({
    queryKey: ['statement', ...props.about],
    queryFn: props.write,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const sign = useMutation({
    mutationFn: async (makeSignature: (toSign: StatementToSign) => Promise<OperatorSignature>) => {
      const toSign = written.data
      if (toSign === undefined) return
      await props.send({ nonce: toSign.statement.nonce, signature: await makeSignature(toSign) })
    },
    gcTime: 0,
    onError: (thrown) => writeAgain(thrown),
  })
  // A statement that was tried is old, and the next try is about a fresh one; unless nobody knows whether it was tried.
  const writeAgain = (thrown: unknown) => {
    if (toFailure(thrown).code !== 'server-unreachable') void written.refetch()
  }
  if (written.isPending) return <SlowWords>{t('operatorPin.writing')}</SlowWords>
  if (written.data === undefined) {
    return (
      <Stack>
        <ProblemNotice problem={toFailure(written.error)} />
        <Group justify="end">
          <Button variant="default" data-autofocus onClick={props.onClose}>
            {t('operatorPin.cancel')}
          </Button>
        </Group>
      </Stack>
    )
  }
  const { statement, passkey, hasCard, allowsPassword } = written.data
  return (
    <Stack>
      <Text>{t('operatorPin.lead')}</Text>
      <dl className={classes.facts}>
        {props.facts(statement)}
        <dt>{t('operatorPin.verified')}</dt>
        <dd>{statement.verification.map((way) => t(`verification.ways.${way as 'call-back'}.label`)).join(' · ')}</dd>
        <dt>{t('operatorPin.until')}</dt>
        <dd>
          <LocalTime at={statement.notAfter} />
        </dd>
      </dl>
      <Text c="dimmed">{t('operatorPin.recorded')}</Text>
      {sign.isError && <ProblemNotice problem={toFailure(sign.error)} />}
      {passkey !== null && (
        <PasskeyButton
          isBusy={sign.isPending}
          onPress={() =>
            sign.mutate(async () => ({
              kind: 'passkey',
              answer: { ...(await proveByPasskey(passkey as unknown as CeremonyOptions)) },
            }))
          }
        />
      )}
      {hasCard && 'attemptId' in statement && (
        <CardSigning
          label={t('operatorPin.signWithCard')}
          takesFocus={passkey === null && !allowsPassword}
          isBusy={sign.isPending}
          ask={(place) => askSigning({ ...whatOf(props.about, statement), nonce: statement.nonce, ...place })}
          onFailed={writeAgain}
          onSigned={({ certificate, signature }) => sign.mutate(async () => ({ kind: 'card', certificate, signature }))}
        />
      )}
      {passkey === null && !hasCard && !allowsPassword && <Text fw={600}>{t('operatorPin.noPasskey')}</Text>}
      {allowsPassword && (
        <PasswordForm
          isBusy={sign.isPending}
          takesFocus={passkey === null}
          onPassword={(password) => sign.mutate(async () => ({ kind: 'password', password }))}
        />
      )}
      <Group justify="end">
        <Button variant="default" onClick={props.onClose}>
          {t('operatorPin.cancel')}
        </Button>
      </Group>
    </Stack>
  )
}

function PasskeyButton(props: { isBusy: boolean; onPress: () => void }) {
  const { t } = useTranslation()
  const button = useRef<HTMLButtonElement>(null)
  // The statement comes after the dialog: by then nobody moves the focus but we.
  useEffect(() => button.current?.focus(), [])
  return (
    <Button ref={button} data-autofocus loading={props.isBusy} onClick={props.onPress}>
      {t('operatorPin.passkey')}
    </Button>
  )
}

/** The demo's stand-in for a signature. */
function PasswordForm(props: { isBusy: boolean; takesFocus: boolean; onPassword: (password: string) => void }) {
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (props.takesFocus) field.current?.focus()
  }, [props.takesFocus])
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
          ref={field}
          label={t('operatorPin.password')}
          description={t('operatorPin.passwordHint')}
          value={password}
          maxLength={1000}
          required
          withAsterisk={false}
          autoComplete="current-password"
          data-autofocus={props.takesFocus || undefined}
          visibilityToggleButtonProps={{ 'aria-label': t('shared.show') }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" loading={props.isBusy}>
            {t('operatorPin.submitPassword')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** What is signed: an unblock, or the approval of one, which the page knows by its own id. */
const whatOf = ([kind, id]: readonly string[], statement: OperatorStatement) =>
  statement.operation === 'approve-release' && kind === 'four-eyes' && id !== undefined
    ? { approvalId: id }
    : { unblockId: statement.attemptId }
