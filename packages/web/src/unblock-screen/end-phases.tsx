import { Button, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { ProblemCode, ScreenState } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { CodeDisplay } from '../shared/code-display.tsx'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { post } from './agent-connection.ts'
import { HelpDesk } from './help-desk.tsx'
import { Phase } from './phase.tsx'
import { PucButton } from './puc-button.tsx'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

/** After these another try would only cost the card something. */
const ENDS_HERE: ReadonlySet<string> = new Set<ProblemCode>([
  'puk-refused',
  'puk-blocked',
  'card-not-supported',
  'card-cannot-be-saved',
  'global-pin',
])

function Receipt(props: { receipt: string; text: string }) {
  const { t } = useTranslation()
  return (
    <section className={classes.step}>
      <Text>{props.text}</Text>
      <CodeDisplay code={props.receipt} kind="receipt" label={t('unblockScreen.done.receipt')} />
    </section>
  )
}

function doneWords({ isWithPuc, isAttended, isSelfService }: ScreenState) {
  if (isSelfService) return 'selfService.done'
  return isWithPuc
    ? 'unblockScreen.done.pucSpent'
    : isAttended
      ? 'unblockScreen.done.attended'
      : 'unblockScreen.done.word'
}

/** The new PIN works: what to do now, and the receipt for the help desk. */
export function DonePhase({ state }: { state: ScreenState }) {
  const { t } = useTranslation()
  return (
    <Phase title={t('unblockScreen.done.title')} Sign={IconCircleCheck} tone="good">
      {state.receipt === null ? (
        <Text>{t(doneWords(state))}</Text>
      ) : (
        <Receipt receipt={state.receipt} text={t('unblockScreen.done.receiptText')} />
      )}
      <Text fw={600}>{t('unblockScreen.done.text')}</Text>
      <Text c="dimmed">
        {t('unblockScreen.done.recorded')} {t('unblockScreen.done.close')}
      </Text>
    </Phase>
  )
}

/** It did not work: what it means for the card, the receipt if there is one, and the way on. */
export function FailedPhase({ state }: { state: ScreenState }) {
  const { t } = useTranslation()
  const code = state.problem?.code
  const triesLeft = state.problem?.facts.triesLeft
  return (
    <Phase title={t('unblockScreen.failed.title')} Sign={IconAlertTriangle} tone="bad">
      {code !== undefined && (
        <ProblemNotice problem={code}>
          {code === 'puc-refused' && typeof triesLeft === 'number' && (
            <Text inherit>{t('unblockScreen.puc.triesLeft', { count: triesLeft })}</Text>
          )}
        </ProblemNotice>
      )}
      {state.receipt !== null && <Receipt receipt={state.receipt} text={t('unblockScreen.failed.receiptText')} />}
      <HelpDesk phone={state.helpDeskPhone} />
      <WayOn state={state} />
    </Phase>
  )
}

function WayOn({ state }: { state: ScreenState }) {
  const { t } = useTranslation()
  const again = useAction()
  const code = state.problem?.code ?? ''
  if (ENDS_HERE.has(code)) return <Text fw={600}>{t('unblockScreen.failed.noAgain')}</Text>
  const isPucRefused = code === 'puc-refused'
  return (
    <>
      {isPucRefused && <PucButton variant="filled" text={t('unblockScreen.puc.again')} />}
      {again.failure !== undefined && <ProblemNotice problem={again.failure} />}
      <Button
        variant={isPucRefused ? 'default' : 'filled'}
        size="lg"
        className={classes.primary as string}
        loading={again.isRunning}
        onClick={() => void again.run(() => post('/unblock/again'))}
      >
        {t(isPucRefused ? 'unblockScreen.puc.leave' : 'unblockScreen.failed.again')}
      </Button>
      {code === 'configuration-missing' && state.card?.hasPuc === true && (
        <PucButton variant="default" text={t('unblockScreen.blocked.withPuc')} />
      )}
    </>
  )
}
