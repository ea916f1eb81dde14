import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconPlugConnectedX } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../connection.ts'
import { readStatus } from '../server-api.ts'
import { useServerStatus } from '../server-status.ts'
import classes from './banners.module.css'

/** Says above every page what this installation is not good for. */
export function StatusBanner() {
  const { t } = useTranslation()
  const { data: status } = useServerStatus()
  if (status === undefined) return null
  return (
    <>
      {status.isThreatRaised && (
        <section className={classes.threat} aria-label={t('console.banner.threatLabel')}>
          <IconAlertTriangle aria-hidden size={18} className={classes.icon} />
          <Text inherit fw={600}>
            {t('console.banner.threat')}
          </Text>
        </section>
      )}
      {status.isDemo && (
        <section className={classes.status} aria-label={t('console.banner.label')}>
          <IconAlertTriangle aria-hidden size={18} className={classes.icon} />
          <Text inherit>{t('console.banner.demo')}</Text>
        </section>
      )}
    </>
  )
}

/** Stands while the server does not answer, and takes no typed letter away. */
export function UnreachableBanner() {
  const { t } = useTranslation()
  const { isReachable } = useConnection()
  const queries = useQueryClient()
  const retry = useMutation({
    mutationFn: async () => {
      await readStatus()
      await queries.refetchQueries({ predicate: (query) => query.state.status === 'error' })
    },
  })
  return (
    <div role="alert">
      {!isReachable && (
        <Alert
          color="red"
          variant="light"
          mb="md"
          icon={<IconPlugConnectedX aria-hidden />}
          className={classes.unreachable}
        >
          <Group justify="space-between" gap="sm">
            <Text inherit fw={600}>
              {t('console.banner.unreachable')}
            </Text>
            <Button size="xs" color="red" loading={retry.isPending} onClick={() => retry.mutate()}>
              {t('console.banner.retry')}
            </Button>
          </Group>
        </Alert>
      )}
    </div>
  )
}
