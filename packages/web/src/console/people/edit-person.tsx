import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AddPerson, PersonDetails } from '@unlatch/contract'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { changePerson } from '../people-api.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { PersonFields } from './person-fields.tsx'

const FIELDS = ['name', 'userName', 'department', 'phone', 'email', 'secondEmail', 'manager', 'language'] as const

const fieldsOf = (person: PersonDetails): AddPerson => {
  const { name, userName, department, email, phone, manager, secondEmail, isSensitive, language } = person
  return { name, userName, department, email, phone, manager, secondEmail, isSensitive, language }
}

/** Changes what is on record. What somebody else changed meanwhile is shown before anything is written over it. */
export function EditPerson(props: { person: PersonDetails; onDone: (isSaved: boolean) => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { person } = props
  const [base, setBase] = useState(person)
  const [typed, setTyped] = useState(fieldsOf(person))
  const save = useMutation({
    mutationFn: () => changePerson(person.id, base.revision, { ...typed, userName: typed.userName.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['people'] })
      await queries.invalidateQueries({ queryKey: ['person', person.id] })
      props.onDone(true)
    },
    onError: (error) => {
      if (toFailure(error).code === 'person-changed') {
        void queries.invalidateQueries({ queryKey: ['person', person.id] })
      }
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!save.isPending) save.mutate()
  }
  const failure = save.isError ? toFailure(save.error) : undefined
  const isBehind = failure?.code === 'person-changed' && person.revision !== base.revision
  return (
    <Section title={t('people.person.editTitle')} lead={t('people.person.editLead')}>
      <form onSubmit={submit}>
        <Stack className={classes.narrow as string}>
          {isBehind && (
            <Conflict
              base={base}
              present={person}
              onKeep={() => {
                setBase(person)
                save.reset()
              }}
              onTake={() => props.onDone(false)}
            />
          )}
          {failure !== undefined && failure.code !== 'person-changed' && <ProblemNotice problem={failure} />}
          <PersonFields
            person={typed}
            onChange={(next) => {
              setTyped(next)
              if (!isBehind) save.reset()
            }}
          />
          <Group gap="sm">
            <Button type="submit" loading={save.isPending} disabled={isBehind}>
              {t('people.person.save')}
            </Button>
            <Button variant="default" onClick={() => props.onDone(false)}>
              {t('people.person.discard')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

function Conflict(props: { base: PersonDetails; present: PersonDetails; onKeep: () => void; onTake: () => void }) {
  const { t } = useTranslation()
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => notice.current?.focus(), [])
  const changed = FIELDS.filter((field) => props.base[field] !== props.present[field])
  return (
    <Alert
      ref={notice}
      tabIndex={-1}
      color="orange"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('people.person.conflictTitle')}
      role="alert"
    >
      <Text inherit>{t(changed.length > 0 ? 'people.person.conflictLead' : 'people.person.conflictSame')}</Text>
      <ul>
        {changed.map((field) => (
          <li key={field}>
            {t(`people.person.${field}`)}: <strong>{props.present[field] || t('people.person.unknown')}</strong>
          </li>
        ))}
      </ul>
      <Group mt="sm" gap="sm">
        <Button onClick={props.onKeep}>{t('people.person.conflictKeep')}</Button>
        <Button variant="default" onClick={props.onTake}>
          {t('people.person.conflictTake')}
        </Button>
      </Group>
    </Alert>
  )
}
