import { Button, Group, Paper, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { PersonSummary } from '@unlatch/contract'
import { type FormEvent, type KeyboardEvent, type Ref, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { findPeople } from '../server-api.ts'
import { PersonOption } from './person-option.tsx'
import classes from './person-search.module.css'

/** Who was chosen; the card too where the printed serial was searched. */
export interface Chosen {
  readonly search: string
  readonly person: string
  readonly card?: string
}

/** Letters typed before the server is asked by itself. */
const SHORTEST_SEARCH = 2

/** Field and list to find a person by name, user name or printed serial. Type, arrow keys, Enter. */
export function PersonSearch(props: {
  ref: Ref<HTMLInputElement>
  /** What the search is for, for those who do not see it. */
  title: string
  search: string
  isChosen: boolean
  onTyping: (isTyping: boolean) => void
  onSearch: (search: string) => void
  onChoose: (chosen: Chosen) => void
}) {
  const { t } = useTranslation()
  const listId = useId()
  const [typed, setTyped] = useState(props.search)
  const [isOpen, setOpen] = useState(props.search !== '' && !props.isChosen)
  const [active, setActive] = useState(-1)
  // Back, forward and "Next call" change the address under the field.
  useEffect(() => {
    setTyped(props.search)
    setOpen(props.search !== '' && !props.isChosen)
    setActive(-1)
  }, [props.search, props.isChosen])

  const [settled] = useDebouncedValue(typed.trim(), 250)
  const wanted = typed.trim() === props.search ? props.search : settled
  const found = useQuery({
    queryKey: ['people', wanted],
    queryFn: ({ signal }) => findPeople(wanted, signal),
    enabled: isOpen && (wanted.length >= SHORTEST_SEARCH || (wanted !== '' && wanted === props.search)),
    staleTime: 10_000,
  })
  const people = isOpen && wanted === typed.trim() ? (found.data?.people ?? []) : []

  const choose = (person: PersonSummary) => {
    const serial = wanted.toUpperCase()
    const card = person.cards.find(({ printedSerial }) => printedSerial.toUpperCase().startsWith(serial))
    setOpen(false)
    props.onChoose({ search: wanted, person: person.id, ...(card === undefined ? {} : { card: card.id }) })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const chosen = people[active] ?? (people.length === 1 ? people[0] : undefined)
    if (chosen !== undefined) return choose(chosen)
    if (typed.trim() === '') return
    setOpen(true)
    if (typed.trim() !== props.search || props.isChosen) props.onSearch(typed.trim())
  }
  const move = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return setOpen(false)
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0 || people.length === 0) return
    event.preventDefault()
    setActive((active + step + people.length) % people.length)
  }

  return (
    <Paper withBorder p="md" mb="md" component="section" aria-label={props.title}>
      <form onSubmit={submit}>
        <Group align="end" gap="sm">
          <TextInput
            ref={props.ref}
            className={classes.field}
            size="md"
            label={t('console.unblock.search.label')}
            description={t('console.unblock.search.hint')}
            inputWrapperOrder={['label', 'input', 'description']}
            classNames={{ description: classes.hint as string }}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value)
              props.onTyping(event.currentTarget.value !== '')
              setOpen(true)
              setActive(-1)
            }}
            onKeyDown={move}
            role="combobox"
            aria-expanded={people.length > 0}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={people[active] === undefined ? undefined : `${listId}-${active}`}
            autoComplete="off"
            spellCheck={false}
            autoFocus
          />
          <Button type="submit" size="md" leftSection={<IconSearch aria-hidden size={18} />} className={classes.submit}>
            {t('console.unblock.search.submit')}
          </Button>
        </Group>
      </form>
      <div role="status">
        {isOpen && found.isFetching && <SlowWords>{t('console.unblock.search.searching')}</SlowWords>}
        {people.length > 0 && (
          <Text size="sm" c="dimmed" mt="sm">
            {t('console.unblock.search.found', { count: people.length })}
            {found.data?.isMore && ` · ${t('console.unblock.search.more')}`}
          </Text>
        )}
        {isOpen && found.isSuccess && wanted === typed.trim() && people.length === 0 && (
          <Text mt="sm">{t('console.unblock.search.none', { search: wanted })}</Text>
        )}
      </div>
      {isOpen && found.isError && toFailure(found.error).code !== 'server-unreachable' && (
        <ProblemNotice problem={toFailure(found.error)} />
      )}
      <div
        id={listId}
        role="listbox"
        aria-label={t('console.unblock.search.results')}
        className={classes.list}
        hidden={people.length === 0}
      >
        {people.map((person, i) => (
          <PersonOption
            key={person.id}
            id={`${listId}-${i}`}
            person={person}
            isActive={i === active}
            onChoose={() => choose(person)}
          />
        ))}
      </div>
    </Paper>
  )
}
