import { ActionIcon, Button, Text, TextInput } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { readTypedCode, type ScreenState } from '@unlatch/contract'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { onEnter } from '../shared/on-enter.ts'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { post } from './agent-connection.ts'
import { NewPinFields } from './new-pin-fields.tsx'
import { Phase } from './phase.tsx'
import { seal } from './seal.ts'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

const PUC_LENGTH = 8
/** Tries below which a person is told before the card is asked. */
const FEW_TRIES = 2

/**
 * The PUC, the new PIN, and confirm. No state of the page holds any of them; the PUC stays in its field while another PIN is
 * asked for, and is cleared when the phase is left behind.
 */
export function PucPhase(props: { state: ScreenState; attemptId: string; puc: NonNullable<ScreenState['puc']> }) {
  const { t } = useTranslation()
  const { state, attemptId } = props
  const { triesLeft } = props.puc
  const field = useRef<HTMLInputElement>(null)
  const newPin = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState({ count: 0, strange: undefined as string | undefined })
  const leaving = useAction()
  // After the heading, which takes the focus first.
  useEffect(() => field.current?.focus(), [])
  const { problem } = state
  const isWhole = typed.count === PUC_LENGTH && typed.strange === undefined
  return (
    <Phase title={t('unblockScreen.puc.title')} isHidden={state.phase === 'working'}>
      <Text>{t('unblockScreen.puc.text')}</Text>
      <Text>{t('unblockScreen.call.keepCard')}</Text>
      {problem !== null && problem.code !== 'last-try' && <ProblemNotice problem={problem.code} />}
      {triesLeft !== null && triesLeft <= FEW_TRIES && (
        <Text fw={600}>{t('unblockScreen.puc.triesLeft', { count: triesLeft })}</Text>
      )}
      <PucField ref={field} typed={typed} onType={setTyped} onEnter={() => isWhole && newPin.current?.focus()} />
      <NewPinFields
        ref={newPin}
        contextId={attemptId}
        sealKey={state.sealKey}
        policy={state.policy}
        isOpen={isWhole}
        notOpen={t('unblockScreen.puc.first')}
        needsConsent={state.needsConsent}
        told={problem?.code}
        onSubmit={async (sealed, consent) => {
          const octets = new TextEncoder().encode(readTypedCode(field.current?.value ?? ''))
          const puc = await seal(state.sealKey, attemptId, 'puc', octets)
          await post('/unblock/puc', { attemptId, puc, sealed, consent })
        }}
      />
      {leaving.failure !== undefined && <ProblemNotice problem={leaving.failure} />}
      <Button
        variant="subtle"
        size="md"
        loading={leaving.isRunning}
        onClick={() => void leaving.run(() => post('/unblock/again'))}
      >
        {t('unblockScreen.puc.leave')}
      </Button>
    </Phase>
  )
}

/** What is known of a typed PUC without keeping it: how many digits, and what stands in no PUC. */
interface TypedPuc {
  readonly count: number
  readonly strange: string | undefined
}

function PucField(props: {
  ref: RefObject<HTMLInputElement | null>
  typed: TypedPuc
  onType: (typed: TypedPuc) => void
  onEnter: () => void
}) {
  const { t } = useTranslation()
  const [isShown, setShown] = useState(false)
  const { typed } = props
  useEffect(() => {
    const field = props.ref.current
    const leave = () => {
      if (field !== null) field.value = ''
    }
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [props.ref])
  const isWrong = typed.strange !== undefined || typed.count > PUC_LENGTH
  const verdict =
    typed.strange !== undefined
      ? t('unblockScreen.puc.strange', { symbol: typed.strange })
      : t(typed.count > PUC_LENGTH ? 'unblockScreen.puc.tooLong' : 'unblockScreen.puc.progress', { typed: typed.count })
  return (
    <section className={classes.step}>
      <TextInput
        ref={props.ref}
        size="lg"
        type={isShown ? 'text' : 'password'}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={24}
        label={t('unblockScreen.puc.puc')}
        description={t('unblockScreen.puc.hint')}
        classNames={{ input: classes.codeInput as string, wrapper: classes.pinInput as string }}
        error={isWrong}
        aria-describedby="puc-verdict"
        onChange={(event) => {
          const symbols = readTypedCode(event.currentTarget.value)
          props.onType({ count: symbols.length, strange: [...symbols].find((symbol) => !/[0-9]/.test(symbol)) })
        }}
        onKeyDown={onEnter(props.onEnter)}
        rightSectionWidth={56}
        rightSection={
          <ActionIcon
            variant="subtle"
            size={44}
            aria-label={t(isShown ? 'unblockScreen.puc.hide' : 'unblockScreen.puc.show')}
            aria-pressed={isShown}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? <IconEyeOff aria-hidden size={22} /> : <IconEye aria-hidden size={22} />}
          </ActionIcon>
        }
      />
      <Text
        id="puc-verdict"
        role="status"
        {...(isWrong ? { c: 'var(--mantine-color-error)', fw: 600 } : { c: 'dimmed' })}
      >
        {verdict}
      </Text>
    </section>
  )
}
