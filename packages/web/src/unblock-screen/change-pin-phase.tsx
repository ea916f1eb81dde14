import { Button, Text, TextInput } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import type { ProblemCode, ScreenState } from '@unlatch/contract'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { onEnter } from '../shared/on-enter.ts'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { post } from './agent-connection.ts'
import { HelpDesk } from './help-desk.tsx'
import { NewPinFields } from './new-pin-fields.tsx'
import { Phase } from './phase.tsx'
import { seal } from './seal.ts'
import classes from './unblock-screen.module.css'

/** Tries below which a person is told before the card is asked. */
const FEW_TRIES = 2

/** Problems after which the PINs are typed again. */
const ASKED_AGAIN: ReadonlySet<string> = new Set<ProblemCode>([
  'pin-wrong',
  'pin-malformed',
  'pin-policy',
  'pin-refused-by-card',
  'last-try',
])

/** A card that works: its holder may set a PIN of his own, knowing the one that it has. */
export function NotBlockedPhase({ state }: { state: ScreenState }) {
  const { t } = useTranslation()
  const [isChanging, setChanging] = useState(ASKED_AGAIN.has(state.problem?.code ?? ''))
  const { changeId } = state
  if (isChanging && changeId !== null) {
    return <ChangePin state={state} changeId={changeId} onLeave={() => setChanging(false)} />
  }
  return (
    <Phase title={t('unblockScreen.notBlocked.title')} Sign={IconCircleCheck} tone="good">
      <Text>{t('unblockScreen.notBlocked.text')}</Text>
      <Text fw={600}>{t('unblockScreen.notBlocked.now')}</Text>
      {state.problem !== null && state.problem.code !== 'card-not-blocked' && (
        <ProblemNotice problem={state.problem.code} tone="orange" />
      )}
      {changeId !== null && (
        <Button size="lg" className={classes.primary as string} onClick={() => setChanging(true)}>
          {t('unblockScreen.change.open')}
        </Button>
      )}
      <HelpDesk phone={state.helpDeskPhone} />
    </Phase>
  )
}

/** Current PIN, new PIN, confirm. No state of the page holds a PIN; the fields are cleared when they are left behind. */
function ChangePin(props: { state: ScreenState; changeId: string; onLeave: () => void }) {
  const { t } = useTranslation()
  const { state, changeId } = props
  const current = useRef<HTMLInputElement>(null)
  const replacement = useRef<HTMLInputElement>(null)
  const [hasCurrent, setCurrent] = useState(false)
  useEffect(() => {
    const field = current.current
    field?.focus()
    const leave = () => {
      if (field !== null) field.value = ''
    }
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [])
  const { pinTriesLeft: tries, problem } = state
  const triesLeft = problem?.code === 'pin-wrong' ? problem.facts.triesLeft : tries
  return (
    <Phase title={t('unblockScreen.change.title')}>
      <Text>{t('unblockScreen.change.text')}</Text>
      {problem !== null && (
        <ProblemNotice problem={problem.code}>
          {typeof triesLeft === 'number' && problem.code === 'pin-wrong' && (
            <Text inherit>{t('unblockScreen.change.triesLeft', { count: triesLeft })}</Text>
          )}
        </ProblemNotice>
      )}
      {problem === null && tries !== null && tries <= FEW_TRIES && (
        <Text fw={600}>{t('unblockScreen.change.triesLeft', { count: tries })}</Text>
      )}
      <section className={classes.step}>
        <TextInput
          ref={current}
          size="lg"
          type="password"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={16}
          label={t('unblockScreen.change.current')}
          description={t('unblockScreen.change.currentHint')}
          inputWrapperOrder={['label', 'input', 'description']}
          classNames={{ input: classes.codeInput as string, wrapper: classes.pinInput as string }}
          onChange={(event) => setCurrent(event.currentTarget.value !== '')}
          onKeyDown={onEnter(() => replacement.current?.focus())}
        />
      </section>
      <NewPinFields
        ref={replacement}
        contextId={changeId}
        sealKey={state.sealKey}
        policy={state.policy}
        isOpen={hasCurrent}
        notOpen={t('unblockScreen.change.currentFirst')}
        needsConsent={tries === 1}
        consentText={t('unblockScreen.change.consentText')}
        told={problem?.code}
        onSubmit={async (sealed, consent) => {
          const octets = new TextEncoder().encode(current.current?.value)
          if (current.current !== null) current.current.value = ''
          setCurrent(false)
          const sealedCurrent = await seal(state.sealKey, changeId, 'current-pin', octets)
          await post('/pin/change', { changeId, current: sealedCurrent, sealed, consent })
        }}
      />
      <Button variant="subtle" size="md" onClick={props.onLeave}>
        {t('unblockScreen.change.leave')}
      </Button>
    </Phase>
  )
}

/** The new PIN is set. */
export function ChangedPhase() {
  const { t } = useTranslation()
  return (
    <Phase title={t('unblockScreen.changed.title')} Sign={IconCircleCheck} tone="good">
      <Text fw={600}>{t('unblockScreen.changed.text')}</Text>
      <Text c="dimmed">{t('unblockScreen.changed.known')}</Text>
    </Phase>
  )
}
