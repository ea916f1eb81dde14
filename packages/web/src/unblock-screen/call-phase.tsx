import { Button, Group, Text, Title } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { ScreenState } from '@unlatch/contract'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeDisplay } from '../shared/code-display.tsx'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { post } from './agent-connection.ts'
import { CryptogramField } from './cryptogram-field.tsx'
import { HelpDesk } from './help-desk.tsx'
import { NewPinFields } from './new-pin-fields.tsx'
import { Phase } from './phase.tsx'
import { QrCode } from './qr-code.tsx'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

/** Problems that stand at the field they are about. */
const SHOWN_ELSEWHERE: readonly string[] = ['cryptogram-mistyped', 'last-try']

/** The call: challenge, cryptogram, new PIN, confirm and the right arrow in one view. */
export function CallPhase(props: {
  state: ScreenState
  attemptId: string
  challenge: NonNullable<ScreenState['challenge']>
}) {
  const { t } = useTranslation()
  const { state, attemptId, challenge } = props
  const again = useAction()
  const isAnswered = state.phase !== 'challenge'
  const newPin = useRef<HTMLInputElement>(null)
  return (
    <Phase title={t('unblockScreen.call.title')} isHidden={state.phase === 'working'}>
      <div>
        <HelpDesk phone={state.helpDeskPhone} />
        <Text mt="xs">{t('unblockScreen.call.keepCard')}</Text>
      </div>
      <section className={classes.step} data-later={isAnswered || undefined}>
        <Title order={2} size="h4">
          1. {t('unblockScreen.call.stepRead')}
        </Title>
        <div className={classes.code}>
          <CodeDisplay
            code={challenge.code}
            kind={challenge.form}
            label={t('unblockScreen.call.challenge')}
            size={isAnswered ? 'small' : 'large'}
          />
          {!isAnswered && <QrCode text={challenge.code} label={t('unblockScreen.call.qr')} />}
        </div>
      </section>
      <CryptogramField
        attemptId={attemptId}
        sealKey={state.sealKey}
        challenge={challenge}
        told={state.cryptogram}
        isAccepted={isAnswered}
        onMoveOn={() => newPin.current?.focus()}
      />
      {state.problem !== null && !SHOWN_ELSEWHERE.includes(state.problem.code) && (
        <ProblemNotice problem={state.problem.code} />
      )}
      <NewPinFields
        ref={newPin}
        contextId={attemptId}
        sealKey={state.sealKey}
        policy={state.policy}
        title={`3. ${t('unblockScreen.call.stepPin')}`}
        onSubmit={(sealed, consent) => post('/unblock/new-pin', { attemptId, sealed, consent })}
        isOpen={state.phase === 'new-pin'}
        notOpen={t('unblockScreen.call.pinFirst')}
        needsConsent={state.needsConsent}
        told={state.problem?.code}
      />
      {again.failure !== undefined && <ProblemNotice problem={again.failure} />}
      <Group>
        <Button
          variant="subtle"
          size="md"
          leftSection={<IconRefresh aria-hidden size={20} />}
          loading={again.isRunning}
          onClick={() => void again.run(() => post('/unblock/again'))}
        >
          {t('unblockScreen.call.again')}
        </Button>
      </Group>
    </Phase>
  )
}
