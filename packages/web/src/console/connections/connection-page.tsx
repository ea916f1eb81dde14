import { Anchor, Button, Group, Radio, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { CONNECTION_KINDS, type ConnectionKind, type ConnectionView } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { DetailsPage } from '../details-page.tsx'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { addConnection, changeConnection, readConnections } from '../template-api.ts'
import { ConnectionForm, type ConnectionWish, detailsOf, NEW_DETAILS, writeWish } from './connection-form.tsx'
import { OpenDeliveries } from './open-deliveries.tsx'
import { RemoveSection } from './remove-section.tsx'
import { TestSection } from './test-section.tsx'
import { TestedBadge } from './tested-badge.tsx'

const route = getRouteApi('/options/connections/$connectionId')

/** One connection: its settings, Test, and Remove. */
export function ConnectionPage() {
  const { t } = useTranslation()
  const { connectionId } = route.useParams()
  const found = useQuery({ queryKey: ['connections'], queryFn: readConnections })
  const connection = found.data?.connections.find(({ id }) => id === connectionId)
  return (
    <DetailsPage title={connection?.name ?? t('templates.connection.facts')} back={<Back />}>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('templates.connection.loading')}</SlowWords>}
      {found.isSuccess && connection === undefined && <Text>{t('templates.connection.missing')}</Text>}
      {connection !== undefined && <PresentConnection key={connection.id} connection={connection} />}
    </DetailsPage>
  )
}

function PresentConnection({ connection }: { connection: ConnectionView }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const may = useMay()
  const { id, kind, name, usedBy } = connection
  const [typed, setTyped] = useState<ConnectionWish>()
  const [round, setRound] = useState(0)
  const wish = typed ?? { name, details: detailsOf(connection), secret: undefined }
  const save = useMutation({
    mutationFn: () => changeConnection(id, writeWish(wish)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['connections'] })
      await queries.invalidateQueries({ queryKey: ['card-templates'] })
      forget()
    },
  })
  const forget = () => {
    setTyped(undefined)
    setRound((before) => before + 1)
  }
  const change = (next: ConnectionWish) => {
    save.reset()
    setTyped(next)
  }
  const mayWrite = may('connection:write')
  return (
    <>
      <Section title={t('templates.connection.facts')}>
        <dl className={classes.facts}>
          <dt>{t('templates.connection.kind')}</dt>
          <dd>{t(`templates.connections.kinds.${kind}`)}</dd>
          <dt>{t('templates.connections.state')}</dt>
          <dd>
            <TestedBadge testedAt={connection.testedAt} />
          </dd>
          {kind !== 'directory' && kind !== 'identity-provider' && (
            <>
              <dt>{t('templates.connections.usedBy')}</dt>
              <dd>{usedBy.join(', ') || t('templates.connections.unused')}</dd>
              <dt>{t('templates.connections.deliveries')}</dt>
              <dd>
                <OpenDeliveries connection={connection} />
              </dd>
            </>
          )}
        </dl>
      </Section>
      {!mayWrite && <Text>{t('templates.connection.onlyRead')}</Text>}
      <ConnectionForm
        // A fresh form when nothing is typed any more: so is its field of the password.
        key={round}
        wish={wish}
        hasSecret={connection.hasSecret}
        isReadOnly={!mayWrite}
        isSaving={save.isPending}
        onChange={change}
        onSave={() => save.mutate()}
        actions={
          mayWrite ? (
            <Actions
              save={save}
              isChanged={typed !== undefined}
              isSaved={save.isSuccess && typed === undefined}
              onDiscard={forget}
            />
          ) : null
        }
      />
      {mayWrite && (
        <>
          <TestSection connection={connection} isChanged={typed !== undefined} />
          <RemoveSection connection={connection} />
        </>
      )}
    </>
  )
}

function Actions(props: {
  save: { isPending: boolean; isError: boolean; error: unknown }
  isChanged: boolean
  isSaved: boolean
  onDiscard: () => void
}) {
  const { t } = useTranslation()
  const { save } = props
  return (
    <>
      {save.isError && <ProblemNotice problem={toFailure(save.error)} />}
      <Group gap="sm">
        <Button type="submit" loading={save.isPending} disabled={!props.isChanged}>
          {t('templates.connection.save')}
        </Button>
        {props.isChanged && (
          <Button variant="default" onClick={props.onDiscard}>
            {t('templates.connection.discard')}
          </Button>
        )}
        <Text role="status">{props.isSaved && t('templates.connection.saved')}</Text>
      </Group>
    </>
  )
}

/** The form for a connection that is not there yet. */
export function AddConnectionPage() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [wish, setWish] = useState<ConnectionWish>({ name: '', details: NEW_DETAILS.smtp, secret: undefined })
  const add = useMutation({
    mutationFn: () => addConnection(writeWish(wish)),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['connections'] })
      await navigate({ to: '/options/connections/$connectionId', params: { connectionId: id } })
    },
  })
  return (
    <DetailsPage title={t('templates.connection.addTitle')} back={<Back />}>
      <ConnectionForm
        wish={wish}
        hasSecret={false}
        isReadOnly={false}
        isSaving={add.isPending}
        kindChoice={
          <Radio.Group
            label={t('templates.connection.kind')}
            value={wish.details.kind}
            onChange={(kind) => setWish({ ...wish, details: NEW_DETAILS[kind as ConnectionKind], secret: undefined })}
          >
            <Stack gap="xs">
              {CONNECTION_KINDS.map((kind) => (
                <Radio key={kind} value={kind} label={t(`templates.connections.kinds.${kind}`)} />
              ))}
            </Stack>
          </Radio.Group>
        }
        onChange={setWish}
        onSave={() => add.mutate()}
        actions={
          <>
            {add.isError && <ProblemNotice problem={toFailure(add.error)} />}
            <div>
              <Button type="submit" loading={add.isPending}>
                {t('templates.connection.add')}
              </Button>
            </div>
          </>
        }
      />
    </DetailsPage>
  )
}

function Back() {
  const { t } = useTranslation()
  return (
    <Anchor component={Link} to="/options/connections" underline="always">
      {t('templates.connection.back')}
    </Anchor>
  )
}
