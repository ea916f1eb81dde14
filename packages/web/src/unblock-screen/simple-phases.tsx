import { Button, Text } from '@mantine/core'
import { IconCards, IconCreditCard, IconCreditCardOff, IconDeviceUsb, IconLock } from '@tabler/icons-react'
import type { ScreenState } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { SlowWords } from '../shared/slow-words.tsx'
import { post } from './agent-connection.ts'
import { HelpDesk } from './help-desk.tsx'
import { Phase } from './phase.tsx'
import { PucButton } from './puc-button.tsx'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

interface PhaseProps {
  readonly state: ScreenState
}

/** What the agent adds; what the phase says by itself is not said twice. */
function StateProblem({ state, except }: PhaseProps & { except: string }) {
  if (state.problem === null || state.problem.code === except) return null
  return <ProblemNotice problem={state.problem.code} tone="orange" />
}

export function NoReaderPhase({ state }: PhaseProps) {
  const { t } = useTranslation()
  return (
    <Phase title={t('unblockScreen.noReader.title')} Sign={IconDeviceUsb}>
      <Text>{t('unblockScreen.noReader.text')}</Text>
      <Text fw={600}>{t('unblockScreen.noReader.now')}</Text>
      <StateProblem state={state} except="no-reader" />
    </Phase>
  )
}

export function NoCardPhase({ state }: PhaseProps) {
  const { t } = useTranslation()
  if (state.problem?.code === 'card-removed') {
    return (
      <Phase title={t('unblockScreen.removed.title')} Sign={IconCreditCardOff} tone="bad">
        <Text fw={600}>{t(state.isWithPuc ? 'unblockScreen.removed.withPuc' : 'unblockScreen.removed.text')}</Text>
        <Text>{t('unblockScreen.removed.same')}</Text>
      </Phase>
    )
  }
  return (
    <Phase title={t('unblockScreen.noCard.title')} Sign={IconCreditCard}>
      <Text>{t('unblockScreen.noCard.text')}</Text>
      <StateProblem state={state} except="no-card" />
    </Phase>
  )
}

export function ReadingPhase() {
  const { t } = useTranslation()
  return (
    <Phase title={t('unblockScreen.reading.title')} Sign={IconCards}>
      <SlowWords>{t('unblockScreen.reading.text')}</SlowWords>
    </Phase>
  )
}

export function NotIssuedPhase() {
  const { t } = useTranslation()
  return (
    <Phase title={t('unblockScreen.notIssued.title')} Sign={IconCreditCard}>
      <Text>{t('unblockScreen.notIssued.text')}</Text>
      <Text fw={600}>{t('unblockScreen.notIssued.now')}</Text>
    </Phase>
  )
}

export function WorkingPhase() {
  const { t } = useTranslation()
  return (
    <Phase title={t('unblockScreen.working.title')}>
      <Text fw={600}>{t('unblockScreen.working.text')}</Text>
      <SlowWords>{t('unblockScreen.working.title')}</SlowWords>
    </Phase>
  )
}

/** Blocked: by telephone, or with the PUC where the card has one; what the card cannot do is not offered. */
export function BlockedPhase({ state }: PhaseProps) {
  const { t } = useTranslation()
  const begin = useAction()
  const isPucOnly = state.card?.telephoneWay === 'none'
  return (
    <Phase title={t('unblockScreen.blocked.title')} Sign={IconLock}>
      <Text>{t('unblockScreen.blocked.text')}</Text>
      <Text>{t(isPucOnly ? 'unblockScreen.blocked.pucOnly' : 'unblockScreen.blocked.next')}</Text>
      <StateProblem state={state} except="" />
      {begin.failure !== undefined && <ProblemNotice problem={begin.failure} />}
      {!isPucOnly && (
        <Button
          size="lg"
          className={classes.primary as string}
          loading={begin.isRunning}
          onClick={() => void begin.run(() => post('/unblock/begin'))}
        >
          {t('unblockScreen.blocked.submit')}
        </Button>
      )}
      {state.card?.hasPuc === true && (
        <>
          {!isPucOnly && <Text>{t('unblockScreen.blocked.orPuc')}</Text>}
          <PucButton variant={isPucOnly ? 'filled' : 'default'} text={t('unblockScreen.blocked.withPuc')} />
        </>
      )}
      {isPucOnly && (
        <>
          <Text>{t('unblockScreen.blocked.noPuc')}</Text>
          <HelpDesk phone={state.helpDeskPhone} />
        </>
      )}
    </Phase>
  )
}
