import { Badge } from '@mantine/core'
import { IconBan, IconCheck, IconClockX, IconMail } from '@tabler/icons-react'
import type { OperatorView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'

const LOOKS = {
  active: { colour: 'green', Icon: IconCheck },
  invited: { colour: 'blue', Icon: IconMail },
  expired: { colour: 'orange', Icon: IconClockX },
  disabled: { colour: 'red', Icon: IconBan },
} as const satisfies Record<OperatorView['state'], { colour: string; Icon: typeof IconCheck }>

/** An operator's state by icon, word and colour. */
export function OperatorStateBadge(props: { state: OperatorView['state'] }) {
  const { t } = useTranslation()
  const { colour, Icon } = LOOKS[props.state]
  return (
    <Badge variant="light" color={colour} tt="none" radius="sm" leftSection={<Icon aria-hidden size={14} />}>
      {t(`operators.list.states.${props.state}`)}
    </Badge>
  )
}
