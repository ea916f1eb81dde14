import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { AgentView } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { changeAgent, readAgent } from '../agent-api.ts'
import { DetailsPage } from '../details-page.tsx'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { AgentKind, AgentLastSeen, AgentStateBadge, AgentVersion } from './agent-facts.tsx'
import { AgentFields } from './agent-fields.tsx'
import styles from './agents.module.css'
import { RevokeSection } from './revoke-section.tsx'

const route = getRouteApi('/options/agents/$agentId')

const REFRESH_MS = 3000

/** One agent: how it stands, what it sees now, and what an administrator does with it. */
export function AgentPage() {
  const { t } = useTranslation()
  const { agentId } = route.useParams()
  const found = useQuery({
    queryKey: ['agents', 'one', agentId],
    queryFn: ({ signal }) => readAgent(agentId, signal),
    refetchInterval: REFRESH_MS,
  })
  const agent = found.data
  return (
    <DetailsPage
      title={agent?.name ?? t('agents.details.facts')}
      back={
        <Anchor component={Link} to="/options/agents" underline="always">
          {t('agents.details.back')}
        </Anchor>
      }
    >
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('agents.details.loading')}</SlowWords>}
      {agent !== undefined && <PresentAgent agent={agent} />}
    </DetailsPage>
  )
}

function PresentAgent({ agent }: { agent: AgentView }) {
  const { t } = useTranslation()
  const may = useMay()
  const isOurs = agent.state !== 'configured' && agent.state !== 'revoked'
  return (
    <>
      <Facts agent={agent} />
      {agent.state === 'configured' && <Text>{t('agents.details.configured')}</Text>}
      {agent.state === 'expired' && <Text>{t('agents.details.expired')}</Text>}
      {agent.state !== 'revoked' && <ReadersSection agent={agent} />}
      {isOurs && !may('agent:write') && <Text>{t('agents.details.onlyRead')}</Text>}
      {isOurs && may('agent:write') && (
        <>
          <ChangeSection key={`${agent.name} ${agent.isStation}`} agent={agent} />
          <RevokeSection agent={agent} />
        </>
      )}
    </>
  )
}

function Facts({ agent }: { agent: AgentView }) {
  const { t } = useTranslation()
  const { addedAt, addedBy, enrolledAt, codeExpiresAt, revokedAt } = agent
  return (
    <Section title={t('agents.details.facts')}>
      <dl className={classes.facts}>
        <dt>{t('agents.state')}</dt>
        <dd>
          <AgentStateBadge agent={agent} />
        </dd>
        <dt>{t('agents.details.kind')}</dt>
        <dd>
          <AgentKind agent={agent} />
        </dd>
        <dt>{t('agents.version')}</dt>
        <dd>
          <AgentVersion agent={agent} />
        </dd>
        {agent.platform !== null && (
          <>
            <dt>{t('agents.details.platform')}</dt>
            <dd>{agent.platform}</dd>
          </>
        )}
        <dt>{t('agents.lastSeen')}</dt>
        <dd>
          <AgentLastSeen agent={agent} />
        </dd>
        {addedAt !== null && (
          <>
            <dt>{t('agents.details.added')}</dt>
            <dd>
              <LocalTime at={addedAt} /> {addedBy !== null && t('agents.details.addedBy', { name: addedBy })}
            </dd>
            <dt>{t('agents.details.enrolled')}</dt>
            <dd>{enrolledAt === null ? t('agents.details.notEnrolled') : <LocalTime at={enrolledAt} />}</dd>
          </>
        )}
        {codeExpiresAt !== null && agent.state === 'waiting' && (
          <>
            <dt>{t('agents.details.codeEnds')}</dt>
            <dd>
              <LocalTime at={codeExpiresAt} />
            </dd>
          </>
        )}
        {revokedAt !== null && (
          <>
            <dt>{t('agents.details.revokedAt')}</dt>
            <dd>
              <LocalTime at={revokedAt} />
            </dd>
          </>
        )}
        <dt>{t('agents.details.key')}</dt>
        <dd className={styles.key}>{agent.keySha256 ?? t('agents.details.noKey')}</dd>
      </dl>
    </Section>
  )
}

function ReadersSection({ agent: { isOnline, readers } }: { agent: AgentView }) {
  const { t } = useTranslation()
  return (
    <Section title={t('agents.details.readersTitle')}>
      {!isOnline && <Text>{t('agents.details.readersOffline')}</Text>}
      {isOnline && readers.length === 0 && <Text>{t('agents.details.readersNone')}</Text>}
      {readers.length > 0 && (
        <ul className={classes.rows}>
          {readers.map(({ name, card }) => (
            <li key={name}>
              <Text fw={600} className={classes.what as string}>
                {name}
              </Text>
              <Text>
                {card === null && t('agents.noCard')}
                {card !== null &&
                  (card.kind === null ? t('agents.someCard') : t(`console.lifecycle.stations.kind.${card.kind}`))}
                {card?.isBlocked === true && `, ${t('agents.blocked')}`}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function ChangeSection({ agent }: { agent: AgentView }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [wish, setWish] = useState({ name: agent.name, isStation: agent.isStation })
  const isChanged = wish.name !== agent.name || wish.isStation !== agent.isStation
  const save = useMutation({
    mutationFn: () => changeAgent(agent.id, wish),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['agents'] }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isChanged && !save.isPending) save.mutate()
  }
  return (
    <Section title={t('agents.details.changeTitle')} lead={t('agents.details.changeLead')}>
      <form onSubmit={submit}>
        <Stack>
          {save.isError && <ProblemNotice problem={toFailure(save.error)} />}
          <AgentFields wish={wish} isInDialog={false} onChange={setWish} />
          <Group gap="sm">
            <Button type="submit" loading={save.isPending} disabled={!isChanged}>
              {t('agents.details.save')}
            </Button>
            <Text role="status">{save.isSuccess && !isChanged && t('agents.details.saved')}</Text>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
