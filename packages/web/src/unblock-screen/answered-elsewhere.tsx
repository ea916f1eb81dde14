import { Anchor, Button, Text } from '@mantine/core'
import type { ScreenState, SelfServiceOffered } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { CodeDisplay } from '../shared/code-display.tsx'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { SlowWords } from '../shared/slow-words.tsx'
import { post } from './agent-connection.ts'
import { QrCode } from './qr-code.tsx'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

type Elsewhere = NonNullable<NonNullable<ScreenState['authentication']>['elsewhere']>

/** A way that is answered in another window, or on another device; this page goes on by itself. */
export function AnsweredElsewhere(props: {
  offered: SelfServiceOffered
  attemptId: string
  elsewhere: Elsewhere | null
}) {
  const { t } = useTranslation()
  const { offered, attemptId, elsewhere } = props
  const begin = useAction()
  const way = offered.way as 'identity-provider' | 'passkey'
  const provider = offered.hint
  return (
    <section className={classes.step}>
      {way === 'identity-provider' && <Text>{t('selfService.elsewhere.identity-provider', { provider })}</Text>}
      {elsewhere !== null && way === 'identity-provider' && (
        <>
          <Anchor href={elsewhere.url} target="_blank" rel="noopener noreferrer">
            {t('selfService.elsewhere.identity-providerLink', { provider })}
          </Anchor>
          <SlowWords>{t('selfService.authenticate.asked')}</SlowWords>
        </>
      )}
      {elsewhere !== null && way === 'passkey' && (
        <>
          <Text>{t('selfService.elsewhere.passkey')}</Text>
          <Text fw={600} className={classes.address as string}>
            {elsewhere.url}
          </Text>
          <QrCode text={elsewhere.url} label={t('selfService.elsewhere.passkeyAddress')} />
          <CodeDisplay code={elsewhere.code} kind="proof-code" label={t('selfService.elsewhere.passkeyCode')} />
          <SlowWords>{t('selfService.authenticate.asked')}</SlowWords>
        </>
      )}
      {begin.failure !== undefined && <ProblemNotice problem={begin.failure} />}
      <Button
        size="lg"
        variant={elsewhere === null ? 'filled' : 'default'}
        className={classes.primary as string}
        loading={begin.isRunning}
        onClick={() => void begin.run(() => beginElsewhere(attemptId, way))}
      >
        {t(elsewhere === null ? 'selfService.elsewhere.begin' : 'selfService.elsewhere.again')}
      </Button>
    </section>
  )
}

/** The link stands on the page in any case: a browser may keep windows from opening by themselves. */
const beginElsewhere = (attemptId: string, way: 'identity-provider' | 'passkey') =>
  post('/unblock/authenticate-elsewhere', { attemptId, way, origin: location.origin })
