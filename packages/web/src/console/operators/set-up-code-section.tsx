import { Button, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { OperatorView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { Dialog } from '../dialog.tsx'
import { renewSetUpCode } from '../operator-api.ts'
import { Section } from '../section.tsx'
import { CodePanel } from './code-panel.tsx'

/** A new set-up code for an operator. */
export function SetUpCodeSection(props: { operator: OperatorView }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { operator } = props
  const renew = useMutation({ mutationFn: () => renewSetUpCode(operator.id) })
  const close = () => {
    renew.reset()
    void queries.invalidateQueries({ queryKey: ['operators'] })
    void queries.invalidateQueries({ queryKey: ['operator-sessions', operator.id] })
  }
  return (
    <Section title={t('operators.details.codeTitle')} lead={t('operators.details.codeLead')}>
      {operator.hasOpenCode && <Text mb="sm">{t('operators.details.codeOpen')}</Text>}
      {renew.isError && <ProblemNotice problem={toFailure(renew.error)} />}
      <Button
        variant="default"
        disabled={operator.state === 'disabled'}
        loading={renew.isPending}
        onClick={() => renew.mutate()}
      >
        {t('operators.details.codeSubmit')}
      </Button>
      <Dialog
        title={t('operators.code.title', { name: operator.name })}
        isOpen={renew.data !== undefined}
        onClose={close}
        isClosedByEscape={false}
      >
        {renew.data !== undefined && <CodePanel issued={renew.data} name={operator.name} onClose={close} />}
      </Dialog>
    </Section>
  )
}
