import { Text } from '@mantine/core'
import { IconCards, IconCreditCard, IconCreditCardOff, IconDeviceUsb } from '@tabler/icons-react'
import type { ScreenState } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { SlowWords } from '../shared/slow-words.tsx'
import { Phase } from './phase.tsx'

interface PhaseProps {
  readonly state: ScreenState
}

/** What the agent adds; what the phase says by itself is not said twice. */
export function StateProblem({ state, except }: PhaseProps & { except: string }) {
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
