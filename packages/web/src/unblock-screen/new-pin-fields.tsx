import { Alert, Button, Checkbox, Text, TextInput, Title } from '@mantine/core'
import { IconAlertTriangle, IconArrowRight, IconEye, IconEyeOff } from '@tabler/icons-react'
import { findBrokenRules, isPersonal, type PinPolicy, type PinRule, rulesOf, type Sealed } from '@unlatch/contract'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { onEnter } from '../shared/on-enter.ts'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { PinRules } from './pin-rules.tsx'
import { seal } from './seal.ts'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

/**
 * New PIN, confirm, and the right arrow. The PIN stands in the two fields alone: no state of the page holds it, and it is cleared
 * when the fields are left behind.
 */
export function NewPinFields(props: {
  ref: RefObject<HTMLInputElement | null>
  /** What the PIN is sealed for: an attempt, or the change of a card's PIN. */
  contextId: string
  sealKey: string
  policy: PinPolicy
  title?: string
  /** What the button says; absent: *Set the new PIN*. */
  submitText?: string
  isOpen: boolean
  /** Said while the fields are closed: what comes first. */
  notOpen: string
  needsConsent: boolean
  consentText?: string
  /** Hands over the sealed PIN. */
  onSubmit: (sealed: Sealed, hasConsent: boolean) => Promise<unknown>
  /** The problem that the screen shows already. */
  told: string | undefined
}) {
  const { t } = useTranslation()
  const { policy, isOpen, needsConsent } = props
  const first = props.ref
  const second = useRef<HTMLInputElement>(null)
  const allRules = [...rulesOf(policy), 'same' as const]
  const [broken, setBroken] = useState<readonly (PinRule | 'same')[]>(allRules)
  const judged = useRef(0)
  const [isEmpty, setEmpty] = useState(true)
  const [isShown, setShown] = useState(false)
  const [hasConsent, setConsent] = useState(false)
  const [wasPressed, setPressed] = useState(false)
  const setting = useAction()

  const judge = async () => {
    const number = ++judged.current
    const pin = new TextEncoder().encode(first.current?.value)
    setEmpty(pin.length === 0)
    const isSame = pin.length > 0 && first.current?.value === second.current?.value
    const found = pin.length === 0 ? allRules : [...findBrokenRules(policy, pin), ...(isSame ? [] : ['same' as const])]
    const isAbout = pin.length > 0 && (await isPersonal(policy, pin, hmacSha256))
    pin.fill(0)
    // What was typed since is judged by itself.
    if (number === judged.current) setBroken(isAbout ? [...found, 'personal'] : found)
  }
  const clear = () => {
    for (const field of [first.current, second.current]) if (field !== null) field.value = ''
    setEmpty(true)
    setShown(false)
    judged.current++
    setBroken(allRules)
  }
  useEffect(() => {
    const fields = [first.current, second.current]
    const leave = () => {
      for (const field of fields) if (field !== null) field.value = ''
    }
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [first])

  const isReady = isOpen && broken.length === 0 && (!needsConsent || hasConsent)
  const submit = () => {
    setPressed(true)
    if (setting.isRunning || !isOpen) return
    if (!isReady) {
      ;(broken.some((rule) => rule !== 'same') ? first : broken.length > 0 ? second : first).current?.focus()
      return
    }
    void setting.run(async () => {
      const octets = new TextEncoder().encode(first.current?.value)
      const sealed = await seal(props.sealKey, props.contextId, 'new-pin', octets)
      clear()
      setPressed(false)
      await props.onSubmit(sealed, hasConsent)
    })
  }
  const field = {
    size: 'lg',
    type: isShown ? 'text' : 'password',
    inputMode: 'numeric',
    autoComplete: 'one-time-code',
    maxLength: policy.maxLength,
    disabled: !isOpen,
    onChange: () => void judge(),
    classNames: { input: classes.codeInput as string, wrapper: classes.pinInput as string },
  } as const

  return (
    <section className={classes.step} data-later={!isOpen || undefined}>
      {props.title !== undefined && (
        <Title order={2} size="h4">
          {props.title}
        </Title>
      )}
      {!isOpen && <Text c="dimmed">{props.notOpen}</Text>}
      <TextInput
        {...field}
        ref={first}
        label={t('unblockScreen.call.newPin')}
        onKeyDown={onEnter(() => second.current?.focus())}
        aria-describedby="pin-rules"
      />
      <TextInput
        {...field}
        ref={second}
        label={t('unblockScreen.call.confirm')}
        onKeyDown={onEnter(submit)}
        aria-describedby="pin-rules"
      />
      {isOpen && (
        <>
          <Button
            variant="default"
            size="md"
            className={classes.primary as string}
            leftSection={isShown ? <IconEyeOff aria-hidden size={20} /> : <IconEye aria-hidden size={20} />}
            aria-pressed={isShown}
            onClick={() => setShown(!isShown)}
          >
            {t(isShown ? 'unblockScreen.call.hidePin' : 'unblockScreen.call.showPin')}
          </Button>
          <PinRules policy={policy} broken={broken} isMarked={wasPressed && !isEmpty} />
          {needsConsent && (
            <Alert
              color="red"
              variant="light"
              icon={<IconAlertTriangle aria-hidden />}
              title={t('unblockScreen.call.consentTitle')}
            >
              <Text inherit mb="sm">
                {props.consentText ?? t('unblockScreen.call.consentText')}
              </Text>
              <Checkbox
                size="md"
                label={t('unblockScreen.call.consent')}
                checked={hasConsent}
                onChange={(event) => setConsent(event.currentTarget.checked)}
              />
            </Alert>
          )}
        </>
      )}
      {setting.failure !== undefined && setting.failure.code !== props.told && (
        <ProblemNotice problem={setting.failure} />
      )}
      <Button
        size="lg"
        className={classes.primary as string}
        rightSection={<IconArrowRight aria-hidden />}
        disabled={!isOpen}
        data-disabled={!isReady || undefined}
        aria-disabled={!isReady}
        loading={setting.isRunning}
        onClick={submit}
      >
        {props.submitText ?? t('unblockScreen.call.submit')}
      </Button>
    </section>
  )
}

async function hmacSha256(key: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await crypto.subtle.importKey('raw', Uint8Array.from(key), algorithm, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, Uint8Array.from(message)))
}
