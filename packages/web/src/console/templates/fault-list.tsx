import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { TemplateFault } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { useMay } from '../sign-in/session-gate.tsx'
import { PLACE_OF_FAULT } from './template-rules.ts'
import styles from './templates.module.css'

interface FaultsProps {
  /** The template's page; absent where its form is on this page. */
  readonly templateId?: string
  readonly connectionId: string | null
}

/** Why a template cannot be used, each with a link to what mends it. */
export function FaultList(props: FaultsProps & { faults: readonly TemplateFault[] }) {
  const { t } = useTranslation()
  return (
    <ul className={styles.faults}>
      {props.faults.map((fault) => (
        <li key={fault}>
          {t(`templates.faults.${fault}`)} <MendLink {...props} fault={fault} />
        </li>
      ))}
    </ul>
  )
}

const LOOK = { inherit: true, c: 'inherit', underline: 'always' } as const

function MendLink({ fault, templateId, connectionId }: FaultsProps & { fault: TemplateFault }) {
  const { t } = useTranslation()
  const may = useMay()
  const words = t(`templates.mend.${fault}`)
  const place = PLACE_OF_FAULT[fault]
  if (fault === 'connection-untested' && connectionId !== null) {
    if (!may('connection:read')) return null
    return (
      <Anchor
        {...LOOK}
        renderRoot={(anchor) => <Link {...anchor} to="/options/connections/$connectionId" params={{ connectionId }} />}
      >
        {words}
      </Anchor>
    )
  }
  if (templateId === undefined) {
    return (
      <Anchor {...LOOK} component="button" type="button" onClick={() => document.getElementById(place)?.focus()}>
        {words}
      </Anchor>
    )
  }
  return (
    <Anchor
      {...LOOK}
      renderRoot={(anchor) => (
        <Link {...anchor} to="/templates/card-templates/$templateId" params={{ templateId }} hash={place} />
      )}
    >
      {words}
    </Anchor>
  )
}
