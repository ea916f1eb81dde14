import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ConnectionView } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { Dialog } from '../dialog.tsx'
import { Section } from '../section.tsx'
import { removeConnection } from '../template-api.ts'

/** Takes a connection away for good, when no card template delivers by it. */
export function RemoveSection(props: { connection: ConnectionView }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { id, name, usedBy, waiting } = props.connection
  const [isOpen, setOpen] = useState(false)
  const remove = useMutation({
    mutationFn: () => removeConnection(id),
    onSuccess: async () => {
      await navigate({ to: '/options/connections' })
      await queries.invalidateQueries({ queryKey: ['connections'] })
    },
  })
  const close = () => {
    setOpen(false)
    remove.reset()
    void queries.invalidateQueries({ queryKey: ['connections'] })
  }
  const isUsed = usedBy.length > 0
  return (
    <Section
      title={t('templates.connection.removeTitle')}
      lead={
        isUsed
          ? t('templates.connection.removeUsed', { names: usedBy.join(', ') })
          : t('templates.connection.removeLead')
      }
    >
      <Button variant="light" color="red" disabled={isUsed} onClick={() => setOpen(true)}>
        {t('templates.connection.removeOpen')}
      </Button>
      <Dialog title={t('templates.connection.removeQuestion')} isOpen={isOpen} onClose={close}>
        <Stack>
          <Text>{t('templates.connection.removeText', { name })}</Text>
          {waiting > 0 && <Text>{t('templates.connection.removeWaiting', { count: waiting })}</Text>}
          {remove.isError && <ProblemNotice problem={toFailure(remove.error)} />}
          <Group justify="end">
            <Button variant="default" onClick={close} data-autofocus>
              {t('templates.connection.cancel')}
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
              {t('templates.connection.removeSubmit')}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Section>
  )
}
