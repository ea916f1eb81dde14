import { Button, Group, Text } from '@mantine/core'
import { IconHeadset, IconUserCheck } from '@tabler/icons-react'
import type { ScreenState } from '@unlatch/contract'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeDisplay } from '../shared/code-display.tsx'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { SlowWords } from '../shared/slow-words.tsx'
import { post } from './agent-connection.ts'
import { HelpDesk } from './help-desk.tsx'
import { NewPinFields } from './new-pin-fields.tsx'
import { Phase } from './phase.tsx'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

type Asked = NonNullable<ScreenState['asked']>

/** An operator asks for the unblock of this card: who, for whose card, and the digits to compare. */
export function AskedPhase({ state, asked }: { state: ScreenState; asked: Asked }) {
  const { t } = useTranslation()
  const answer = useAction()
  return (
    <Phase title={t('unblockScreen.asked.title', { operator: asked.operatorName })} Sign={IconHeadset}>
      <Text>
        {t('unblockScreen.asked.card', { card: asked.cardLabel, serial: asked.printedSerial, name: asked.personName })}
      </Text>
      <section className={classes.step}>
        <Text>{t('unblockScreen.asked.compare')}</Text>
        <CodeDisplay code={asked.code} kind="prompt-code" label={t('unblockScreen.asked.code')} />
        <Text fw={600}>{t('unblockScreen.asked.ifNot')}</Text>
      </section>
      {answer.failure !== undefined && <ProblemNotice problem={answer.failure} />}
      <Button
        size="lg"
        className={classes.primary as string}
        loading={answer.isRunning}
        onClick={() => void answer.run(() => post('/unblock/accept'))}
      >
        {t('unblockScreen.asked.accept')}
      </Button>
      <Button
        variant="default"
        size="md"
        disabled={answer.isRunning}
        onClick={() => void answer.run(() => post('/unblock/decline'))}
      >
        {t('unblockScreen.asked.decline')}
      </Button>
      <HelpDesk phone={state.helpDeskPhone} />
    </Phase>
  )
}

/** The card is held: its holder chooses a new PIN, then the operator proves himself. */
export function AttendedPhase(props: { state: ScreenState; asked: Asked; attemptId: string }) {
  const { t } = useTranslation()
  const { state, asked, attemptId } = props
  const first = useRef<HTMLInputElement>(null)
  const isWaiting = state.phase === 'operator'
  const isOpen = state.phase === 'new-pin'
  useEffect(() => {
    if (isOpen) first.current?.focus()
  }, [isOpen])
  const stop = useAction()
  return (
    <>
      {isWaiting && (
        <Phase title={t('unblockScreen.attended.waiting', { operator: asked.operatorName })} Sign={IconUserCheck}>
          <Text fw={600}>{t('unblockScreen.attended.keepCard')}</Text>
          <SlowWords>{t('unblockScreen.attended.waitingText')}</SlowWords>
        </Phase>
      )}
      <Phase title={t('unblockScreen.attended.title')} isHidden={!isOpen}>
        <Text>
          {t('unblockScreen.attended.text', {
            name: asked.personName,
            card: asked.cardLabel,
            serial: asked.printedSerial,
          })}
        </Text>
        <Text c="dimmed">{t('unblockScreen.attended.secret', { operator: asked.operatorName })}</Text>
        {state.problem !== null && <ProblemNotice problem={state.problem.code} />}
        <NewPinFields
          ref={first}
          contextId={attemptId}
          sealKey={state.sealKey}
          policy={state.policy}
          isOpen={isOpen}
          notOpen={t('unblockScreen.attended.waitingText')}
          needsConsent={state.needsConsent}
          told={state.problem?.code}
          onSubmit={(sealed, consent) => post('/unblock/new-pin', { attemptId, sealed, consent })}
        />
        {stop.failure !== undefined && <ProblemNotice problem={stop.failure} />}
        <Group>
          <Button
            variant="subtle"
            size="md"
            loading={stop.isRunning}
            onClick={() => void stop.run(() => post('/unblock/decline'))}
          >
            {t('unblockScreen.asked.decline')}
          </Button>
        </Group>
      </Phase>
    </>
  )
}
