import { Badge } from '@mantine/core'
import { IconAlertOctagon, IconCircleCheck } from '@tabler/icons-react'
import type { IncidentRow } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'

const LOOKS = {
  open: { colour: 'red', Sign: IconAlertOctagon },
  closed: { colour: 'gray', Sign: IconCircleCheck },
} as const

export function IncidentStateBadge({ state }: { state: IncidentRow['state'] }) {
  const { t } = useTranslation()
  const { colour, Sign } = LOOKS[state]
  return (
    <Badge variant="light" color={colour} tt="none" radius="sm" leftSection={<Sign aria-hidden size={14} />}>
      {t(`incidents.state.${state}`)}
    </Badge>
  )
}

/** What the holder was told of, in a sentence without its subject. */
export function useWhatHappened(): (incident: Pick<IncidentRow, 'kind' | 'cardState'>) => string {
  const { t } = useTranslation()
  return ({ kind, cardState }) => {
    const state = cardState === null ? '' : t(`notices.states.${cardState as 'suspended'}`)
    return t(`incidents.what.${kind}`, { state })
  }
}
