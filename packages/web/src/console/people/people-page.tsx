import { Anchor, Button, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAddressBook, IconDownload, IconFileImport, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate, useRouter } from '@tanstack/react-router'
import { CARD_HOLDINGS, type CardHolding } from '@unlatch/contract'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { listPeople, peopleFileAddress, readDepartments } from '../people-api.ts'
import classes from '../section.module.css'
import { useMay } from '../sign-in/session-gate.tsx'
import { AddPersonDialog } from './add-person-dialog.tsx'
import styles from './people.module.css'
import type { PeopleAddress } from './people-address.ts'
import { PeopleTable } from './people-table.tsx'

const route = getRouteApi('/people')

/** People: everybody, found by search, filter and order; what is shown stands in the address. */
export function PeoplePage() {
  const { t } = useTranslation()
  const address = route.useSearch()
  const navigate = route.useNavigate()
  useEffect(() => {
    document.title = `${t('people.list.title')} · ${t('shared.productName')}`
  }, [t])
  const isFiltered = address.search !== undefined || address.department !== undefined || address.cards !== undefined
  const isSortable = address.search !== undefined || !isFiltered
  const { sort, ...rest } = address
  const asked = isSortable ? address : rest
  const found = useQuery({
    queryKey: ['people', 'list', asked],
    queryFn: ({ signal }) => listPeople(asked, signal),
    placeholderData: (before) => before,
  })
  const show = (next: PeopleAddress) => void navigate({ search: next })
  const list = found.data
  const isEmpty = list?.people.length === 0 && !isFiltered && address.after === undefined
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('people.list.title')}
      </Title>
      <Text c="dimmed">{t('people.list.lead')}</Text>
      <Actions address={address} isFiltered={isFiltered} isEmpty={isEmpty} />
      {!isEmpty && <Filters address={address} onChange={show} />}
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('people.list.loading')}</SlowWords>}
      {isEmpty && <Empty />}
      {list?.people.length === 0 && !isEmpty && (
        <div className={classes.empty} role="status">
          <Text>{t('people.list.none')}</Text>
        </div>
      )}
      {list?.isCut && <Text role="status">{t('people.list.cut')}</Text>}
      {list !== undefined && list.people.length > 0 && (
        <PeopleTable
          people={list.people}
          sort={isSortable ? (sort ?? 'name') : 'name'}
          isSortable={isSortable}
          onSort={(next) => {
            const { after: _, sort: __, ...others } = address
            show(next === 'name' ? others : { ...others, sort: next })
          }}
        />
      )}
      {list !== undefined && <Pages address={address} next={list.next} count={list.people.length} />}
    </Stack>
  )
}

function Actions(props: { address: PeopleAddress; isFiltered: boolean; isEmpty: boolean }) {
  const { t } = useTranslation()
  const may = useMay()
  const navigate = useNavigate()
  const [isAdding, setAdding] = useState(false)
  return (
    <Group gap="sm">
      {may('person:write') && (
        <>
          <Button leftSection={<IconPlus aria-hidden size={18} />} onClick={() => setAdding(true)}>
            {t('people.list.add')}
          </Button>
          <AddPersonDialog
            isOpen={isAdding}
            search=""
            onClose={() => setAdding(false)}
            onAdded={(personId) => void navigate({ to: '/people/$personId', params: { personId } })}
          />
          <Button
            variant="default"
            leftSection={<IconFileImport aria-hidden size={18} />}
            renderRoot={(button) => <Link {...button} to="/people/import" />}
          >
            {t('people.list.import')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconAddressBook aria-hidden size={18} />}
            renderRoot={(button) => <Link {...button} to="/people/directory" />}
          >
            {t('people.list.directory')}
          </Button>
        </>
      )}
      {may('person:export') && !props.isEmpty && (
        <Button
          component="a"
          href={peopleFileAddress(props.address)}
          download
          variant="default"
          leftSection={<IconDownload aria-hidden size={18} />}
        >
          {t(props.isFiltered ? 'people.list.exportFiltered' : 'people.list.export')}
        </Button>
      )}
    </Group>
  )
}

