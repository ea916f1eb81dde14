import { Anchor, Button, Paper, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ConnectionView } from '@unlatch/contract'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import classes from '../section.module.css'
import { useMay } from '../sign-in/session-gate.tsx'
import tables from '../table.module.css'
import { readConnections } from '../template-api.ts'
import styles from './connections.module.css'
import { OpenDeliveries } from './open-deliveries.tsx'
import { TestedBadge } from './tested-badge.tsx'

/** Options > Connections. */
export function ConnectionsPage() {
  const { t } = useTranslation()
  const may = useMay()
  const found = useQuery({ queryKey: ['connections'], queryFn: readConnections })
  useEffect(() => {
    document.title = `${t('templates.connections.title')} · ${t('shared.productName')}`
  }, [t])
  const connections = found.data?.connections
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('templates.connections.title')}
      </Title>
      <Text c="dimmed">{t('templates.connections.lead')}</Text>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('templates.connections.loading')}</SlowWords>}
      {connections !== undefined && may('connection:write') && (
        <div>
          <Button
            leftSection={<IconPlus aria-hidden size={18} />}
            renderRoot={(button) => <Link {...button} to="/options/connections/new" />}
          >
            {t('templates.connections.add')}
          </Button>
        </div>
      )}
      {connections?.length === 0 && (
        <div className={classes.empty}>
          <Title order={2} size="h4">
            {t('templates.connections.emptyTitle')}
          </Title>
          <Text>{t('templates.connections.emptyText')}</Text>
          {!may('connection:write') && <Text>{t('templates.connections.emptyRead')}</Text>}
        </div>
      )}
      {connections !== undefined && connections.length > 0 && <ConnectionTable connections={connections} />}
    </Stack>
  )
}

function ConnectionTable(props: { connections: readonly ConnectionView[] }) {
  const { t } = useTranslation()
  return (
    <Paper withBorder p="md">
      <table className={`${tables.table} ${tables.list}`} aria-label={t('templates.connections.caption')}>
        <thead>
          <tr>
            <th scope="col">{t('templates.connections.name')}</th>
            <th scope="col">{t('templates.connections.state')}</th>
            <th scope="col">{t('templates.connections.where')}</th>
            <th scope="col">{t('templates.connections.deliveries')}</th>
            <th scope="col">{t('templates.connections.usedBy')}</th>
          </tr>
        </thead>
        <tbody>
          {props.connections.map((connection) => (
            <ConnectionRow key={connection.id} connection={connection} />
          ))}
        </tbody>
      </table>
    </Paper>
  )
}

function ConnectionRow({ connection }: { connection: ConnectionView }) {
  const { t } = useTranslation()
  const { id, name, kind, testedAt, usedBy } = connection
  return (
    <tr>
      <th scope="row">
        <Anchor
          underline="always"
          renderRoot={(anchor) => (
            <Link {...anchor} to="/options/connections/$connectionId" params={{ connectionId: id }} />
          )}
        >
          {name}
        </Anchor>
        <Text size="sm" c="dimmed">
          {t(`templates.connections.kinds.${kind}`)}
        </Text>
      </th>
      <td>
        <TestedBadge testedAt={testedAt} />
      </td>
      <td data-label={t('templates.connections.where')}>
        <Where connection={connection} />
      </td>
      <td data-label={t('templates.connections.deliveries')}>
        {kind === 'directory' || kind === 'identity-provider' ? '–' : <OpenDeliveries connection={connection} />}
      </td>
      <td data-label={t('templates.connections.usedBy')}>
        {kind === 'directory' ? t('console.menu.people') : usedBy.join(', ') || t('templates.connections.unused')}
      </td>
    </tr>
  )
}

/** Where a connection leads. */
function Where({ connection }: { connection: ConnectionView }) {
  const { t } = useTranslation()
  switch (connection.kind) {
    case 'smtp': {
      const { host, port, security, from } = connection.smtp
      return (
        <>
          <span className={styles.address}>
            {t('templates.connections.whereWords', { host, port })},{' '}
            {t(`templates.connection.securityShort.${security}`)}
          </span>
          <Text size="sm" c="dimmed" className={styles.address as string}>
            {t('templates.connections.from', { address: from })}
          </Text>
        </>
      )
    }
    case 'letter':
      return <span className={styles.address}>{t('templates.connections.folder', connection.letter)}</span>
    case 'file':
      return (
        <span className={styles.address}>{t('templates.connections.folder', { folder: connection.file.folder })}</span>
      )
    case 'webhook':
      return <span className={styles.address}>{connection.webhook.url}</span>
    case 'directory':
      return <span className={styles.address}>{connection.directory.urls.join(', ')}</span>
    case 'identity-provider':
      return <span className={styles.address}>{connection.provider.issuer}</span>
  }
}
