import { Alert, Button, Checkbox, Text, TextInput } from '@mantine/core'
import { IconSignature, IconSignatureOff } from '@tabler/icons-react'
import { findForm, groupCode, type ScreenState } from '@unlatch/contract'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../shared/local-time.tsx'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { SlowWords } from '../shared/slow-words.tsx'
import { post } from './agent-connection.ts'
import { Phase } from './phase.tsx'
import { seal } from './seal.ts'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

type Sign = NonNullable<ScreenState['sign']>

/** An operator signs with a card: what, in words; then its PIN. What stands here is what is signed. */
export function SignPhase({ sign, sealKey }: { sign: Sign; sealKey: string }) {
  const { t } = useTranslation()
  const pin = useRef<HTMLInputElement>(null)
  const [hasConsent, setConsent] = useState(false)
  const action = useAction()
  const decline = useAction()
  useEffect(() => {
    const field = pin.current
    field?.focus()
    return () => {
      if (field !== null) field.value = ''
    }
  }, [])
  const { signId, triesLeft, isWorking, problem } = sign
  const isLast = triesLeft === 1
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const field = pin.current
    if (field === null || field.value === '' || action.isRunning || isWorking || (isLast && !hasConsent)) return
    const octets = new TextEncoder().encode(field.value)
    field.value = ''
    void action
      .run(async () =>
        post('/sign', { signId, pin: await seal(sealKey, signId, 'operator-pin', octets), consent: hasConsent }),
      )
      .finally(() => field.focus())
  }
  return (
    <Phase title={t('unblockScreen.sign.title', { operator: sign.operatorName })} Sign={IconSignature}>
      <Text>{t(`unblockScreen.sign.lead.${sign.statement.operation}`)}</Text>
      <Facts sign={sign} />
      <Text fw={600}>{t('unblockScreen.sign.ifNot')}</Text>
      {problem !== null && (
        <ProblemNotice problem={problem as 'pin-wrong'}>
          {problem === 'pin-wrong' && triesLeft !== null && (
            <Text inherit>{t('unblockScreen.sign.triesLeft', { count: triesLeft })}</Text>
          )}
        </ProblemNotice>
      )}
      {action.failure !== undefined && action.failure.code !== problem && <ProblemNotice problem={action.failure} />}
      {isWorking && <SlowWords>{t('unblockScreen.sign.working')}</SlowWords>}
      <form onSubmit={submit} className={classes.form}>
        <section className={classes.step}>
          <TextInput
            ref={pin}
            size="lg"
            type="password"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={8}
            label={t('unblockScreen.sign.pin')}
            description={t('unblockScreen.sign.pinHint', { reader: sign.reader })}
            inputWrapperOrder={['label', 'input', 'description']}
            classNames={{ input: classes.codeInput as string, wrapper: classes.pinInput as string }}
          />
          {isLast && (
            <Checkbox
              mt="sm"
              label={t('unblockScreen.sign.lastTry')}
              checked={hasConsent}
              onChange={(event) => setConsent(event.currentTarget.checked)}
            />
          )}
        </section>
        <Button type="submit" size="lg" className={classes.primary as string} loading={action.isRunning || isWorking}>
          {t('unblockScreen.sign.submit')}
        </Button>
      </form>
      {decline.failure !== undefined && <ProblemNotice problem={decline.failure} />}
      <Button
        variant="default"
        size="md"
        disabled={isWorking}
        onClick={() => void decline.run(() => post('/sign/decline', { signId }))}
      >
        {t('unblockScreen.sign.decline')}
      </Button>
    </Phase>
  )
}

/** The operator gave it up in the console: the page says so, beside whatever it shows now. */
export function SignCancelled() {
  const { t } = useTranslation()
  return (
    <Alert
      color="blue"
      variant="light"
      mb="lg"
      icon={<IconSignatureOff aria-hidden />}
      withCloseButton
      closeButtonLabel={t('unblockScreen.sign.dismiss')}
      onClose={() => void post('/sign/dismissal').catch(() => {})}
    >
      <Text inherit>{t('unblockScreen.sign.cancelled')}</Text>
    </Alert>
  )
}

function Facts({ sign }: { sign: Sign }) {
  const { t } = useTranslation()
  const { statement } = sign
  const ways = 'verification' in statement ? statement.verification : []
  return (
    <dl className={classes.facts}>
      {'cardUuid' in statement && (
        <>
          <dt>{t('operatorPin.card')}</dt>
          <dd>
            {sign.cardLabel} · {sign.printedSerial}
          </dd>
          <dt>{t('operatorPin.holder')}</dt>
          <dd>{sign.personName}</dd>
        </>
      )}
      {'challenge' in statement && (
        <>
          <dt>{t('operatorPin.challenge')}</dt>
          <dd>{groupCode(statement.challenge, findForm(statement.challenge) ?? 'masked').join(' ')}</dd>
        </>
      )}
      {'reader' in statement && (
        <>
          <dt>{t('operatorPin.at')}</dt>
          <dd>{statement.reader}</dd>
        </>
      )}
      {ways.length > 0 && (
        <>
          <dt>{t('operatorPin.verified')}</dt>
          <dd>{ways.map((way) => t(`verification.ways.${way as 'call-back'}.label`)).join(' · ')}</dd>
        </>
      )}
      <dt>{t('operatorPin.until')}</dt>
      <dd>
        <LocalTime at={statement.notAfter} />
      </dd>
    </dl>
  )
}
