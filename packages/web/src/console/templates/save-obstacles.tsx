import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { AddTemplate, ConnectionView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { FaultList } from './fault-list.tsx'
import { findFaults, isRefused } from './template-rules.ts'

/** Whether what is typed can be saved, and used. */
export function SaveObstacles(props: { wish: AddTemplate; connections: readonly ConnectionView[] | undefined }) {
  const { t } = useTranslation()
  const { document } = props.wish
  const faults = findFaults(document, props.connections)
  const refused = faults.filter(isRefused)
  const shown = refused.length > 0 ? refused : faults
  if (shown.length === 0) return null
  return (
    <Alert
      w="100%"
      p="xs"
      variant="light"
      color={refused.length > 0 ? 'red' : 'orange'}
      icon={<IconAlertTriangle aria-hidden />}
    >
      <Text inherit fw={600} role="status">
        {t(refused.length > 0 ? 'templates.page.refusedTitle' : 'templates.page.faultsSavable')}
      </Text>
      <FaultList faults={shown} connectionId={document.connectionId} />
    </Alert>
  )
}
