import { IconAlertTriangle } from '@tabler/icons-react'
import type { ConnectionView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import styles from './connections.module.css'

/** What waits and what failed for good. */
export function OpenDeliveries({ connection: { waiting, failed } }: { connection: ConnectionView }) {
  const { t } = useTranslation()
  if (waiting === 0 && failed === 0) return t('templates.connections.noneOpen')
  return (
    <>
      {waiting > 0 && <span>{t('templates.connections.waiting', { count: waiting })}</span>}
      {waiting > 0 && failed > 0 && ', '}
      {failed > 0 && (
        <span className={styles.failed}>
          <IconAlertTriangle aria-hidden size={16} /> {t('templates.connections.failed', { count: failed })}
        </span>
      )}
    </>
  )
}
