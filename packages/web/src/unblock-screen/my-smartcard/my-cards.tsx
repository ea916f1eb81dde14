import { Badge, Button, Text, Title } from '@mantine/core'
import type { HolderEvent, HolderEventName, ScreenState } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { post } from '../agent-connection.ts'
import { HelpDesk } from '../help-desk.tsx'
import { useAction } from '../use-action.ts'
import classes from './my-smartcard.module.css'

/** After these a new PIN was possible, or somebody used the card: its holder is asked whether it was he. */
const ASKED: ReadonlySet<HolderEventName> = new Set([
  'unblock-authorised',
  'unblock-codes-given',
  'holder-session',
  'self-service-shown',
  'self-service-released',
  'cryptogram',
  'outcome',
  'puc-used',
  'puc-read',
])

/** The holder's cards, and what happened to the one in the reader. */
export function MyCards(props: {
  session: NonNullable<NonNullable<ScreenState['holder']>['session']>
  helpDeskPhone: string | null
}) {
  const { t } = useTranslation()
  const { cards, events, next } = props.session
  const more = useAction()
  return (
    <>
      <section className={classes.part}>
        <Title order={2} size="h3">
          {t('mySmartcard.cards.list')}
        </Title>
        <ul className={classes.list}>
          {cards.map(({ id, label, printedSerial, state, isHere }) => (
            <li key={id}>
              <Text fw={600}>{label}</Text>
              <Text>{t('mySmartcard.cards.serial', { serial: printedSerial })}</Text>
              <div className={classes.marks}>
                <Badge size="xl" fz="md" variant="default" tt="none">
                  {t(`mySmartcard.cards.states.${state}`)}
                </Badge>
                {isHere && (
                  <Badge size="xl" fz="md" variant="outline" tt="none">
                    {t('mySmartcard.cards.here')}
                  </Badge>
                )}
              </div>
            </li>
          ))}
        </ul>
      </section>
      <section className={classes.part}>
        <Title order={2} size="h3">
          {t('mySmartcard.cards.history')}
        </Title>
        {events.length === 0 && <Text>{t('mySmartcard.cards.none')}</Text>}
        <ol className={classes.list}>
          {events.map((event) => (
            <li key={event.id}>
              <Happened event={event} helpDeskPhone={props.helpDeskPhone} />
            </li>
          ))}
        </ol>
        {more.failure !== undefined && <ProblemNotice problem={more.failure} />}
        {next !== null && (
          <Button
            variant="default"
            size="md"
            className={classes.act as string}
            loading={more.isRunning}
            onClick={() => void more.run(() => post('/holder/earlier'))}
          >
            {t('mySmartcard.cards.earlier')}
          </Button>
        )}
      </section>
    </>
  )
}

function Happened({ event, helpDeskPhone }: { event: HolderEvent; helpDeskPhone: string | null }) {
  const { t } = useTranslation()
  const { what, at, isRefused, operatorName, move } = event
  const moved = move === undefined ? '' : t(`mySmartcard.cards.moves.${move}`)
  return (
    <>
      <Text fw={600}>{t(`mySmartcard.cards.events.${what}`, { move: moved })}</Text>
      <Text>
        <LocalTime at={at} />
        {operatorName !== '' && <span>, {t('mySmartcard.cards.by', { name: operatorName })}</span>}
        {isRefused && <span>, {t('mySmartcard.cards.refused')}</span>}
      </Text>
      {ASKED.has(what) && (
        <details className={classes.question}>
          <summary>{t('mySmartcard.cards.question')}</summary>
          <Text>{t('mySmartcard.cards.me')}</Text>
          <Text fw={600}>{t('mySmartcard.cards.notMe')}</Text>
          <HelpDesk phone={helpDeskPhone} />
        </details>
      )}
    </>
  )
}
