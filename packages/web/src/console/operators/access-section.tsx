import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { OperatorView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { setOperatorState } from '../operator-api.ts'
import { Section } from '../section.tsx'

/** Whether an operator may sign in at all. */
export function AccessSection(props: { operator: OperatorView }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { id, state } = props.operator
  const isDisabled = state === 'disabled'
  const change = useMutation({
    mutationFn: () => setOperatorState(id, !isDisabled),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['operators'] })
      await queries.invalidateQueries({ queryKey: ['operator-sessions', id] })
    },
  })
  return (
    <Section
      title={t('operators.details.stateTitle')}
      lead={t(isDisabled ? 'operators.details.enableLead' : 'operators.details.disableLead')}
    >
      {change.isError && <ProblemNotice problem={toFailure(change.error)} />}
      <Button
        variant={isDisabled ? 'filled' : 'light'}
        color={isDisabled ? undefined : 'red'}
        loading={change.isPending}
        onClick={() => change.mutate()}
      >
        {t(isDisabled ? 'operators.details.enable' : 'operators.details.disable')}
      </Button>
    </Section>
  )
}
