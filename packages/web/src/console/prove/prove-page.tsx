import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { INVITATION_SYMBOLS, PROOF_CODE_DIGITS, ProofDone, ProofWelcome, readTypedCode } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { callServer } from '../connection.ts'
import { makePasskey, proveByPasskey } from '../passkey.ts'
import classes from '../section.module.css'
import { OuterPage } from '../shell/outer-page.tsx'

const beginProof = (code: string) =>
  callServer({ method: 'POST', path: '/api/proof/code', body: { code }, answer: ProofWelcome })
const finishProof = (body: object) => callServer({ method: 'POST', path: '/api/proof', body, answer: ProofDone })
const declineProof = (code: string) => callServer({ method: 'POST', path: '/api/proof/refusal', body: { code } })

/**
 * The cardholder's page, on a device of his own and without an account: he types a number that an operator reads out and uses
 * his passkey, or adds a passkey by an invitation.
 */
export function ProvePage() {
  const { t } = useTranslation()
  const [welcome, setWelcome] = useState<{ code: string; told: ProofWelcome }>()
  const [end, setEnd] = useState<ProofDone | 'declined'>()
  return (
    <OuterPage title={t('prove.title')} width={520}>
      <Stack mt="xs">
        {end !== undefined ? (
          <End end={end} isAlone={welcome?.told.operatorName === ''} />
        ) : welcome === undefined ? (
          <CodeForm onWelcome={(code, told) => setWelcome({ code, told })} />
        ) : (
          <Ceremony {...welcome} onEnd={setEnd} onOtherCode={() => setWelcome(undefined)} />
        )}
      </Stack>
    </OuterPage>
  )
}

function CodeForm(props: { onWelcome: (code: string, told: ProofWelcome) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [isShort, setShort] = useState(false)
  const symbols = readTypedCode(typed)
  const check = useMutation({
    mutationFn: () => beginProof(symbols),
    onSuccess: (told) => props.onWelcome(symbols, told),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const isWhole = symbols.length === PROOF_CODE_DIGITS || symbols.length === INVITATION_SYMBOLS
    setShort(!isWhole)
    if (isWhole && !check.isPending) check.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text c="dimmed">{t('prove.lead')}</Text>
        {check.isError && <ProblemNotice problem={toFailure(check.error)} />}
        <TextInput
          size="md"
          label={t('prove.code')}
          description={t('prove.codeHint')}
          classNames={{ input: classes.code as string }}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setShort(false)
          }}
          error={isShort && t('prove.codeShort', { digits: PROOF_CODE_DIGITS, symbols: INVITATION_SYMBOLS })}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus
        />
        <Button type="submit" loading={check.isPending}>
          {t('prove.next')}
        </Button>
      </Stack>
    </form>
  )
}

function Ceremony(props: {
  code: string
  told: ProofWelcome
  onEnd: (end: ProofDone | 'declined') => void
  onOtherCode: () => void
}) {
  const { t } = useTranslation()
  const { code, told } = props
  const isAdd = told.kind === 'add'
  const [label, setLabel] = useState('')
  const [isSpent, setSpent] = useState(false)
  const go = useMutation({
    mutationFn: async () => {
      // A challenge is answered once: another try asks for another one.
      const { options } = isSpent ? await beginProof(code) : told
      setSpent(true)
      const answer = isAdd ? await makePasskey(options) : await proveByPasskey(options)
      return finishProof({ code, answer, label })
    },
    onSuccess: props.onEnd,
  })
  const decline = useMutation({ mutationFn: () => declineProof(code), onSuccess: () => props.onEnd('declined') })
  const failure = go.error ?? decline.error
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!go.isPending) go.mutate()
      }}
    >
      <Stack>
        <Text>
          {isAdd
            ? told.operatorName === ''
              ? t('prove.add.leadOwn')
              : t('prove.add.lead', { operator: told.operatorName })
            : told.operatorName === ''
              ? t('selfService.prove.lead', { card: told.cardLabel ?? '–' })
              : t('prove.who.lead', { operator: told.operatorName, card: told.cardLabel ?? '–' })}
        </Text>
        {!isAdd && <Text fw={600}>{t(told.operatorName === '' ? 'selfService.prove.ask' : 'prove.who.ask')}</Text>}
        {isAdd && (
          <TextInput
            label={t('prove.add.label')}
            description={t('prove.add.labelHint')}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            maxLength={60}
            autoComplete="off"
          />
        )}
        {failure !== null && <ProblemNotice problem={toFailure(failure)} />}
        <Group>
          <Button type="submit" loading={go.isPending}>
            {t(isAdd ? 'prove.add.submit' : 'prove.who.submit')}
          </Button>
          {isAdd ? (
            <Button variant="default" onClick={props.onOtherCode}>
              {t('prove.otherCode')}
            </Button>
          ) : (
            <Button variant="default" loading={decline.isPending} onClick={() => decline.mutate()}>
              {t('prove.who.decline')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}

function End({ end, isAlone }: { end: ProofDone | 'declined'; isAlone: boolean }) {
  const { t } = useTranslation()
  if (end === 'declined') {
    const declined = isAlone ? 'selfService.prove.declined' : 'prove.declined'
    return (
      <Alert
        color="blue"
        variant="light"
        icon={<IconInfoCircle aria-hidden />}
        title={t(`${declined}.title`)}
        role="status"
      >
        {t(`${declined}.text`)}
      </Alert>
    )
  }
  // An invitation of one's own adds a passkey as any other does.
  const words = isAlone && end.kind === 'prove' ? 'selfService.prove.done' : (`prove.done.${end.kind}` as const)
  return (
    <Alert
      color="green"
      variant="light"
      icon={<IconCircleCheck aria-hidden />}
      title={t(`${words}.title`)}
      role="status"
    >
      {t(`${words}.text`)} {end.usableFrom !== null && <LocalTime at={end.usableFrom} />}
    </Alert>
  )
}
