import { Button, Radio, Stack, Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import type { ScreenState } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { post } from './agent-connection.ts'
import { HelpDesk } from './help-desk.tsx'
import { Phase } from './phase.tsx'
import { PucButton } from './puc-button.tsx'
import { StateProblem } from './simple-phases.tsx'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

/** Blocked: by its holder alone where that may be, else by telephone, or with the PUC; what the card cannot do is not offered. */
export function BlockedPhase({ state }: { state: ScreenState }) {
  const offer = state.selfService
  if (offer?.obstacle === null) return <ChooseWay state={state} />
  return <HelpedWays state={state} />
}

const PATH_OF_WAY = {
  crypto: '/unblock/begin-self-service',
  puc: '/unblock/begin-with-puc',
  cryptogram: '/unblock/begin',
} as const
type Way = keyof typeof PATH_OF_WAY

/** **My PIN**: three ways, the one without anybody else first. */
function ChooseWay({ state }: { state: ScreenState }) {
  const { t } = useTranslation()
  const begin = useAction()
  const [way, setWay] = useState<Way>('crypto')
  const isPucOnly = state.card?.telephoneWay === 'none'
  const ways: Way[] = [
    'crypto',
    ...(state.card?.hasPuc === true ? (['puc'] as const) : []),
    ...(isPucOnly ? [] : (['cryptogram'] as const)),
  ]
  return (
    <Phase title={t('unblockScreen.blocked.title')} Sign={IconLock}>
      <Text>{t('unblockScreen.blocked.text')}</Text>
      <StateProblem state={state} except="" />
      <form
        className={classes.step}
        onSubmit={(event) => {
          event.preventDefault()
          void begin.run(() => post(PATH_OF_WAY[way]))
        }}
      >
        <Radio.Group label={t('selfService.choose')} size="lg" value={way} onChange={(value) => setWay(value as Way)}>
          <Stack gap="md" mt="sm">
            {ways.map((one) => (
              <Radio
                key={one}
                size="md"
                value={one}
                label={t(`selfService.ways.${one}.label`)}
                description={t(`selfService.ways.${one}.hint`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {begin.failure !== undefined && <ProblemNotice problem={begin.failure} />}
        <Button type="submit" size="lg" className={classes.primary as string} loading={begin.isRunning}>
          {t('unblockScreen.blocked.submit')}
        </Button>
      </form>
    </Phase>
  )
}

/** With somebody's help: by telephone, or with the PUC that somebody sent. */
function HelpedWays({ state }: { state: ScreenState }) {
  const { t } = useTranslation()
  const begin = useAction()
  const isPucOnly = state.card?.telephoneWay === 'none'
  const obstacle = state.selfService?.obstacle
  return (
    <Phase title={t('unblockScreen.blocked.title')} Sign={IconLock}>
      <Text>{t('unblockScreen.blocked.text')}</Text>
      {obstacle === 'self-service-closed' && <ProblemNotice problem={obstacle} tone="orange" />}
      {state.selfService === null && state.isConfigured && <Text>{t('selfService.offline')}</Text>}
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
