import { Badge } from '@mantine/core'
import { IconAlertOctagon, IconCircleCheck } from '@tabler/icons-react'
import type { CaughtRow, IncidentRow } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'

const LOOKS = {
  open: { colour: 'red', Sign: IconAlertOctagon },
  closed: { colour: 'gray', Sign: IconCircleCheck },
} as const

/** Three parts: what happened · what it means for the card · what to do now. */
export interface IncidentWords {
  readonly happened: string
  readonly card: string
  readonly now: string
}

/** What a line of the list says, whoever noticed it. */
export function useIncidentWords(): (incident: IncidentRow | CaughtRow) => IncidentWords {
  const { t } = useTranslation()
  const what = useWhatHappened()
  return (incident) => {
    const words = (part: keyof IncidentWords) =>
      incident.source === 'server'
        ? t(`incidents.caught.kinds.${incident.kind}.${part}`)
        : t(`incidents.said.${part}`, { what: what(incident) })
    return { happened: words('happened'), card: words('card'), now: words('now') }
  }
}

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