/** What narrows the list; each change begins at its first page. */
function Filters(props: { address: PeopleAddress; onChange: (address: PeopleAddress) => void }) {
  const { t } = useTranslation()
  const { search, department, cards, sort } = props.address
  const found = useQuery({ queryKey: ['people', 'departments'], queryFn: readDepartments, staleTime: 60_000 })
  const change = (next: { search?: string; department?: string | undefined; cards?: CardHolding | undefined }) => {
    const all = { search, department, cards, sort, ...next }
    const set = Object.entries(all).filter(
      ([name, value]) => value !== undefined && (value !== '' || name === 'department'),
    )
    props.onChange(Object.fromEntries(set) as PeopleAddress)
  }
  const departments = found.data?.departments ?? []
  const isOther = department !== undefined && department !== '' && !departments.includes(department)
  return (
    <div className={styles.filters}>
      <SearchField key="search" search={search ?? ''} onSearch={(next) => change({ search: next })} />
      <NativeSelect
        className={styles.choice as string}
        label={t('people.list.department')}
        value={department === undefined ? '*' : `=${department}`}
        onChange={({ currentTarget: { value } }) => change({ department: value === '*' ? undefined : value.slice(1) })}
      >
        <option value="*">{t('people.list.everyDepartment')}</option>
        <option value="=">{t('people.list.noDepartment')}</option>
        {isOther && <option value={`=${department}`}>{department}</option>}
        {departments.map((name) => (
          <option key={name} value={`=${name}`}>
            {name}
          </option>
        ))}
      </NativeSelect>
      <NativeSelect
        className={styles.choice as string}
        label={t('people.list.cards')}
        value={cards ?? ''}
        onChange={({ currentTarget: { value } }) => change({ cards: CARD_HOLDINGS.find((one) => one === value) })}
      >
        <option value="">{t('people.list.cardsAny')}</option>
        <option value="with">{t('people.list.cardsWith')}</option>
        <option value="without">{t('people.list.cardsWithout')}</option>
      </NativeSelect>
      {(search !== undefined || department !== undefined || cards !== undefined) && (
        <Button variant="default" onClick={() => props.onChange({})}>
          {t('people.list.clear')}
        </Button>
      )}
    </div>
  )
}

/** Asks a moment after the last letter. */
function SearchField(props: { search: string; onSearch: (search: string) => void }) {
  const { t } = useTranslation()
  const { search, onSearch } = props
  const [typed, setTyped] = useState(search)
  const [settled] = useDebouncedValue(typed, 250)
  const sent = useRef(search)
  const router = useRouter()
  // Back, forward and the button that clears change the address under the field.
  useEffect(() => {
    if (search === sent.current) return
    sent.current = search
    setTyped(search)
  }, [search])
  useEffect(() => {
    const next = settled.trim()
    if (settled !== typed || next === sent.current) return
    // Somebody chose a person meanwhile, whose page is on its way: the search does not call him back.
    if (router.latestLocation.pathname !== '/people') return
    sent.current = next
    onSearch(next)
  }, [settled, typed, onSearch, router])
  return (
    <TextInput
      className={styles.search as string}
      type="search"
      label={t('people.list.search')}
      placeholder={t('people.list.searchHint')}
      value={typed}
      maxLength={100}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  )
}

function Empty() {
  const { t } = useTranslation()
  const may = useMay()
  return (
    <div className={classes.empty}>
      <Text fw={600}>{t('people.list.emptyTitle')}</Text>
      <Text>{t('people.list.emptyText')}</Text>
      {!may('person:write') && <Text>{t('people.list.emptyRead')}</Text>}
    </div>
  )
}

function Pages(props: { address: PeopleAddress; next: string | null; count: number }) {
  const { t } = useTranslation()
  const { after, ...first } = props.address
  const { next } = props
  return (
    <Group gap="md">
      {props.count > 0 && (
        <Text size="sm" c="dimmed" role="status">
          {t('people.list.shown', { count: props.count })} · {t('people.list.keys')}
        </Text>
      )}
      {after !== undefined && (
        <Anchor underline="always" renderRoot={(anchor) => <Link {...anchor} to="/people" search={first} />}>
          {t('people.list.first')}
        </Anchor>
      )}
      {next !== null && (
        <Anchor
          underline="always"
          renderRoot={(anchor) => <Link {...anchor} to="/people" search={{ ...first, after: next }} />}
        >
          {t('people.list.next')}
        </Anchor>
      )}
    </Group>
  )
}
