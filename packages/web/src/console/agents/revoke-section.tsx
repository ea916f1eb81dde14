import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AgentView } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { revokeAgent } from '../agent-api.ts'
import { Dialog } from '../dialog.tsx'
import { Section } from '../section.tsx'

/** Ends the trust in an agent for good, and says what that ends. */
export function RevokeSection({ agent }: { agent: AgentView }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const revoke = useMutation({
    mutationFn: () => revokeAgent(agent.id),
    onSuccess: async () => {
      setOpen(false)
      await queries.invalidateQueries({ queryKey: ['agents'] })
    },
  })
  const close = () => {
    setOpen(false)
    revoke.reset()
  }
  return (
    <Section title={t('agents.details.revokeTitle')} lead={t('agents.details.revokeLead')}>
      <Button variant="light" color="red" onClick={() => setOpen(true)}>
        {t('agents.details.revokeOpen')}
      </Button>
      <Dialog title={t('agents.details.revokeQuestion')} isOpen={isOpen} onClose={close}>
        <Stack>
          <Text>{t('agents.details.revokeText', { name: agent.name })}</Text>
          {revoke.isError && <ProblemNotice problem={toFailure(revoke.error)} />}
          <Group justify="end">
            <Button variant="default" onClick={close} data-autofocus>
              {t('agents.cancel')}
            </Button>
            <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate()}>
              {t('agents.details.revokeSubmit')}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Section>
  )
}
