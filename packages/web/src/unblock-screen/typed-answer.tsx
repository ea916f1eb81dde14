import { Button, Checkbox, Text, TextInput } from '@mantine/core'
import { type RefObject, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { post } from './agent-connection.ts'
import { seal } from './seal.ts'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

/** A password, a one-time password or a code: it stands in its field alone, and leaves it sealed. */
export function TypedAnswer(props: {
  ref: RefObject<HTMLInputElement | null>
  way: 'domain' | 'one-time-password' | 'unblock-code'
  /** Whose password it is. */
  hint: string
  attemptId: string
  sealKey: string
}) {
  const { t } = useTranslation()
  const { way, hint } = props
  const field = props.ref
  const [isEmpty, setEmpty] = useState(true)
  const [isShown, setShown] = useState(false)
  const answering = useAction()
  useEffect(() => {
    const input = field.current
    const leave = () => {
      if (input !== null) input.value = ''
    }
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [field])
  const submit = async () => {
    const typed = field.current?.value ?? ''
    // Codes are said in groups; a password is what it is.
    const octets = new TextEncoder().encode(way === 'domain' ? typed : typed.replace(/[\s-]/g, ''))
    if (field.current !== null) field.current.value = ''
    setEmpty(true)
    const sealed = await seal(props.sealKey, props.attemptId, 'authentication', octets)
    await post('/unblock/authenticate', { attemptId: props.attemptId, way, sealed })
  }
  const left = answering.failure?.facts?.triesLeft
  return (
    <form
      className={classes.step}
      onSubmit={(event) => {
        event.preventDefault()
        if (isEmpty || answering.isRunning) field.current?.focus()
        else void answering.run(submit).then(() => field.current?.focus())
      }}
    >
      <TextInput
        ref={field}
        size="lg"
        type={isShown ? 'text' : 'password'}
        inputMode={way === 'one-time-password' ? 'numeric' : 'text'}
        autoComplete="one-time-code"
        maxLength={way === 'domain' ? 256 : 40}
        label={t(`selfService.fields.${way}`, { user: hint })}
        description={t(`selfService.fields.${way}Hint`)}
        onChange={(event) => setEmpty(event.currentTarget.value === '')}
      />
      <Checkbox
        size="md"
        label={t('selfService.fields.show')}
        checked={isShown}
        onChange={(event) => setShown(event.currentTarget.checked)}
      />
      {answering.failure !== undefined && (
        <ProblemNotice problem={answering.failure}>
          {typeof left === 'number' && left > 0 && (
            <Text inherit>{t('selfService.authenticate.triesLeft', { count: left })}</Text>
          )}
        </ProblemNotice>
      )}
      <Button
        type="submit"
        size="lg"
        className={classes.primary as string}
        data-disabled={isEmpty || undefined}
        aria-disabled={isEmpty}
        loading={answering.isRunning}
      >
        {t('selfService.authenticate.submit')}
      </Button>
    </form>
  )
}
