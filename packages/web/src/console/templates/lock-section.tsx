import { Button } from '@mantine/core'
import { IconLock, IconLockOpen } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TemplateView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { Section } from '../section.tsx'
import { lockTemplate } from '../template-api.ts'

/** Whether a template may be changed. */
export function LockSection(props: { template: TemplateView }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { id, isLocked } = props.template
  const change = useMutation({
    mutationFn: () => lockTemplate(id, !isLocked),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['card-templates'] }),
  })
  const Sign = isLocked ? IconLockOpen : IconLock
  return (
    <Section
      title={t('templates.page.lockTitle')}
      lead={t(isLocked ? 'templates.page.unlockLead' : 'templates.page.lockLead')}
    >
      {change.isError && <ProblemNotice problem={toFailure(change.error)} />}
      <Button
        variant="default"
        leftSection={<Sign aria-hidden size={18} />}
        loading={change.isPending}
        onClick={() => change.mutate()}
      >
        {t(isLocked ? 'templates.page.unlock' : 'templates.page.lock')}
      </Button>
    </Section>
  )
}
