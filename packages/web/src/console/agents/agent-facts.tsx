import { Badge, Text } from '@mantine/core'
import {
  IconAlertTriangle,
  IconBan,
  IconClockX,
  IconMail,
  IconPlugConnected,
  IconPlugConnectedX,
} from '@tabler/icons-react'
import type { AgentView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../../shared/local-time.tsx'
import styles from './agents.module.css'

/** How an agent stands, as people ask: whether it is there comes first. */
const LOOKS = {
  online: { colour: 'green', Icon: IconPlugConnected },
  offline: { colour: 'gray', Icon: IconPlugConnectedX },
  waiting: { colour: 'blue', Icon: IconMail },
  expired: { colour: 'orange', Icon: IconClockX },
  revoked: { colour: 'red', Icon: IconBan },
} as const

function standingOf({ state, isOnline }: AgentView): keyof typeof LOOKS {
  if (state === 'waiting' || state === 'expired' || state === 'revoked') return state
  return isOnline ? 'online' : 'offline'
}

/** An agent's state by icon, word and colour. */
export function AgentStateBadge({ agent }: { agent: AgentView }) {
  const { t } = useTranslation()
  const standing = standingOf(agent)
  const { colour, Icon } = LOOKS[standing]
  return (
    <Badge
      className={styles.state as string}
      variant="light"
      color={colour}
      tt="none"
      radius="sm"
      leftSection={<Icon aria-hidden size={14} />}
    >
      {t(`agents.states.${standing}`)}
    </Badge>
  )
}

export function AgentKind({ agent }: { agent: AgentView }) {
  const { t } = useTranslation()
  const kind = t(`agents.kinds.${agent.isStation ? 'station' : 'holder'}`)
  return agent.state === 'configured' ? `${kind}, ${t('agents.fromConfiguration')}` : kind
}

/** Its version, and what is the matter with it. */
export function AgentVersion({ agent }: { agent: AgentView }) {
  const { t } = useTranslation()
  const { version, age } = agent
  return (
    <>
      {version ?? t('agents.notRecorded')}
      {(age === 'older' || age === 'too-old') && (
        <Text size="sm">
          <IconAlertTriangle aria-hidden size={14} /> {t(`agents.ages.${age}`)}
        </Text>
      )}
    </>
  )
}

export function AgentLastSeen({ agent }: { agent: AgentView }) {
  const { t } = useTranslation()
  if (agent.isOnline) return t('agents.now')
  if (agent.lastSeenAt !== null) return <LocalTime at={agent.lastSeenAt} />
  return t(agent.state === 'configured' ? 'agents.notRecorded' : 'agents.never')
}
