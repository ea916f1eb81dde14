import { Button, Text, Title } from '@mantine/core'
import type { ScreenState } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeDisplay } from '../../shared/code-display.tsx'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { post } from '../agent-connection.ts'
import { QrCode } from '../qr-code.tsx'
import screen from '../unblock-screen.module.css'
import { useAction } from '../use-action.ts'
import classes from './my-smartcard.module.css'
import { ConfirmOneTime, NewOneTime } from './one-time-forms.tsx'

type Session = NonNullable<NonNullable<ScreenState['holder']>['session']>

/** By what a holder shows that it is he: what is there, what is added, what is removed; and where he is told. */
export function MySignIn({ session, sealKey }: { session: Session; sealKey: string }) {
  const { t } = useTranslation()
  const { oneTimePasswords, setUp, addresses } = session
  return (
    <>
      <Text>{t('mySmartcard.signIn.lead')}</Text>
      <section className={classes.part}>
        <Title order={2} size="h3">
          {t('mySmartcard.signIn.oneTime.title')}
        </Title>
        {oneTimePasswords.length === 0 && setUp === null && <Text>{t('mySmartcard.signIn.oneTime.none')}</Text>}
        <ul className={classes.list}>
          {oneTimePasswords.map((one) => (
            <li key={one.id}>
              <Kept
                kept={one}
                kind={t(`mySmartcard.signIn.oneTime.kinds.${one.kind}`)}
                onRemove={() => post('/holder/one-time-password/removal', { oneTimePasswordId: one.id })}
              />
            </li>
          ))}
        </ul>
        {setUp === null ? (
          <NewOneTime />
        ) : (
          <ConfirmOneTime key={setUp.oneTimePasswordId} setUp={setUp} sealKey={sealKey} />
        )}
      </section>
      <Passkeys session={session} />
      <section className={classes.part}>
        <Title order={2} size="h3">
          {t('mySmartcard.signIn.addresses.title')}
        </Title>
        <Text>{t(`mySmartcard.signIn.addresses.${addresses.length === 0 ? 'none' : 'text'}`)}</Text>
        {addresses.length > 0 && (
          <dl className={classes.addresses}>
            {addresses.map(({ kind, address }) => (
              <div key={kind}>
                <dt>{t(`mySmartcard.signIn.addresses.kinds.${kind}`)}</dt>
                <dd>{address}</dd>
              </div>
            ))}
          </dl>
        )}
      </section>
    </>
  )
}

function Passkeys({ session: { passkeys, invitation } }: { session: Session }) {
  const { t } = useTranslation()
  const inviting = useAction()
  return (
    <section className={classes.part}>
      <Title order={2} size="h3">
        {t('mySmartcard.signIn.passkeys.title')}
      </Title>
      {passkeys.length === 0 && invitation === null && <Text>{t('mySmartcard.signIn.passkeys.none')}</Text>}
      <ul className={classes.list}>
        {passkeys.map((one) => (
          <li key={one.id}>
            <Kept kept={one} onRemove={() => post('/holder/passkey-removal', { passkeyId: one.id })} />
          </li>
        ))}
      </ul>
      {inviting.failure !== undefined && <ProblemNotice problem={inviting.failure} />}
      {invitation === null ? (
        <Button
          size="md"
          variant="default"
          className={classes.act as string}
          loading={inviting.isRunning}
          onClick={() => void inviting.run(() => post('/holder/passkey-invitation'))}
        >
          {t('mySmartcard.signIn.passkeys.add')}
        </Button>
      ) : (
        <div className={screen.step}>
          <Text>{t('mySmartcard.signIn.passkeys.where')}</Text>
          <Text fw={600} className={screen.address as string}>
            {invitation.url}
          </Text>
          <QrCode text={invitation.url} label={t('mySmartcard.signIn.passkeys.address')} />
          <CodeDisplay code={invitation.code} kind="set-up-code" label={t('mySmartcard.signIn.passkeys.code')} />
          <Text>
            {t('mySmartcard.signIn.passkeys.until')} <LocalTime at={invitation.expiresAt} />
          </Text>
          <Button
            size="md"
            className={classes.act as string}
            loading={inviting.isRunning}
            onClick={() => void inviting.run(() => post('/holder/refresh'))}
          >
            {t('mySmartcard.signIn.passkeys.done')}
          </Button>
        </div>
      )}
    </section>
  )
}

/** One that is there; it is removed by a second press. */
function Kept(props: {
  kept: { label: string; createdAt: string; usableFrom: string; lastUsedAt: string | null }
  kind?: string
  onRemove: () => Promise<unknown>
}) {
  const { t } = useTranslation()
  const { label, createdAt, usableFrom, lastUsedAt } = props.kept
  const [isAsked, setAsked] = useState(false)
  const removing = useAction()
  return (
    <>
      <Text fw={600}>{label}</Text>
      {props.kind !== undefined && <Text>{props.kind}</Text>}
      <Text>
        {t('mySmartcard.signIn.added')} <LocalTime at={createdAt} />, {t('mySmartcard.signIn.counts')}{' '}
        <LocalTime at={usableFrom} />
        {lastUsedAt !== null && (
          <>
            , {t('mySmartcard.signIn.used')} <LocalTime at={lastUsedAt} />
          </>
        )}
      </Text>
      {removing.failure !== undefined && <ProblemNotice problem={removing.failure} />}
      {isAsked ? (
        <fieldset className={classes.sure}>
          <legend>{t('mySmartcard.signIn.removeSure', { label })}</legend>
          <Button color="red" loading={removing.isRunning} onClick={() => void removing.run(props.onRemove)}>
            {t('mySmartcard.signIn.remove')}
          </Button>
          <Button variant="default" autoFocus onClick={() => setAsked(false)}>
            {t('mySmartcard.signIn.removeKeep')}
          </Button>
        </fieldset>
      ) : (
        <Button
          variant="default"
          className={classes.act as string}
          aria-label={t('mySmartcard.signIn.removeNamed', { label })}
          onClick={() => setAsked(true)}
        >
          {t('mySmartcard.signIn.remove')}
        </Button>
      )}
    </>
  )
}
