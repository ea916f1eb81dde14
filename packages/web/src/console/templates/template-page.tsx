import { Alert, Anchor, Button, Text } from '@mantine/core'
import { IconAlertTriangle, IconLock } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useLocation, useNavigate } from '@tanstack/react-router'
import type { AddTemplate, TemplateView } from '@unlatch/contract'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { DetailsPage } from '../details-page.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { addTemplate, readTemplates } from '../template-api.ts'
import { CopySection } from './copy-section.tsx'
import { FaultList } from './fault-list.tsx'
import { LockSection } from './lock-section.tsx'
import { OlderCardsSection } from './older-cards-section.tsx'
import { SaveObstacles } from './save-obstacles.tsx'
import { TemplateEditor } from './template-editor.tsx'
import { TemplateForm } from './template-form.tsx'
import { NEW_DOCUMENT } from './template-rules.ts'
import { useConnections } from './use-connections.ts'

const route = getRouteApi('/templates/card-templates/$templateId')

/** One card template, at an address of its own; a part of it by the address's fragment. */
export function TemplatePage() {
  const { t } = useTranslation()
  const { templateId } = route.useParams()
  const may = useMay()
  const templates = useQuery({ queryKey: ['card-templates'], queryFn: readTemplates })
  const { connections, isLoading, error } = useConnections()
  const problem = templates.error ?? error
  const template = templates.data?.templates.find(({ id }) => id === templateId)
  const isShown = template !== undefined && !isLoading
  const place = useLocation({ select: ({ hash }) => hash })
  useEffect(() => {
    if (isShown && place !== '') document.getElementById(place)?.focus()
  }, [isShown, place])
  return (
    <DetailsPage title={template?.name ?? t('templates.page.facts')} back={<Back />}>
      {problem !== null && <ProblemNotice problem={toFailure(problem)} />}
      {(templates.isPending || isLoading) && <SlowWords>{t('templates.page.loading')}</SlowWords>}
      {templates.isSuccess && template === undefined && <Text>{t('templates.page.missing')}</Text>}
      {isShown && (
        <>
          <Standing template={template} />
          {may('card:move') && <OlderCardsSection key={`${template.id} cards`} template={template} />}
          <TemplateEditor key={template.id} template={template} connections={connections} />
          {may('template:write') && (
            <>
              <LockSection template={template} />
              <CopySection template={template} />
            </>
          )}
        </>
      )}
    </DetailsPage>
  )
}

/** How a template stands as it is saved. */
function Standing({ template }: { template: TemplateView }) {
  const { t } = useTranslation()
  const may = useMay()
  return (
    <>
      <Text c="dimmed">
        {t('templates.list.version')} {template.version} · {t('templates.list.cardCount', { count: template.cards })}
        {template.olderCards > 0 && `, ${t('templates.list.olderCards', { count: template.olderCards })}`} ·{' '}
        {t('templates.page.changedAt')} <LocalTime at={template.changedAt} />
      </Text>
      {template.cards > 0 && may('person:read') && (
        <Anchor
          underline="always"
          renderRoot={(anchor) => <Link {...anchor} to="/lifecycle/cards" search={{ template: template.id }} />}
        >
          {t('templates.page.toCards')}
        </Anchor>
      )}
      {template.faults.length > 0 && (
        <Alert
          color="orange"
          variant="light"
          icon={<IconAlertTriangle aria-hidden />}
          title={t('templates.page.faultsTitle')}
        >
          <FaultList faults={template.faults} connectionId={template.document.connectionId} />
        </Alert>
      )}
      {!may('template:write') && <Text>{t('templates.page.onlyRead')}</Text>}
      {template.isLocked && (
        <Alert color="blue" variant="light" icon={<IconLock aria-hidden />}>
          {t('templates.page.lockedNote')}
        </Alert>
      )}
    </>
  )
}

/** The form for a template that is not there yet. */
export function AddTemplatePage() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { connections, isLoading, error } = useConnections()
  const [wish, setWish] = useState<AddTemplate>({ name: '', document: NEW_DOCUMENT })
  const add = useMutation({
    mutationFn: addTemplate,
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['card-templates'] })
      await navigate({ to: '/templates/card-templates/$templateId', params: { templateId: id } })
    },
  })
  return (
    <DetailsPage title={t('templates.page.addTitle')} back={<Back />}>
      {error !== null && <ProblemNotice problem={toFailure(error)} />}
      {isLoading ? (
        <SlowWords>{t('templates.page.loading')}</SlowWords>
      ) : (
        <TemplateForm
          wish={wish}
          isReadOnly={false}
          isSaving={add.isPending}
          connections={connections}
          onChange={setWish}
          onSave={(tidied) => add.mutate(tidied)}
          actions={
            <>
              <SaveObstacles wish={wish} connections={connections} />
              <Button type="submit" loading={add.isPending}>
                {t('templates.page.add')}
              </Button>
              <Text size="sm" c="dimmed">
                {t('templates.page.firstVersion')}
              </Text>
            </>
          }
        />
      )}
      {add.isError && <ProblemNotice problem={toFailure(add.error)} />}
    </DetailsPage>
  )
}

function Back() {
  const { t } = useTranslation()
  return (
    <Anchor component={Link} to="/templates/card-templates" underline="always">
      {t('templates.page.back')}
    </Anchor>
  )
}
