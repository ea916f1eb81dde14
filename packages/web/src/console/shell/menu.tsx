import { Divider, NavLink, Text } from '@mantine/core'
import {
  type Icon,
  IconAlertOctagon,
  IconCards,
  IconChartBar,
  IconDeviceDesktop,
  IconGauge,
  IconHeadset,
  IconHeartbeat,
  IconIdBadge2,
  IconLockOpen2,
  IconSend,
  IconTemplate,
  IconUserCheck,
  IconUsers,
  IconUsersGroup,
  IconWand,
} from '@tabler/icons-react'
import { Link, useMatchRoute } from '@tanstack/react-router'
import type { Permission } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { useMay } from '../sign-in/session-gate.tsx'

/** The menu, in the users' words. A page is here when it works, and for whoever may use it. */
const MENU = [
  {
    title: 'home',
    entries: [{ to: '/help-desk', label: 'home', permission: 'desk:watch', Sign: IconChartBar }],
  },
  {
    title: 'actions',
    entries: [
      { to: '/actions/smart-card-unblock', label: 'unblock', permission: 'unblock:release', Sign: IconLockOpen2 },
      { to: '/actions/live-desk', label: 'liveDesk', permission: 'unblock:release', Sign: IconHeadset },
      {
        to: '/approvals',
        label: 'approvals',
        permission: ['verification:confirm', 'unblock:approve'],
        Sign: IconUserCheck,
      },
    ],
  },
  {
    title: 'lifecycle',
    entries: [
      { to: '/lifecycle/register', label: 'register', permission: 'card:register', Sign: IconIdBadge2 },
      { to: '/lifecycle/issue', label: 'issue', permission: 'card:register', Sign: IconWand },
      { to: '/lifecycle/cards', label: 'cards', permission: 'person:read', Sign: IconCards },
    ],
  },
  {
    title: 'people',
    entries: [{ to: '/people', label: 'people', permission: 'person:read', Sign: IconUsers }],
  },
  {
    title: 'templates',
    entries: [
      { to: '/templates/card-templates', label: 'cardTemplates', permission: 'template:read', Sign: IconTemplate },
    ],
  },
  {
    title: 'options',
    entries: [
      { to: '/options/connections', label: 'connections', permission: 'connection:read', Sign: IconSend },
      {
        to: '/options/operators-and-roles',
        label: 'operators',
        permission: 'operator:read',
        Sign: IconUsersGroup,
      },
      { to: '/options/agents', label: 'agents', permission: 'agent:read', Sign: IconDeviceDesktop },
      { to: '/options/limits-and-threat-level', label: 'desk', permission: 'desk:read', Sign: IconGauge },
    ],
  },
  {
    title: 'evidence',
    entries: [{ to: '/evidence/incidents', label: 'incidents', permission: 'incident:read', Sign: IconAlertOctagon }],
  },
  {
    title: 'health',
    entries: [{ to: '/health', label: 'health', permission: 'person:read', Sign: IconHeartbeat }],
  },
] as const satisfies readonly {
  title: string
  entries: readonly { to: string; label: string; permission: Permission | readonly Permission[]; Sign: Icon }[]
}[]

export function Menu(props: { onChoose: () => void }) {
  const { t } = useTranslation()
  const may = useMay()
  const matches = useMatchRoute()
  return MENU.map(({ title, entries }) => {
    const permitted = entries.filter(({ permission }) => [permission].flat().some((one) => may(one)))
    if (permitted.length === 0) return null
    return (
      <div key={title}>
        {/* A group of one page is called by it. */}
        {title === 'home' ? null : title === 'health' ? (
          <Divider my="xs" />
        ) : (
          <Text size="sm" fw={600} c="dimmed" px="sm" pt="sm" pb={4}>
            {t(`console.menu.${title}`)}
          </Text>
        )}
        {permitted.map(({ to, label, Sign }) => {
          const isHere = matches({ to, fuzzy: true }) !== false
          return (
            <NavLink
              key={to}
              component={Link}
              to={to}
              label={t(`console.menu.${label}`)}
              leftSection={<Sign aria-hidden size={18} />}
              active={isHere}
              aria-current={isHere ? 'page' : undefined}
              onClick={props.onChoose}
            />
          )
        })}
      </div>
    )
  })
}
