import { Button, Radio, Text, TextInput, Title } from '@mantine/core'
import { ONE_TIME_KINDS, type OneTimeKind, type ScreenState } from '@unlatch/contract'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { post } from '../agent-connection.ts'
import { QrCode } from '../qr-code.tsx'
import { seal } from '../seal.ts'
import screen from '../unblock-screen.module.css'
import { useAction } from '../use-action.ts'
import classes from './my-smartcard.module.css'

/** Which kind of device, and what it is called. */
export function NewOneTime() {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const [kind, setKind] = useState<OneTimeKind>('totp')
  const [label, setLabel] = useState('')
  const adding = useAction()
  if (!isOpen) {
    return (
      <Button size="md" variant="default" className={classes.act as string} onClick={() => setOpen(true)}>
        {t('mySmartcard.signIn.oneTime.add')}
      </Button>
    )
  }
  const isEmpty = label.trim() === ''
  return (
    <form
      className={screen.step}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isEmpty) void adding.run(() => post('/holder/one-time-password', { kind, label: label.trim() }))
      }}
    >
      <Radio.Group
        size="md"
        label={t('mySmartcard.signIn.oneTime.which')}
        value={kind}
        onChange={(value) => setKind(value as OneTimeKind)}
      >
        {ONE_TIME_KINDS.map((one) => (
          <Radio
            key={one}
            size="md"
            mt="xs"
            value={one}
            label={t(`mySmartcard.signIn.oneTime.kinds.${one}`)}
            description={t(`mySmartcard.signIn.oneTime.whichHints.${one}`)}
          />
        ))}
      </Radio.Group>
      <TextInput
        size="md"
        maxLength={60}
        autoComplete="off"
        data-autofocus
        label={t('mySmartcard.signIn.oneTime.label')}
        description={t('mySmartcard.signIn.oneTime.labelHint')}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      {adding.failure !== undefined && <ProblemNotice problem={adding.failure} />}
      <div className={classes.marks}>
        <Button
          type="submit"
          size="md"
          data-disabled={isEmpty || undefined}
          aria-disabled={isEmpty}
          loading={adding.isRunning}
        >
          {t('mySmartcard.signIn.oneTime.begin')}
        </Button>
        <Button size="md" variant="default" onClick={() => setOpen(false)}>
          {t('mySmartcard.signIn.oneTime.cancel')}
        </Button>
      </div>
    </form>
  )
}

/** The secret, for an app or a device; and the first code that it makes of it, which leaves its field sealed. */
export function ConfirmOneTime(props: {
  setUp: NonNullable<NonNullable<NonNullable<ScreenState['holder']>['session']>['setUp']>
  sealKey: string
}) {
  const { t } = useTranslation()
  const { oneTimePasswordId, uri, secret, label } = props.setUp
  const heading = useRef<HTMLHeadingElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [isEmpty, setEmpty] = useState(true)
  const confirming = useAction()
  const leaving = useAction()
  useEffect(() => heading.current?.focus(), [])
  const submit = async () => {
    const octets = new TextEncoder().encode(field.current?.value.replace(/\s/g, ''))
    if (field.current !== null) field.current.value = ''
    setEmpty(true)
    const sealed = await seal(props.sealKey, oneTimePasswordId, 'authentication', octets)
    await post('/holder/one-time-password/confirmation', { oneTimePasswordId, sealed })
  }
  const failure = confirming.failure ?? leaving.failure
  return (
    <form
      className={screen.step}
      onSubmit={(event) => {
        event.preventDefault()
        if (isEmpty || confirming.isRunning) field.current?.focus()
        else void confirming.run(submit).then(() => field.current?.focus())
      }}
    >
      <Title order={3} size="h4" ref={heading} tabIndex={-1}>
        {t('mySmartcard.signIn.setUp.title', { label })}
      </Title>
      <Text>{t('mySmartcard.signIn.setUp.photograph')}</Text>
      <QrCode text={uri} label={t('mySmartcard.signIn.setUp.square')} />
      <Text>
        {t('mySmartcard.signIn.setUp.key')}: <code className={classes.key}>{groupsOf(secret)}</code>
      </Text>
      <TextInput
        ref={field}
        size="lg"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={12}
        label={t('mySmartcard.signIn.setUp.code')}
        description={t('mySmartcard.signIn.setUp.codeHint')}
        classNames={{ input: screen.codeInput as string, wrapper: screen.pinInput as string }}
        onChange={(event) => setEmpty(event.currentTarget.value === '')}
      />
      {failure !== undefined && <ProblemNotice problem={failure} />}
      <div className={classes.marks}>
        <Button
          type="submit"
          size="md"
          data-disabled={isEmpty || undefined}
          aria-disabled={isEmpty}
          loading={confirming.isRunning}
        >
          {t('mySmartcard.signIn.setUp.submit')}
        </Button>
        <Button
          size="md"
          variant="default"
          loading={leaving.isRunning}
          onClick={() => void leaving.run(() => post('/holder/one-time-password/removal', { oneTimePasswordId }))}
        >
          {t('mySmartcard.signIn.oneTime.cancel')}
        </Button>
      </div>
    </form>
  )
}

/** Four symbols at a time, as somebody types them. */
const groupsOf = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ')
