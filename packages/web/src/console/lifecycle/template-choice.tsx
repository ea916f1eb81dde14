import { NativeSelect, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReaderCard, TemplateView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { readTemplates } from '../template-api.ts'
import { FaultList } from '../templates/fault-list.tsx'
import classes from './lifecycle.module.css'

/** By which template a card is registered; those that cannot be used say why. */
export function TemplateChoice(props: {
  card: Pick<ReaderCard, 'family' | 'kind'>
  templateId: string
  onChoose: (templateId: string) => void
}) {
  const { t } = useTranslation()
  const may = useMay()
  const found = useQuery({ queryKey: ['card-templates'], queryFn: readTemplates, enabled: may('template:read') })
  if (found.isError) return <ProblemNotice problem={toFailure(found.error)} tone="orange" isAnnounced={false} />
  if (found.isLoading) return <SlowWords>{t('templates.register.loading')}</SlowWords>
  if (found.data === undefined) return null
  const fitting = found.data.templates.filter((template) => fits(template, props.card))
  const unusable = fitting.filter(({ faults }) => faults.length > 0)
  return (
    <div className={classes.template}>
      <NativeSelect
        label={t('templates.register.label')}
        description={t(fitting.length === 0 ? 'templates.register.empty' : 'templates.register.hint')}
        inputWrapperOrder={['label', 'input', 'description']}
        value={props.templateId}
        onChange={(event) => props.onChoose(event.currentTarget.value)}
      >
        <option value="">
          {t(props.card.family === 'gids' ? 'templates.register.noneGids' : 'templates.register.none')}
        </option>
        {fitting.map(({ id, name, faults }) => (
          <option key={id} value={id} disabled={faults.length > 0}>
            {faults.length > 0 ? t('templates.register.unusable', { name }) : name}
          </option>
        ))}
      </NativeSelect>
      {unusable.map(({ id, name, faults, document }) => (
        <div key={id}>
          <Text size="sm">
            <strong>{name}</strong>: {t('templates.register.why')}
          </Text>
          <Text size="sm" component="div">
            <FaultList faults={faults} templateId={id} connectionId={document.connectionId} />
          </Text>
        </div>
      ))}
    </div>
  )
}

/** True where a card of this kind may be issued by the template. */
function fits({ document: { family, kinds } }: TemplateView, card: Pick<ReaderCard, 'family' | 'kind'>): boolean {
  if (family !== card.family) return false
  return kinds.length === 0 || (card.kind !== null && kinds.includes(card.kind))
}

/** The template that is wanted, where a card of this kind may be issued by it now. */
export function useTemplateFor(
  card: Pick<ReaderCard, 'family' | 'kind'> | null,
  templateId: string | undefined,
): string | undefined {
  const may = useMay()
  const enabled = templateId !== undefined && may('template:read')
  const found = useQuery({ queryKey: ['card-templates'], queryFn: readTemplates, enabled })
  const template = found.data?.templates.find(({ id }) => id === templateId)
  return card && template && template.faults.length === 0 && fits(template, card) ? templateId : undefined
}
