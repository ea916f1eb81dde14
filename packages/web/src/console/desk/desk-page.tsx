import { Anchor, Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ChangeDeskSettings, type DeskSettings, DeskView } from '@unlatch/contract'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { callServer } from '../connection.ts'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { GuardSection } from './guard-section.tsx'
import { LimitsSection } from './limits-section.tsx'
import { ThreatSection } from './threat-section.tsx'

const readDesk = (signal: AbortSignal) => callServer({ method: 'GET', path: '/api/desk', answer: DeskView, signal })
const changeDesk = (body: ChangeDeskSettings) => callServer({ method: 'POST', path: '/api/desk', body })

/** Limits and threat level: how the help desk works, for everybody. */
export function DeskPage() {
  const { t } = useTranslation()
  const found = useQuery({ queryKey: ['desk'], queryFn: ({ signal }) => readDesk(signal) })
  useEffect(() => {
    document.title = `${t('desk.title')} · ${t('shared.productName')}`
  }, [t])
  return (
    <Stack maw="52rem">
      <Title order={1} size="h2">
        {t('desk.title')}
      </Title>
      <Text c="dimmed">{t('desk.lead')}</Text>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('desk.loading')}</SlowWords>}
      {found.data !== undefined && <ThreatSection view={found.data} onChanged={() => void found.refetch()} />}
      {found.data !== undefined && (
        <SettingsForm key={found.data.revision} view={found.data} onSaved={() => void found.refetch()} />
      )}
    </Stack>
  )
}

function SettingsForm(props: { view: DeskView; onSaved: () => void }) {
  const { t } = useTranslation()
  const { view } = props
  const mayWrite = useMay()('desk:write')
  const [settings, setSettings] = useState<DeskSettings>(view.settings)
  const save = useMutation({
    mutationFn: () => changeDesk({ revision: view.revision, settings }),
    onSuccess: props.onSaved,
  })
  const isChanged = JSON.stringify(settings) !== JSON.stringify(view.settings)
  const change = (some: Partial<DeskSettings>) => setSettings({ ...settings, ...some })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack>
        <Section title={t('desk.messages.title')} lead={t('desk.messages.lead')}>
          <Stack gap="sm">
            <ConnectionSelect
              view={view}
              carries="mail"
              isReadOnly={!mayWrite}
              value={settings.mailConnectionId}
              onChange={(mailConnectionId) => change({ mailConnectionId })}
            />
            <ConnectionSelect
              view={view}
              carries="text"
              isReadOnly={!mayWrite}
              value={settings.textConnectionId}
              onChange={(textConnectionId) => change({ textConnectionId })}
            />
          </Stack>
        </Section>
        <LimitsSection view={view} isReadOnly={!mayWrite} settings={settings} onChange={change} />
        <GuardSection isReadOnly={!mayWrite} settings={settings} onChange={change} />
        <Section title={t('desk.revocation.title')} lead={t('desk.revocation.lead')}>
          <ConnectionSelect
            view={view}
            carries="text"
            name="revocation"
            isReadOnly={!mayWrite}
            value={settings.revocationConnectionId}
            onChange={(revocationConnectionId) => change({ revocationConnectionId })}
          />
        </Section>
        {save.isError && <ProblemNotice problem={toFailure(save.error)} />}
        {mayWrite && (
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!isChanged}>
              {t('desk.save')}
            </Button>
            {save.isSuccess && !isChanged && <Text role="status">{t('desk.saved')}</Text>}
          </Group>
        )}
      </Stack>
    </form>
  )
}

/** By what messages of a kind leave. */
function ConnectionSelect(props: {
  view: DeskView
  carries: 'mail' | 'text'
  /** What it is for, where that is not what it carries. */
  name?: 'revocation'
  isReadOnly: boolean
  value: string | null
  onChange: (id: string | null) => void
}) {
  const { t } = useTranslation()
  const name = props.name ?? props.carries
  const fitting = props.view.connections.filter(({ carries }) => carries === props.carries)
  return (
    <div>
      <NativeSelect
        label={t(`desk.messages.${name}`)}
        description={t(`desk.messages.${name}Hint`)}
        disabled={props.isReadOnly}
        value={props.value ?? ''}
        onChange={(event) => props.onChange(event.currentTarget.value || null)}
        data={[
          { value: '', label: t('desk.messages.none') },
          ...fitting.map(({ id, name, isTested }) => ({
            value: id,
            label: isTested ? name : t('desk.messages.untested', { name }),
            disabled: !isTested,
          })),
        ]}
      />
      {fitting.length === 0 && (
        <Text size="sm" mt={4}>
          {t(`desk.messages.${name}Empty`)}{' '}
          <Anchor inherit underline="always" renderRoot={(root) => <Link {...root} to="/options/connections" />}>
            {t('desk.messages.toConnections')}
          </Anchor>
        </Text>
      )}
    </div>
  )
}
