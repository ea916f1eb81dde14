import { Paper, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react'
import type { CardSummary, PersonDetails } from '@unlatch/contract'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../../shared/local-time.tsx'
import { CardStateBadge } from '../cards/card-state-badge.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import classes from './unblock-page.module.css'

const PucSection = lazy(() => import('./puc-section.tsx').then((module) => ({ default: module.PucSection })))

/** What matters about the card while the call lasts, and what happened before. */
export function CardFacts(props: { card: CardSummary; person: PersonDetails }) {
  const { t } = useTranslation()
  const may = useMay()
  const { card, person } = props
  const family = card.family === 'piv' || card.family === 'gids' ? card.family : 'other'
  return (
    <>
      <Paper withBorder p="md" component="section" className={classes.cardFacts as string}>
        <Title order={2} size="h5" mb="xs">
          {t('console.unblock.card.facts')}: {card.label}
        </Title>
        <dl className={classes.facts}>
          <dt>{t('console.unblock.card.serialName')}</dt>
          <dd>{card.printedSerial}</dd>
          <dt>{t('console.unblock.card.kind')}</dt>
          <dd>
            {t(`console.unblock.card.family.${family}`)} <CardStateBadge state={card.state} />
          </dd>
          <dt>{t('console.unblock.card.telephone')}</dt>
          <dd>{t(`console.unblock.card.way.${card.telephoneWay}`)}</dd>
          {card.telephoneWay === 'native-admin-key' && (
            <>
              <dt>{t('console.unblock.card.bareAllowed')}</dt>
              <dd>{t(card.allowsBareForm ? 'console.unblock.card.yes' : 'console.unblock.card.no')}</dd>
            </>
          )}
          <dt>{t('console.unblock.card.tries')}</dt>
          <dd>
            {card.triesAtLeast === null
              ? t('console.unblock.card.triesUncounted')
              : t('console.unblock.card.triesAtLeast', { count: card.triesAtLeast })}
          </dd>
          <dt>{t('console.unblock.card.lastUnblock')}</dt>
          <dd>
            {card.lastUnblockAt === null ? t('console.unblock.card.never') : <LocalTime at={card.lastUnblockAt} />}
          </dd>
        </dl>
        {(card.exposedSince !== null || card.telephoneWay === 'masked-puk') && <Exposure since={card.exposedSince} />}
      </Paper>
      {card.family === 'piv' && (may('puc:deliver') || may('puc:read')) && (
        <Suspense fallback={null}>
          <PucSection key={card.id} cardId={card.id} />
        </Suspense>
      )}
      <Paper withBorder p="md" component="section" className={classes.history as string}>
        <Title order={2} size="h5" mb="xs">
          {t('console.unblock.card.history')}
        </Title>
        {person.history.length === 0 && <Text c="dimmed">{t('console.unblock.card.noHistory')}</Text>}
        <Stack gap="xs">
          {person.history.map((event) => (
            <div key={`${event.at}${event.cardLabel}`}>
              <Text size="sm" fw={600}>
                {t(`console.unblock.card.outcome.${event.outcome}`)}
              </Text>
              <Text size="sm" c="dimmed">
                <LocalTime at={event.at} /> · {event.cardLabel} ·{' '}
                {t('console.unblock.card.by', { operator: event.operatorName })}
              </Text>
            </div>
          ))}
        </Stack>
      </Paper>
    </>
  )
}

function Exposure(props: { since: string | null }) {
  const { t } = useTranslation()
  const Icon = props.since === null ? IconShieldCheck : IconAlertTriangle
  return (
    <Text size="sm" mt="sm" c={props.since === null ? 'dimmed' : 'var(--mantine-color-orange-light-color)'}>
      <Icon aria-hidden size={16} className={classes.factIcon} />{' '}
      {props.since === null ? (
        t('console.unblock.card.notExposed')
      ) : (
        <>
          {t('console.unblock.card.exposed')} <LocalTime at={props.since} />. {t('console.unblock.card.exposedWhy')}
        </>
      )}
    </Text>
  )
}
