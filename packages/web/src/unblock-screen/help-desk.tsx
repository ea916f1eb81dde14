import { Text } from '@mantine/core'
import { IconPhone } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

/** Whom to call; only a number that came with the signed configuration. */
export function HelpDesk(props: { phone: string | null }) {
  const { t } = useTranslation()
  return (
    <Text fw={600} style={{ display: 'flex', alignItems: 'center', gap: '0.5rem' }}>
      <IconPhone aria-hidden />
      {props.phone === null
        ? t('unblockScreen.helpDeskUnknown')
        : t('unblockScreen.callHelpDesk', { phone: props.phone })}
    </Text>
  )
}
