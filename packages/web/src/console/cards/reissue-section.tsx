import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { CardDetails } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import classes from './cards.module.css'

/** How a station issues the card once more: out of stock on the pages, otherwise at its terminal. */
export function ReissueSection({ card }: { card: CardDetails }) {
  const { t } = useTranslation()
  const may = useMay()
  if (!card.isReissuable || !may('card:register')) return null
  const isStock = card.state === 'stock'
  return (
    <Section
      name="reissue"
      title={t('cards.reissue.title')}
      lead={t(isStock ? 'cards.reissue.stockLead' : 'cards.reissue.lead')}
    >
      {!isStock && <Text className={classes.command as string}>{t('cards.reissue.command', { id: card.id })}</Text>}
      {isStock && (
        <Anchor underline="always" renderRoot={(anchor) => <Link {...anchor} to="/lifecycle/register" search={{}} />}>
          {t('cards.reissue.toRegister')}
        </Anchor>
      )}
    </Section>
  )
}
