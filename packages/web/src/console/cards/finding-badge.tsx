import { Badge } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { CardFinding } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'

/** What is the matter with a card, by icon, word and colour; a card that is *PUC only* needs no haste. */
export function FindingBadge(props: { finding: CardFinding }) {
  const { t } = useTranslation()
  const isCalm = props.finding === 'puc-only'
  const Sign = isCalm ? IconInfoCircle : IconAlertTriangle
  return (
    <Badge
      variant="light"
      color={isCalm ? 'gray' : 'orange'}
      tt="none"
      radius="sm"
      leftSection={<Sign aria-hidden size={14} />}
    >
      {t(`cards.findings.${props.finding}.title`)}
    </Badge>
  )
}
