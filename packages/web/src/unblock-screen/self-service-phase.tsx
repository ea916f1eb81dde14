import { Button, Group, Text } from '@mantine/core'
import type { ScreenState } from '@unlatch/contract'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { post } from './agent-connection.ts'
import { AuthenticatePhase } from './authenticate-phase.tsx'
import { NewPinFields } from './new-pin-fields.tsx'
import { Phase } from './phase.tsx'
import { useAction } from './use-action.ts'

/** A holder alone: a new PIN first, then another authentication. What was typed stays while he is asked. */
export function SelfServicePhase(props: {
  state: ScreenState
  attemptId: string
  authentication: NonNullable<ScreenState['authentication']>
}) {
  const { t } = useTranslation()
  const { state, attemptId, authentication } = props
  const { personName: name, cardLabel: card, printedSerial: serial } = authentication
  const first = useRef<HTMLInputElement>(null)
  const leaving = useAction()
  const isOpen = state.phase === 'new-pin'
  useEffect(() => {
    if (isOpen) first.current?.focus()
  }, [isOpen])
  return (
    <>
      {state.phase === 'authenticate' && (
        <AuthenticatePhase state={state} attemptId={attemptId} authentication={authentication} />
      )}
      <Phase title={t('selfService.newPin.title')} isHidden={!isOpen}>
        <Text>{t('selfService.newPin.for', { card, serial, name })}</Text>
        <Text>{t('selfService.newPin.text')}</Text>
        {state.problem !== null && state.problem.code !== 'last-try' && <ProblemNotice problem={state.problem.code} />}
        <NewPinFields
          ref={first}
          contextId={attemptId}
          sealKey={state.sealKey}
          policy={state.policy}
          isOpen={isOpen}
          notOpen=""
          needsConsent={state.needsConsent}
          told={state.problem?.code}
          submitText={t('selfService.newPin.submit')}
          onSubmit={(sealed, consent) => post('/unblock/new-pin', { attemptId, sealed, consent })}
        />
        {leaving.failure !== undefined && <ProblemNotice problem={leaving.failure} />}
        <Group>
          <Button
            variant="subtle"
            size="md"
            loading={leaving.isRunning}
            onClick={() => void leaving.run(() => post('/unblock/again'))}
          >
            {t('selfService.newPin.leave')}
          </Button>
        </Group>
      </Phase>
    </>
  )
}
