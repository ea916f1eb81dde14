import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { PersonDetails } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { Dialog } from '../dialog.tsx'
import { removePerson } from '../people-api.ts'
import { Section } from '../section.tsx'

/** Takes somebody off the record who never had a card; for anybody else it says why not. */
export function RemovePersonSection({ person }: { person: PersonDetails }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  const remove = useMutation({
    mutationFn: () => removePerson(person.id),
    onSuccess: async () => {
      await navigate({ to: '/people' })
      await queries.invalidateQueries({ queryKey: ['people'] })
    },
  })
  const close = () => {
    setOpen(false)
    remove.reset()
  }
  return (
    <Section
      title={t('people.person.removeTitle')}
      lead={t(person.isRemovable ? 'people.person.removeLead' : 'people.person.removeNot')}
    >
      {person.isRemovable && (
        <Button variant="light" color="red" onClick={() => setOpen(true)}>
          {t('people.person.removeOpen')}
        </Button>
      )}
      <Dialog title={t('people.person.removeQuestion')} isOpen={isOpen} onClose={close}>
        <Stack>
          <Text>{t('people.person.removeText', { name: person.name })}</Text>
          {remove.isError && <ProblemNotice problem={toFailure(remove.error)} />}
          <Group justify="end">
            <Button variant="default" onClick={close} data-autofocus>
              {t('people.person.cancel')}
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
              {t('people.person.removeSubmit')}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Section>
  )
}
