import { Button, Group, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AddPerson } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { Dialog } from '../dialog.tsx'
import { addPerson } from '../server-api.ts'
import { PersonFields } from './person-fields.tsx'

const NOBODY: AddPerson = {
  name: '',
  userName: '',
  department: '',
  email: '',
  phone: '',
  manager: '',
  secondEmail: '',
  isSensitive: false,
  language: '',
}

/** Adds a person who is not found: the number and the manager are what a caller is verified by later. */
export function AddPersonDialog(props: {
  isOpen: boolean
  /** What was searched: probably the name. */
  search: string
  onClose: () => void
  onAdded: (personId: string, userName: string) => void
}) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [typed, setTyped] = useState<AddPerson>()
  const person = typed ?? { ...NOBODY, name: props.search }
  const add = useMutation({
    mutationFn: () => addPerson({ ...person, userName: person.userName.trim() }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['people'] })
      const { userName } = person
      close()
      props.onAdded(id, userName)
    },
  })
  const close = () => {
    setTyped(undefined)
    add.reset()
    props.onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!add.isPending) add.mutate()
  }
  return (
    <Dialog title={t('console.people.add.title')} isOpen={props.isOpen} onClose={close}>
      <form onSubmit={submit}>
        <Stack>
          {add.isError && <ProblemNotice problem={toFailure(add.error)} />}
          <PersonFields person={person} onChange={setTyped} />
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {t('console.people.add.cancel')}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t('console.people.add.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
