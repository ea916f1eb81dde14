import { Anchor, Button, Group, Paper, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { AgentView } from '@unlatch/contract'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readAgents } from '../agent-api.ts'
import classes from '../section.module.css'
import { useMay } from '../sign-in/session-gate.tsx'
import tables from '../table.module.css'
import { AddAgentDialog } from './add-agent-dialog.tsx'
import { AgentKind, AgentLastSeen, AgentStateBadge, AgentVersion } from './agent-facts.tsx'

const route = getRouteApi('/options/agents')

/** Agents come and go while the page is open. */
const REFRESH_MS = 5000

/** Options > Agents. */
export function AgentsPage() {
  const { t } = useTranslation()
  const may = useMay()
  const { show = 'present', search = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const [isAdding, setAdding] = useState(false)
  const found = useInfiniteQuery({
    queryKey: ['agents', show, search],
    queryFn: ({ pageParam, signal }) => readAgents({ show, search, after: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  })
  useEffect(() => {
    document.title = `${t('agents.title')} · ${t('shared.productName')}`
  }, [t])
  const agents = found.data?.pages.flatMap((page) => page.agents)
  const isRevoked = show === 'revoked'
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('agents.title')}
      </Title>
      <Text c="dimmed">{t('agents.lead')}</Text>
      <Group align="end">
        {may('agent:write') && (
          <Button leftSection={<IconPlus aria-hidden size={18} />} onClick={() => setAdding(true)}>
            {t('agents.add')}
          </Button>
        )}
        <SegmentedControl
          aria-label={t('agents.show')}
          value={show}
          onChange={(next) => void navigate({ search: next === 'revoked' ? { show: 'revoked' } : {} })}
          data={[
            { value: 'present', label: t('agents.present') },
            { value: 'revoked', label: t('agents.revoked') },
          ]}
        />
        {!isRevoked && (
          <TextInput
            aria-label={t('agents.search')}
            placeholder={t('agents.search')}
            leftSection={<IconSearch aria-hidden size={18} />}
            value={search}
            onChange={({ currentTarget: { value } }) =>
              void navigate({ search: value === '' ? {} : { search: value }, replace: true })
            }
            autoComplete="off"
            spellCheck={false}
            maxLength={100}
          />
        )}
      </Group>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('agents.loading')}</SlowWords>}
      {agents?.length === 0 && <Empty isRevoked={isRevoked} isSearch={search !== ''} mayWrite={may('agent:write')} />}
      {agents !== undefined && agents.length > 0 && <AgentTable agents={agents} />}
      {found.hasNextPage && (
        <div>
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t('agents.more')}
          </Button>
        </div>
      )}
      <AddAgentDialog isOpen={isAdding} onClose={() => setAdding(false)} />
    </Stack>
  )
}

function Empty(props: { isRevoked: boolean; isSearch: boolean; mayWrite: boolean }) {
  const { t } = useTranslation()
  if (props.isRevoked) return <Text>{t('agents.emptyRevoked')}</Text>
  if (props.isSearch) return <Text>{t('agents.emptySearch')}</Text>
  return (
    <div className={classes.empty}>
      <Title order={2} size="h4">
        {t('agents.emptyTitle')}
      </Title>
      <Text>{t('agents.emptyText')}</Text>
      {!props.mayWrite && <Text>{t('agents.emptyRead')}</Text>}
    </div>
  )
}

function AgentTable(props: { agents: readonly AgentView[] }) {
  const { t } = useTranslation()
  return (
    <Paper withBorder p="md">
      <table className={`${tables.table} ${tables.list}`} aria-label={t('agents.caption')}>
        <thead>
          <tr>
            <th scope="col">{t('agents.name')}</th>
            <th scope="col">{t('agents.state')}</th>
            <th scope="col">{t('agents.sees')}</th>
            <th scope="col">{t('agents.version')}</th>
            <th scope="col">{t('agents.lastSeen')}</th>
          </tr>
        </thead>
        <tbody>
          {props.agents.map((agent) => (
            <AgentRow key={agent.id} agent={agent} />
          ))}
        </tbody>
      </table>
    </Paper>
  )
}

function AgentRow({ agent }: { agent: AgentView }) {
  const { t } = useTranslation()
  return (
    <tr>
      <th scope="row">
        <Anchor
          underline="always"
          renderRoot={(anchor) => <Link {...anchor} to="/options/agents/$agentId" params={{ agentId: agent.id }} />}
        >
          {agent.name}
        </Anchor>
        <Text size="sm" c="dimmed">
          <AgentKind agent={agent} />
        </Text>
      </th>
      <td>
        <AgentStateBadge agent={agent} />
      </td>
      <td data-label={t('agents.sees')}>
        <Sees agent={agent} />
      </td>
      <td data-label={t('agents.version')}>
        <AgentVersion agent={agent} />
      </td>
      <td data-label={t('agents.lastSeen')}>
        <AgentLastSeen agent={agent} />
      </td>
    </tr>
  )
}

function Sees({ agent: { isOnline, readers } }: { agent: AgentView }) {
  const { t } = useTranslation()
  if (!isOnline) return '–'
  if (readers.length === 0) return t('agents.noReaders')
  const cards = readers.filter(({ card }) => card !== null).length
  return `${t('agents.readers', { count: readers.length })}, ${cards === 0 ? t('agents.noCard') : t('agents.cards', { count: cards })}`
}
