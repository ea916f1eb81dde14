import { Anchor, Button, Paper, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { TemplateView } from '@unlatch/contract'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import classes from '../section.module.css'
import { useMay } from '../sign-in/session-gate.tsx'
import tables from '../table.module.css'
import { readTemplates } from '../template-api.ts'
import { FaultList } from './fault-list.tsx'
import { TemplateStateBadges } from './template-state-badges.tsx'
import styles from './templates.module.css'

/** Templates > Card templates. */
export function TemplatesPage() {
  const { t } = useTranslation()
  const may = useMay()
  const found = useQuery({ queryKey: ['card-templates'], queryFn: readTemplates })
  useEffect(() => {
    document.title = `${t('templates.list.title')} · ${t('shared.productName')}`
  }, [t])
  const templates = found.data?.templates
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('templates.list.title')}
      </Title>
      <Text c="dimmed">{t('templates.list.lead')}</Text>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('templates.list.loading')}</SlowWords>}
      {templates !== undefined && may('template:write') && (
        <div>
          <Button
            leftSection={<IconPlus aria-hidden size={18} />}
            renderRoot={(button) => <Link {...button} to="/templates/card-templates/new" />}
          >
            {t('templates.list.add')}
          </Button>
        </div>
      )}
      {templates?.length === 0 && <Empty />}
      {templates !== undefined && templates.length > 0 && <TemplateTable templates={templates} />}
    </Stack>
  )
}

function Empty() {
  const { t } = useTranslation()
  const may = useMay()
  return (
    <div className={classes.empty}>
      <Title order={2} size="h4">
        {t('templates.list.emptyTitle')}
      </Title>
      <Text>{t('templates.list.emptyText')}</Text>
      {!may('template:write') && <Text>{t('templates.list.emptyRead')}</Text>}
    </div>
  )
}

function TemplateTable(props: { templates: readonly TemplateView[] }) {
  const { t } = useTranslation()
  return (
    <Paper withBorder p="md">
      <table className={`${tables.table} ${tables.list}`} aria-label={t('templates.list.caption')}>
        <thead>
          <tr>
            <th scope="col">{t('templates.list.name')}</th>
            <th scope="col">{t('templates.list.state')}</th>
            <th scope="col">{t('templates.list.family')}</th>
            <th scope="col">{t('templates.list.puc')}</th>
            <th scope="col">{t('templates.list.version')}</th>
            <th scope="col">{t('templates.list.cards')}</th>
          </tr>
        </thead>
        <tbody>
          {props.templates.map((template) => (
            <TemplateRow key={template.id} template={template} />
          ))}
        </tbody>
      </table>
    </Paper>
  )
}

function TemplateRow({ template }: { template: TemplateView }) {
  const { t } = useTranslation()
  const { id, name, version, document, faults, cards, olderCards } = template
  return (
    <tr>
      <th scope="row">
        <Anchor
          underline="always"
          renderRoot={(anchor) => (
            <Link {...anchor} to="/templates/card-templates/$templateId" params={{ templateId: id }} />
          )}
        >
          {name}
        </Anchor>
      </th>
      <td>
        <TemplateStateBadges template={template} />
        {faults.length > 0 && <FaultList faults={faults} templateId={id} connectionId={document.connectionId} />}
      </td>
      <td data-label={t('templates.list.family')} className={styles.short}>
        {t(`templates.card.families.${document.family}`)}
      </td>
      <td data-label={t('templates.list.puc')}>{t(`templates.puc.short.${document.puc}`)}</td>
      <td data-label={t('templates.list.version')}>{version}</td>
      <td data-label={t('templates.list.cards')}>
        {t('templates.list.cardCount', { count: cards })}
        {olderCards > 0 && (
          <Text size="sm" c="dimmed">
            {t('templates.list.olderCards', { count: olderCards })}
          </Text>
        )}
      </td>
    </tr>
  )
}
