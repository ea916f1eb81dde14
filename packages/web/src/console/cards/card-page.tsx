import { Anchor, Button, Group, Text } from '@mantine/core'
import { IconLockOpen2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { CardDetails } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readCard } from '../card-api.ts'
import { DetailsPage } from '../details-page.tsx'
import { NoticesSection } from '../notices/notices-section.tsx'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { CardStateBadge } from './card-state-badge.tsx'
import { HistorySection } from './history-section.tsx'
import { MatterSection } from './matter-section.tsx'
import { MovesSection } from './moves-section.tsx'
import { PukSection } from './puk-section.tsx'
import { ReissueSection } from './reissue-section.tsx'
import { VersionSection } from './version-section.tsx'

const route = getRouteApi('/lifecycle/cards/$cardId')

/** One card: what is on record about it, what is the matter, and what can be done. */
export function CardPage() {
  const { t } = useTranslation()
  const { cardId } = route.useParams()
  const found = useQuery({ queryKey: ['card', cardId], queryFn: ({ signal }) => readCard(cardId, signal) })
  const card = found.data
  const title = card ? t('cards.page.title', { label: card.label, serial: card.printedSerial }) : t('cards.page.facts')
  return (
    <DetailsPage
      title={title}
      back={
        <Anchor component={Link} to="/lifecycle/cards" underline="always">
          {t('cards.page.back')}
        </Anchor>
      }
    >
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('cards.page.loading')}</SlowWords>}
      {card !== undefined && <CardSections key={card.id} card={card} />}
    </DetailsPage>
  )
}

function CardSections({ card }: { card: CardDetails }) {
  const { t } = useTranslation()
  const may = useMay()
  const isHeld = card.holder !== null
  return (
    <>
      <Group gap="sm">
        <CardStateBadge state={card.state} />
        {isHeld && may('unblock:release') && (
          <Button
            variant="default"
            size="sm"
            leftSection={<IconLockOpen2 aria-hidden size={18} />}
            renderRoot={(button) => (
              <Link
                {...button}
                to="/actions/smart-card-unblock"
                search={{ search: card.printedSerial, person: card.holder?.id ?? '', card: card.id }}
              />
            )}
          >
            {t('cards.page.unblock')}
          </Button>
        )}
      </Group>
      <Facts card={card} />
      {card.findings.length > 0 && <MatterSection card={card} />}
      {card.family === 'piv' && <PukSection card={card} />}
      <VersionSection card={card} />
      <MovesSection card={card} />
      <ReissueSection card={card} />
      <NoticesSection cardId={card.id} />
      <HistorySection cardId={card.id} />
    </>
  )
}

function Facts({ card }: { card: CardDetails }) {
  const { t } = useTranslation()
  const { holder } = card
  return (
    <Section title={t('cards.page.facts')}>
      <dl className={classes.facts}>
        <dt>{t('cards.page.holder')}</dt>
        <dd>
          {holder === null ? (
            t('cards.page.noHolder')
          ) : (
            <>
              <Anchor
                underline="always"
                renderRoot={(anchor) => <Link {...anchor} to="/people/$personId" params={{ personId: holder.id }} />}
              >
                {holder.name}
              </Anchor>{' '}
              {[holder.userName, holder.department].filter(Boolean).join(' · ')}
            </>
          )}
        </dd>
        <dt>{t('cards.page.kind')}</dt>
        <dd>{t(`cards.file.families.${card.family}`)}</dd>
        <dt>{t('cards.page.serial')}</dt>
        <dd>{card.printedSerial}</dd>
        <dt>{t('cards.page.hardware')}</dt>
        <dd>{card.hardwareNumber ?? t('cards.page.noHardware')}</dd>
        <dt>{t('cards.page.uuid')}</dt>
        <dd>
          <Text component="span" ff="monospace">
            {card.cardUuid}
          </Text>
        </dd>
        <dt>{t('cards.page.registered')}</dt>
        <dd>
          <LocalTime at={card.registeredAt} />
        </dd>
        <dt>{t('cards.page.issued')}</dt>
        <dd>{card.issuedAt === null ? t('cards.page.neverIssued') : <LocalTime at={card.issuedAt} />}</dd>
        {(['replaces', 'replacedBy'] as const).map((name) => {
          const other = card[name]
          if (other === null) return null
          return [
            <dt key={`${name} name`}>{t(`cards.page.${name}`)}</dt>,
            <dd key={name}>
              <Anchor
                underline="always"
                renderRoot={(anchor) => (
                  <Link {...anchor} to="/lifecycle/cards/$cardId" params={{ cardId: other.id }} />
                )}
              >
                {other.printedSerial}
              </Anchor>{' '}
              <CardStateBadge state={other.state} />
            </dd>,
          ]
        })}
      </dl>
    </Section>
  )
}
