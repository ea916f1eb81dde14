import { Badge, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../../shared/local-time.tsx'

/** Whether a connection sent a test as it is now; only then it delivers. */
export function TestedBadge({ testedAt }: { testedAt: string | null }) {
  const { t } = useTranslation()
  const isTested = testedAt !== null
  const Sign = isTested ? IconCheck : IconAlertTriangle
  return (
    <>
      <Badge
        variant="light"
        color={isTested ? 'green' : 'orange'}
        tt="none"
        radius="sm"
        leftSection={<Sign aria-hidden size={14} />}
      >
        {t(isTested ? 'templates.connections.tested' : 'templates.connections.untested')}
      </Badge>
      <Text size="sm" c="dimmed">
        {isTested ? <LocalTime at={testedAt} /> : t('templates.connections.untestedMeans')}
      </Text>
    </>
  )
}
