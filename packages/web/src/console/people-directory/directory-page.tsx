import { Alert, Anchor, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { IconCheck, IconSearch, IconUserPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Directories, DirectoryFound, TakenFromDirectory } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiFailure, toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { DetailsPage } from '../details-page.tsx'
import { readDirectories, searchDirectory, takeFromDirectory } from '../directory-api.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { EntryTable, isChoosable } from './entry-table.tsx'

const route = getRouteApi('/people/directory')

/** People in a directory: found, compared with who is here, added or taken over. */
export function DirectoryPage() {
  const { t } = useTranslation()
  const found = useQuery({ queryKey: ['directories'], queryFn: readDirectories })
  const directories = found.data?.directories
  return (
    <DetailsPage
      title={t('people.directory.title')}
      back={
        <Anchor component={Link} to="/people" underline="always">
          {t('people.directory.back')}
        </Anchor>
      }
    >
      <Text>{t('people.directory.lead')}</Text>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('people.directory.loading')}</SlowWords>}
      {directories?.length === 0 && <NoDirectory />}
      {directories !== undefined && directories.length > 0 && <Search directories={directories} />}
    </DetailsPage>
  )
}

function NoDirectory() {
  const { t } = useTranslation()
  const may = useMay()
  return (
    <div className={classes.empty}>
      <Text fw={600}>{t('people.directory.none')}</Text>
      <Text>{t('people.directory.noneHow')}</Text>
      {may('connection:write') && (
        <Anchor underline="always" renderRoot={(anchor) => <Link {...anchor} to="/options/connections/new" />}>
          {t('people.directory.add')}
        </Anchor>
      )}
    </div>
  )
}

function Search(props: { directories: Directories['directories'] }) {
  const { t } = useTranslation()
  const { directory, search } = route.useSearch()
  const navigate = route.useNavigate()
  const known = props.directories.find(({ id }) => id === directory) ?? props.directories[0]
  const [typed, setTyped] = useState(search ?? '')
  const id = known?.id ?? ''
  const found = useQuery({
    queryKey: ['directories', id, search],
    queryFn: ({ signal }) => searchDirectory(id, search ?? '', signal),
    enabled: id !== '' && search !== undefined,
    retry: false,
    staleTime: 30_000,
  })
  const show = (next: { directory: string; search: string }) => {
    if (next.search.trim() !== '') void navigate({ search: { ...next, search: next.search.trim() } })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed.trim() === search) void found.refetch()
    else show({ directory: id, search: typed })
  }
  return (
    <>
      <Section title={t('people.directory.search')}>
        <form onSubmit={submit}>
          <Group align="end" gap="sm">
            {props.directories.length > 1 && (
              <NativeSelect
                label={t('people.directory.which')}
                value={id}
                onChange={(event) => void navigate({ search: { directory: event.currentTarget.value } })}
              >
                {props.directories.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </NativeSelect>
            )}
            <TextInput
              type="search"
              label={t('people.directory.search')}
              value={typed}
              maxLength={100}
              required
              withAsterisk={false}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <Button type="submit" leftSection={<IconSearch aria-hidden size={18} />} loading={found.isFetching}>
              {t('people.directory.submit')}
            </Button>
          </Group>
        </form>
      </Section>
      {found.isLoading && <SlowWords>{t('people.directory.searching')}</SlowWords>}
      {found.isError && <Failure failure={toFailure(found.error)} />}
      {found.data !== undefined && <Found key={`${id} ${search}`} connectionId={id} found={found.data} />}
    </>
  )
}

function Found(props: { connectionId: string; found: DirectoryFound }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { entries, isMore } = props.found
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const take = useMutation({
    mutationFn: (keys: readonly string[]) => takeFromDirectory(props.connectionId, keys),
    onSuccess: async () => {
      setChosen(new Set())
      await queries.invalidateQueries({ queryKey: ['directories'] })
      await queries.invalidateQueries({ queryKey: ['people'] })
      await queries.invalidateQueries({ queryKey: ['person'] })
    },
  })
  const keys = entries.filter((entry) => chosen.has(entry.key) && isChoosable(entry)).map(({ key }) => key)
  const toggle = (key: string) => {
    const next = new Set(chosen)
    if (!next.delete(key)) next.add(key)
    setChosen(next)
  }
  if (entries.length === 0) {
    return (
      <div className={classes.empty} role="status">
        <Text>{t('people.directory.nobody')}</Text>
      </div>
    )
  }
  return (
    <Section title={t('people.directory.caption')}>
      <Stack gap="sm">
        <EntryTable entries={entries} chosen={chosen} onToggle={toggle} />
        {isMore && <Text>{t('people.directory.more')}</Text>}
        <div>
          <Button
            leftSection={<IconUserPlus aria-hidden size={18} />}
            disabled={keys.length === 0}
            loading={take.isPending}
            onClick={() => take.mutate(keys)}
          >
            {keys.length === 0 ? t('people.directory.takeNone') : t('people.directory.take', { count: keys.length })}
          </Button>
        </div>
        {take.isError && <Failure failure={toFailure(take.error)} />}
        {take.isSuccess && <Taken taken={take.data} />}
      </Stack>
    </Section>
  )
}

function Taken({ taken }: { taken: TakenFromDirectory }) {
  const { t } = useTranslation()
  const { added, changed, refused } = taken
  return (
    <Alert color="green" variant="light" icon={<IconCheck aria-hidden />} role="status">
      {t('people.directory.taken', { added: added.length, changed: changed.length })}
      {refused.map(({ name, fault }) => (
        <Text key={name} inherit>
          {t('people.directory.refused', { name, why: t(`people.directory.faults.${fault}`) })}
        </Text>
      ))}
    </Alert>
  )
}

/** What went wrong, and in the directory's own words. */
function Failure({ failure }: { failure: ApiFailure }) {
  const { t } = useTranslation()
  return (
    <ProblemNotice problem={failure}>
      {failure.detail !== undefined && (
        <Text inherit className={classes.quote as string}>
          {t('templates.connection.said', { detail: failure.detail })}
        </Text>
      )}
    </ProblemNotice>
  )
}
