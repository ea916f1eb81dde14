import { Button, Checkbox, Text, TextInput } from '@mantine/core'
import type { ScreenState } from '@unlatch/contract'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { post } from '../agent-connection.ts'
import { Phase } from '../phase.tsx'
import { seal } from '../seal.ts'
import screen from '../unblock-screen.module.css'
import { useAction } from '../use-action.ts'

/** Tries below which a person is told before the card is asked. */
const FEW_TRIES = 2

/** The PIN of the card, once: it stands in its field alone, and leaves it sealed. */
export function OpenHolder(props: { title: string; state: ScreenState; holder: NonNullable<ScreenState['holder']> }) {
  const { t } = useTranslation()
  const { state, holder } = props
  const { changeId, pinTriesLeft: tries } = state
  const field = useRef<HTMLInputElement>(null)
  const [isEmpty, setEmpty] = useState(true)
  const [hasConsent, setConsent] = useState(false)
  const opening = useAction()
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
  }, [])
  const isLast = tries === 1
  const isReady = !isEmpty && (!isLast || hasConsent) && !holder.isWorking
  const submit = async (id: string) => {
    const octets = new TextEncoder().encode(field.current?.value)
    if (field.current !== null) field.current.value = ''
    setEmpty(true)
    const sealed = await seal(state.sealKey, id, 'holder-pin', octets)
    await post('/holder/open', { changeId: id, sealed, consent: hasConsent })
  }
  const problem = holder.problem?.code
  return (
    <Phase title={props.title}>
      <Text>{t('mySmartcard.open.text')}</Text>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {changeId === null ? (
        <Text fw={600}>{t('mySmartcard.open.again')}</Text>
      ) : (
        <form
          className={screen.step}
          onSubmit={(event) => {
            event.preventDefault()
            if (isReady) void opening.run(() => submit(changeId)).then(() => field.current?.focus())
            else field.current?.focus()
          }}
        >
          <TextInput
            ref={field}
            size="lg"
            type="password"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={16}
            label={t('mySmartcard.open.pin')}
            classNames={{ input: screen.codeInput as string, wrapper: screen.pinInput as string }}
            onChange={(event) => setEmpty(event.currentTarget.value === '')}
          />
          {tries !== null && (tries <= FEW_TRIES || problem === 'pin-wrong') && (
            <Text fw={600}>{t('mySmartcard.open.triesLeft', { count: tries })}</Text>
          )}
          {isLast && (
            <>
              <Text>{t('mySmartcard.open.lastTry')}</Text>
              <Checkbox
                size="md"
                label={t('mySmartcard.open.consent')}
                checked={hasConsent}
                onChange={(event) => setConsent(event.currentTarget.checked)}
              />
            </>
          )}
          {holder.isWorking && <SlowWords>{t('mySmartcard.open.working')}</SlowWords>}
          <Button
            type="submit"
            size="lg"
            className={screen.primary as string}
            data-disabled={!isReady || undefined}
            aria-disabled={!isReady}
            loading={holder.isWorking}
          >
            {t('mySmartcard.open.submit')}
          </Button>
        </form>
      )}
    </Phase>
  )
}
