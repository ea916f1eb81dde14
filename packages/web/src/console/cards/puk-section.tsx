import { Stack, Text } from '@mantine/core'
import type { CardDetails } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../../shared/local-time.tsx'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { PucActions } from '../unblock/puc-section.tsx'

/** What is on record about the card's PUC, and what became of it. The PUC itself is read in a dialog alone. */
export function PukSection({ card }: { card: CardDetails }) {
  const { t } = useTranslation()
  const may = useMay()
  const { puk } = card
  return (
    <Section name="puc" title={t('cards.page.pucTitle')}>
      <Stack gap="xs">
        {puk === null ? (
          <Text>{t('cards.page.noPuk')}</Text>
        ) : (
          <>
            <Text>{t(`cards.page.puk.${puk.knowledge}`)}</Text>
            {puk.exposedSince === null ? (
              <Text>{t('cards.page.notExposed')}</Text>
            ) : (
              <Text>
                {t('cards.page.exposed')} <LocalTime at={puk.exposedSince} />.{' '}
                {puk.exposedTo === null
                  ? t('cards.page.exposedToUnknown')
                  : t('cards.page.exposedTo', { name: puk.exposedTo })}
                .
              </Text>
            )}
            <Text>{t('cards.page.tries', { count: puk.triesAtLeast, limit: puk.triesLimit })}.</Text>
          </>
        )}
        {card.holder !== null && (may('puc:deliver') || may('puc:read')) && (
          <div>
            <PucActions cardId={card.id} isShownFirst={card.findings.includes('puc-undelivered')} />
          </div>
        )}
      </Stack>
    </Section>
  )
}
