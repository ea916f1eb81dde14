import { Badge, Group } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconLock } from '@tabler/icons-react'
import type { TemplateView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'

/** Whether a template can be used, and whether it is locked: by icon, word and colour. */
export function TemplateStateBadges({ template }: { template: TemplateView }) {
  const { t } = useTranslation()
  const isUsable = template.faults.length === 0
  const Sign = isUsable ? IconCheck : IconAlertTriangle
  return (
    <Group gap={4}>
      <Badge
        variant="light"
        color={isUsable ? 'green' : 'orange'}
        tt="none"
        radius="sm"
        leftSection={<Sign aria-hidden size={14} />}
      >
        {t(isUsable ? 'templates.list.usable' : 'templates.list.unusable')}
      </Badge>
      {template.isLocked && (
        <Badge variant="light" color="gray" tt="none" radius="sm" leftSection={<IconLock aria-hidden size={14} />}>
          {t('templates.list.locked')}
        </Badge>
      )}
    </Group>
  )
}
