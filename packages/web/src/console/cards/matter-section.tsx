import { Anchor, Stack, Text } from '@mantine/core'
import type { CardDetails, CardFinding } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'
import { FindingBadge } from './finding-badge.tsx'

/** Where on the page a remedy is done; the others are done at a station. */
const PLACES: Readonly<
  Partial<Record<CardFinding, { readonly to: string; readonly words: 'toPuc' | 'toIssue' | 'toReplace' }>>
> = {
  'puc-undelivered': { to: '#puc', words: 'toPuc' },
  'puk-unknown': { to: '#moves', words: 'toReplace' },
  'key-factory': { to: '#reissue', words: 'toIssue' },
  'key-unknown': { to: '#reissue', words: 'toIssue' },
  'puc-only': { to: '#moves', words: 'toReplace' },
}

/** What is wrong with the card, why that matters, and what to do. */
export function MatterSection({ card }: { card: CardDetails }) {
  const { t } = useTranslation()
  return (
    <Section title={t('cards.page.matterTitle')}>
      <Stack gap="sm">
        {card.findings.map((finding) => {
          const place = PLACES[finding]
          return (
            <div key={finding}>
              <FindingBadge finding={finding} />
              <Text>{t(`cards.findings.${finding}.why`)}</Text>
              <Text fw={600}>{t(`cards.remedies.${finding}`)}</Text>
              {place && (
                <Anchor href={place.to} underline="always">
                  {t(`cards.page.${place.words}`)}
                </Anchor>
              )}
            </div>
          )
        })}
      </Stack>
    </Section>
  )
}
