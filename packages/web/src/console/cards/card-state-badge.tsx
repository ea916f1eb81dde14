import { Badge } from '@mantine/core'
import { IconBan, IconBox, IconCheck, IconCircleDashed, IconPlayerPause, IconTrash } from '@tabler/icons-react'
import type { CardSummary } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'

const LOOKS = {
  stock: { colour: 'gray', Icon: IconBox },
  registered: { colour: 'gray', Icon: IconCircleDashed },
  issued: { colour: 'blue', Icon: IconCheck },
  active: { colour: 'green', Icon: IconCheck },
  suspended: { colour: 'orange', Icon: IconPlayerPause },
  revoked: { colour: 'red', Icon: IconBan },
  retired: { colour: 'gray', Icon: IconTrash },
} as const satisfies Record<CardSummary['state'], { colour: string; Icon: typeof IconCheck }>

/** A card's state by icon, word and colour. */
export function CardStateBadge(props: { state: CardSummary['state'] }) {
  const { t } = useTranslation()
  const { colour, Icon } = LOOKS[props.state]
  return (
    <Badge variant="light" color={colour} tt="none" radius="sm" leftSection={<Icon aria-hidden size={14} />}>
      {t(`console.unblock.card.state.${props.state}`)}
    </Badge>
  )
}
