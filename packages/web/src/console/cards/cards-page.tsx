import { Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconDownload, IconIdBadge2 } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { CardsFound } from '@unlatch/contract'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { cardFileAddress, readCards } from '../card-api.ts'
import sections from '../section.module.css'
import { useMay } from '../sign-in/session-gate.tsx'
import { CardFilters, ColumnChoice } from './card-filters.tsx'
import { CardTable } from './card-table.tsx'
import { type CardsAddress, ordersOf, wishOf } from './cards-address.ts'

const route = getRouteApi('/lifecycle/cards')

/** Lifecycle > Cards. Everything that is chosen stands in the address. */
export function CardsPage() {
  const { t } = useTranslation()
  const address = route.useSearch()
  const navigate = route.useNavigate()
  const wish = wishOf(address)
  const found = useQuery({
    queryKey: ['cards', wish],
    queryFn: ({ signal }) => readCards(wish, signal),
    placeholderData: keepPreviousData,
  })
  useEffect(() => {
    document.title = `${t('cards.list.title')} · ${t('shared.productName')}`
  }, [t])
  const hidden = address.hide?.split('.') ?? []
  const { data } = found
  const isFiltered = Object.keys(wish).some((name) => name !== 'sort')
  // A page may be short, and have a next one.
  const isEmpty = data?.cards.length === 0 && data.next === null && !found.isPlaceholderData
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('cards.list.title')}
      </Title>
      <Text c="dimmed">{t('cards.list.lead')}</Text>
      <CardFilters
        address={address}
        onChange={(next, isTyping = false) => void navigate({ search: next, replace: isTyping })}
      />
      <Group justify="space-between" align="start">
        <ColumnChoice
          hidden={hidden}
          onChange={(next) => {
            const { hide: _, ...rest } = address
            void navigate({ search: { ...rest, ...(next.length > 0 && { hide: next.join('.') }) }, replace: true })
          }}
        />
        <div role="status">{found.isPlaceholderData && <SlowWords>{t('cards.list.searching')}</SlowWords>}</div>
        {data !== undefined && data.cards.length > 0 && <FileLink address={address} />}
      </Group>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('cards.list.loading')}</SlowWords>}
      {isEmpty && (isFiltered ? <NothingFound address={address} /> : <NoCardYet />)}
      {data !== undefined && data.cards.length > 0 && (
        <Paper withBorder p="md">
          <CardTable
            cards={data.cards}
            hidden={hidden}
            sort={address.sort ?? ordersOf(address)[0]}
            isOld={found.isPlaceholderData}
          />
        </Paper>
      )}
      {data?.isCut === true && <Text>{t('cards.list.cut')}</Text>}
      {data !== undefined && <Pages address={address} found={data} isOld={found.isPlaceholderData} />}
    </Stack>
  )
}

/** The whole list as a file; its address is the browser's to fetch, so that a million lines pass through no page. */
function FileLink({ address }: { address: CardsAddress }) {
  const { t } = useTranslation()
  const { after: _, ...wish } = wishOf(address)
  return (
    <div>
      <Button
        component="a"
        href={cardFileAddress(wish)}
        download="cards.csv"
        variant="default"
        size="sm"
        leftSection={<IconDownload aria-hidden size={18} />}
      >
        {t('cards.list.export')}
      </Button>
      <Text size="sm" c="dimmed">
        {t('cards.list.exportHint')}
      </Text>
    </div>
  )
}

/** Where pages of this list began, as far as they were seen: the server knows the way forward alone. */
function Pages(props: { address: CardsAddress; found: CardsFound; isOld: boolean }) {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const { after, page: shown, ...list } = props.address
  const page = shown ?? 1
  const { hide: _, ...which } = list
  const name = JSON.stringify(which)
  const seen = useRef({ name, starts: new Map<number, string | undefined>() })
  if (seen.current.name !== name) seen.current = { name, starts: new Map() }
  seen.current.starts.set(page, after)
  const go = (to: number, start: string | undefined) => {
    window.scrollTo({ top: 0 })
    void navigate({ search: { ...list, ...(start !== undefined && { after: start, page: to }) } })
  }
  const { next } = props.found
  if (page === 1 && next === null) return null
  return (
    <Group component="nav" aria-label={t('cards.list.page', { page })}>
      {page > 1 && (
        <Button variant="default" onClick={() => go(1, undefined)}>
          {t('cards.list.first')}
        </Button>
      )}
      {page > 2 && seen.current.starts.has(page - 1) && (
        <Button variant="default" onClick={() => go(page - 1, seen.current.starts.get(page - 1))}>
          {t('cards.list.previous')}
        </Button>
      )}
      <Text>{t('cards.list.page', { page })}</Text>
      <Button variant="default" disabled={next === null || props.isOld} onClick={() => next && go(page + 1, next)}>
        {t('cards.list.next')}
      </Button>
      <Text size="sm" c="dimmed">
        {t('cards.list.keys')}
      </Text>
    </Group>
  )
}

function NoCardYet() {
  const { t } = useTranslation()
  const may = useMay()
  return (
    <div className={sections.empty}>
      <Title order={2} size="h4">
        {t('cards.list.emptyTitle')}
      </Title>
      <Text mb="sm">{t('cards.list.emptyText')}</Text>
      {may('card:register') && (
        <Button
          leftSection={<IconIdBadge2 aria-hidden size={18} />}
          renderRoot={(button) => <Link {...button} to="/lifecycle/register" search={{}} />}
        >
          {t('cards.list.toRegister')}
        </Button>
      )}
    </div>
  )
}

function NothingFound({ address }: { address: CardsAddress }) {
  const { t } = useTranslation()
  return (
    <div className={sections.empty} role="status">
      <Title order={2} size="h4">
        {t('cards.list.nothingTitle')}
      </Title>
      <Text>{t(address.after === undefined ? 'cards.list.nothingText' : 'cards.list.nothingMore')}</Text>
      <Anchor underline="always" renderRoot={(anchor) => <Link {...anchor} to="/lifecycle/cards" search={{}} />}>
        {t('cards.list.showAll')}
      </Anchor>
    </div>
  )
}
