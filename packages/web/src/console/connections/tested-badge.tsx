import { Badge } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../../shared/local-time.tsx'

/** Whether a connection sent a test as it is now; only then it delivers. */
export function TestedBadge({ testedAt }: { testedAt: string | null }) {
  const { t } = useTranslation()
  const Sign = testedAt === null ? IconAlertTriangle : IconCheck
  return (
    <Badge
      variant="light"
      color={testedAt === null ? 'orange' : 'green'}
      tt="none"
      radius="sm"
      h="auto"
      mih="1.25rem"
      leftSection={<Sign aria-hidden size={14} />}
      styles={{ label: { whiteSpace: 'normal' } }}
    >
      {testedAt === null ? (
        t('templates.connections.untested')
      ) : (
        <>
          {t('templates.connections.tested')} <LocalTime at={testedAt} />
        </>
      )}
    </Badge>
  )
}
