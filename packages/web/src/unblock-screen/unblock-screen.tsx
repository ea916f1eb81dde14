import { Alert, Text } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import type { ScreenState } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { PageSwitches } from '../shared/page-switches.tsx'
import { ProductMark } from '../shared/product-mark.tsx'
import { SlowWords } from '../shared/slow-words.tsx'
import { AskedPhase, AttendedPhase } from './asked-phases.tsx'
import { BlockedPhase } from './blocked-phase.tsx'
import { CallPhase } from './call-phase.tsx'
import { ChangedPhase, NotBlockedPhase } from './change-pin-phase.tsx'
import { DonePhase, FailedPhase } from './end-phases.tsx'
import { MySmartcard } from './my-smartcard/my-smartcard.tsx'
import { PairingPhase } from './pairing-phase.tsx'
import { PucPhase } from './puc-phase.tsx'
import { SelfServicePhase } from './self-service-phase.tsx'
import { SignCancelled, SignPhase } from './sign-phase.tsx'
import { NoCardPhase, NoReaderPhase, NotIssuedPhase, ReadingPhase, WorkingPhase } from './simple-phases.tsx'
import classes from './unblock-screen.module.css'
import { useNewChallenge } from './use-new-challenge.ts'
import { useScreenState } from './use-screen-state.ts'
import { VirtualReader } from './virtual-reader.tsx'

/** The unblock screen: one thing at a time, as the agent says. */
export function UnblockScreen(props: { token: string | undefined }) {
  const { t } = useTranslation()
  const { link, state, isLost, pairWith } = useScreenState(props.token)
  useNewChallenge(state)
  const isConnected = link === 'connected' || link === 'pairing'
  return (
    <div className={classes.screen}>
      <header className={classes.header}>
        <ProductMark name={state?.organisation ?? t('shared.productName')} />
        <PageSwitches />
      </header>
      <main className={classes.main}>
        <div role="alert">
          {isLost && isConnected && (
            <Alert color="orange" variant="light" mb="lg" icon={<IconPlugConnectedX aria-hidden />}>
              <Text inherit>{t('unblockScreen.lost')}</Text>
            </Alert>
          )}
          {isConnected && state?.isSignCancelled === true && <SignCancelled />}
        </div>
        {!isConnected && <PairingPhase link={link} onCode={pairWith} />}
        {isConnected && state === undefined && <SlowWords>{t('unblockScreen.connecting')}</SlowWords>}
        {isConnected && state?.sign != null && (
          <SignPhase key={state.sign.signId} sign={state.sign} sealKey={state.sealKey} />
        )}
        {isConnected && state !== undefined && (
          // Whatever goes on beside a signature stays as it is, out of sight.
          <div hidden={state.sign !== null}>
            <ShownPhase state={state} />
          </div>
        )}
        {isConnected && state !== undefined && !state.isConfigured && (
          <Text c="dimmed" mt="xl">
            {t('unblockScreen.notConfigured')}
          </Text>
        )}
      </main>
      {isConnected && state?.virtualReader != null && <VirtualReader reader={state.virtualReader} />}
    </div>
  )
}

function ShownPhase({ state }: { state: ScreenState }) {
  switch (state.phase) {
    case 'no-reader':
      return <NoReaderPhase state={state} />
    case 'no-card':
      return <NoCardPhase key={state.problem?.code} state={state} />
    case 'reading':
      return <ReadingPhase />
    case 'not-issued':
      return <NotIssuedPhase />
    case 'not-blocked':
      return (
        <MySmartcard state={state}>
          <NotBlockedPhase state={state} />
        </MySmartcard>
      )
    case 'changed':
      return (
        <MySmartcard state={state}>
          <ChangedPhase />
        </MySmartcard>
      )
    case 'blocked':
      return <BlockedPhase state={state} />
    case 'asked':
      return state.asked && <AskedPhase state={state} asked={state.asked} />
    case 'challenge':
    case 'new-pin':
    case 'operator':
    case 'authenticate':
    case 'puc':
    case 'working':
      if (state.phase === 'working' && state.attemptId === null) return <WorkingPhase />
      // One attempt is one view: what was typed survives while the card works.
      return (
        <>
          {state.phase === 'working' && <WorkingPhase />}
          {state.attemptId !== null && state.challenge !== null && (
            <CallPhase key={state.attemptId} state={state} attemptId={state.attemptId} challenge={state.challenge} />
          )}
          {state.attemptId !== null && state.asked !== null && (
            <AttendedPhase key={state.attemptId} state={state} asked={state.asked} attemptId={state.attemptId} />
          )}
          {state.attemptId !== null && state.authentication !== null && (
            <SelfServicePhase
              key={state.attemptId}
              state={state}
              attemptId={state.attemptId}
              authentication={state.authentication}
            />
          )}
          {state.attemptId !== null && state.puc !== null && (
            <PucPhase key={state.attemptId} state={state} attemptId={state.attemptId} puc={state.puc} />
          )}
        </>
      )
    case 'done':
      return <DonePhase state={state} />
    case 'failed':
      return <FailedPhase state={state} />
  }
}
