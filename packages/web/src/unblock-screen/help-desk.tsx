import { Text } from '@mantine/core'
import { IconPhone } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './unblock-screen.module.css'

/** Whom to call; only a number that came with the signed configuration. */
export function HelpDesk(props: { phone: string | null }) {
  const { t } = useTranslation()
  return (
    <Text fw={600} component="div" className={classes.helpDesk as string}>
      <IconPhone aria-hidden />
      {props.phone === null ? (
        t('unblockScreen.helpDeskUnknown')
      ) : (
        <>
          <span>{t('unblockScreen.callHelpDesk')}</span> <span className={classes.phone}>{props.phone}</span>
        </>
      )}
    </Text>
  )
}
