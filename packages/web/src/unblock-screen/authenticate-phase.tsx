import { Button, Group, Radio, Stack, Text } from '@mantine/core'
import { IconUserCheck } from '@tabler/icons-react'
import type { ScreenState, SelfServiceOffered, SelfServiceWay } from '@unlatch/contract'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { post } from './agent-connection.ts'
import { AnsweredElsewhere } from './answered-elsewhere.tsx'
import { HelpDesk } from './help-desk.tsx'
import { Phase } from './phase.tsx'
import { TypedAnswer } from './typed-answer.tsx'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

const TYPED = ['domain', 'one-time-password', 'unblock-code'] as const
const isTyped = (way: SelfServiceWay): way is (typeof TYPED)[number] => (TYPED as readonly string[]).includes(way)
/** Less than this is said. */
const SOON_MS = 60_000

/** **Another authentication**: the ways that the card admits, one at a time. */
export function AuthenticatePhase(props: {
  state: ScreenState
  attemptId: string
  authentication: NonNullable<ScreenState['authentication']>
}) {
  const { t } = useTranslation()
  const { state, attemptId, authentication } = props
  const { count, ways, personName: name, elsewhere, until } = authentication
  const usable = ways.filter(({ state: stands, obstacle }) => stands !== 'met' && obstacle === null)
  const [chosen, setChosen] = useState<SelfServiceWay>()
  const leaving = useAction()
  const isSoon = useIsSoon(until)
  const way = usable.find((one) => one.way === chosen) ?? usable[0]
  const field = useRef<HTMLInputElement>(null)
  // After the heading, which takes the focus first; and with each way that is chosen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the way is what it is about
  useEffect(() => field.current?.focus(), [way?.way])
  const done = ways.filter(({ state: stands }) => stands === 'met').length
  return (
    <Phase title={t('selfService.authenticate.title')} Sign={IconUserCheck}>
      <Text>{t('selfService.authenticate.who', { name })}</Text>
      <Text>{count === 1 ? t('selfService.authenticate.one') : t('selfService.authenticate.two', { done })}</Text>
      {isSoon && (
        <Text role="status" fw={600}>
          {t('selfService.authenticate.late')}
        </Text>
      )}
      {ways.length > 1 && (
        <Radio.Group
          size="md"
          label={t('selfService.authenticate.choose')}
          value={way?.way ?? ''}
          onChange={(value) => setChosen(value as SelfServiceWay)}
        >
          <Stack gap="sm" mt="xs">
            {ways.map((one) => (
              <WayRadio key={one.way} offered={one} />
            ))}
          </Stack>
        </Radio.Group>
      )}
      {way === undefined && (
        <section className={classes.step}>
          <Text fw={600}>{t('selfService.authenticate.none')}</Text>
          {ways.length === 1 && ways[0]?.obstacle != null && <ProblemNotice problem={ways[0].obstacle} />}
          <Text>{t('selfService.authenticate.noneNow')}</Text>
          <HelpDesk phone={state.helpDeskPhone} />
        </section>
      )}
      {way !== undefined && isTyped(way.way) && (
        <TypedAnswer
          key={way.way}
          ref={field}
          way={way.way}
          hint={way.hint}
          attemptId={attemptId}
          sealKey={state.sealKey}
        />
      )}
      {way !== undefined && !isTyped(way.way) && (
        <AnsweredElsewhere
          key={way.way}
          offered={way}
          attemptId={attemptId}
          elsewhere={elsewhere?.way === way.way ? elsewhere : null}
        />
      )}
      {leaving.failure !== undefined && <ProblemNotice problem={leaving.failure} />}
      <Group>
        <Button
          variant="subtle"
          size="md"
          loading={leaving.isRunning}
          onClick={() => void leaving.run(() => post('/unblock/again'))}
        >
          {t('selfService.authenticate.leave')}
        </Button>
      </Group>
    </Phase>
  )
}

function WayRadio({ offered }: { offered: SelfServiceOffered }) {
  const { t } = useTranslation()
  const { way, state, obstacle, hint } = offered
  const words =
    state === 'met'
      ? t('selfService.authenticate.met')
      : obstacle !== null
        ? t(`problems.${obstacle as 'way-not-set-up'}.happened`)
        : undefined
  return (
    <Radio
      size="md"
      value={way}
      disabled={state === 'met' || obstacle !== null}
      label={t(`selfService.names.${way}`, { provider: hint })}
      description={words}
    />
  )
}

/** True in the last minute. */
function useIsSoon(until: string): boolean {
  const [isSoon, setSoon] = useState(false)
  useEffect(() => {
    const left = Date.parse(until) - Date.now() - SOON_MS
    const timer = setTimeout(() => setSoon(true), Math.max(0, left))
    return () => clearTimeout(timer)
  }, [until])
  return isSoon
}
