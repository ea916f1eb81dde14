import { Button, Group, Stack, TextInput } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { TemplateView } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { Dialog } from '../dialog.tsx'
import { Section } from '../section.tsx'
import { copyTemplate } from '../template-api.ts'

/** Makes another template with the values of this one. */
export function CopySection(props: { template: TemplateView }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  return (
    <Section title={t('templates.page.copyTitle')} lead={t('templates.page.copyLead')}>
      <Button variant="default" leftSection={<IconCopy aria-hidden size={18} />} onClick={() => setOpen(true)}>
        {t('templates.page.copy')}
      </Button>
      <Dialog title={t('templates.page.copy')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <CopyForm template={props.template} onClose={() => setOpen(false)} />
      </Dialog>
    </Section>
  )
}

function CopyForm(props: { template: TemplateView; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState(() => t('templates.page.copyOf', { name: props.template.name }).slice(0, 100))
  const copy = useMutation({
    mutationFn: () => copyTemplate(props.template.id, name.trim()),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['card-templates'] })
      props.onClose()
      await navigate({ to: '/templates/card-templates/$templateId', params: { templateId: id } })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!copy.isPending) copy.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {copy.isError && <ProblemNotice problem={toFailure(copy.error)} />}
        <TextInput
          label={t('templates.page.copyName')}
          value={name}
          maxLength={100}
          pattern=".*\S.*"
          required
          withAsterisk={false}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="end">
          <Button variant="default" onClick={props.onClose}>
            {t('templates.page.cancel')}
          </Button>
          <Button type="submit" loading={copy.isPending}>
            {t('templates.page.copySubmit')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
