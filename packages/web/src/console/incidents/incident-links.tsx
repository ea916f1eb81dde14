import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '../sign-in/session-gate.tsx'
import tables from '../table.module.css'

/** Whom and what an incident is about: links for whoever may follow them, and words for others. */

export function CardLink({ id, label, printedSerial }: { id: string; label: string; printedSerial: string }) {
  const words = (
    <>
      {label}, <span className={tables.whole}>{printedSerial}</span>
    </>
  )
  if (!useMay()('person:read')) return words
  return (
    <Anchor
      inherit
      underline="always"
      renderRoot={(anchor) => <Link {...anchor} to="/lifecycle/cards/$cardId" params={{ cardId: id }} />}
    >
      {words}
    </Anchor>
  )
}

export function PersonLink({ id, name }: { id: string | null; name: string }) {
  const { t } = useTranslation()
  const may = useMay()
  if (id === null) return t('incidents.nobodyHolds')
  if (!may('person:read')) return name
  return (
    <Anchor
      inherit
      underline="always"
      renderRoot={(anchor) => <Link {...anchor} to="/people/$personId" params={{ personId: id }} />}
    >
      {name}
    </Anchor>
  )
}

export function AgentLink({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation()
  const words = t('incidents.agent', { name })
  if (!useMay()('agent:read')) return words
  return (
    <Anchor
      inherit
      underline="always"
      renderRoot={(anchor) => <Link {...anchor} to="/options/agents/$agentId" params={{ agentId: id }} />}
    >
      {words}
    </Anchor>
  )
}
