import { Button, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AddTemplate, ConnectionView, TemplateView } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { changeTemplate } from '../template-api.ts'
import { ConflictNotice } from './conflict-notice.tsx'
import { SaveObstacles } from './save-obstacles.tsx'
import { TemplateForm } from './template-form.tsx'

/** What was typed, and the version that it began with; nothing of it is lost when somebody else saves meanwhile. */
interface Typed {
  readonly base: TemplateView
  readonly wish: AddTemplate
}

/** Changes a template: each save is a new version. */
export function TemplateEditor(props: { template: TemplateView; connections: readonly ConnectionView[] | undefined }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const may = useMay()
  const { template, connections } = props
  const [typed, setTyped] = useState<Typed>()
  const wish = typed?.wish ?? { name: template.name, document: template.document }
  const base = typed?.base ?? template
  const readAgain = () => queries.invalidateQueries({ queryKey: ['card-templates'] })
  const save = useMutation({
    mutationFn: (tidied: AddTemplate) => changeTemplate(template.id, { version: base.version, ...tidied }),
    onSuccess: async () => {
      await readAgain()
      setTyped(undefined)
    },
    onError: readAgain,
  })
  const begin = (next: Typed | undefined) => {
    save.reset()
    setTyped(next)
  }
  const isConflict = base.version !== template.version && !save.isPending
  const isReadOnly = !may('template:write') || template.isLocked
  const next = template.version + 1
  const actions = (
    <>
      {typed !== undefined && <SaveObstacles wish={wish} connections={connections} />}
      <Button type="submit" loading={save.isPending} disabled={typed === undefined || isConflict}>
        {t('templates.page.save', { next })}
      </Button>
      {typed !== undefined && (
        <Button variant="default" onClick={() => begin(undefined)}>
          {t('templates.page.discard')}
        </Button>
      )}
      <Text size="sm" c="dimmed" role="status">
        {save.isSuccess && typed === undefined
          ? t('templates.page.saved', { version: save.data.version })
          : t('templates.page.versionNote', { next, count: template.cards })}
      </Text>
    </>
  )
  return (
    <>
      <TemplateForm
        wish={wish}
        isReadOnly={isReadOnly}
        isSaving={save.isPending || isConflict}
        connections={connections}
        onChange={(changed) => begin({ base, wish: changed })}
        onSave={(tidied) => save.mutate(tidied)}
        actions={isReadOnly ? null : actions}
      />
      {isConflict ? (
        <ConflictNotice
          base={base}
          present={template}
          connections={connections}
          onKeep={() => begin({ base: template, wish })}
          onTake={() => begin(undefined)}
        />
      ) : (
        save.isError && <ProblemNotice problem={toFailure(save.error)} />
      )}
    </>
  )
}
