import { Text, Title } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PersonSearch } from '../people/person-search.tsx'
import { Call } from './call.tsx'
import classes from './unblock-page.module.css'

const route = getRouteApi('/actions/smart-card-unblock')

/**
 * Actions > Smart Card Unblock: follows a call from top to bottom. The address holds search, person and card, never a code.
 */
export function UnblockPage() {
  const { t } = useTranslation()
  const { search = '', person, card } = route.useSearch()
  const navigate = route.useNavigate()
  const searchField = useRef<HTMLInputElement>(null)
  /** True once the operator chose the person here, so that the focus moves on; a reloaded page leaves it on Search. */
  const [wantsFocus, setWantsFocus] = useState(false)
  const [isTyping, setTyping] = useState(false)

  useEffect(() => {
    document.title = `${t('console.unblock.title')} · ${t('shared.productName')}`
  }, [t])

  return (
    <>
      <Title order={1} size="h2" mb="md">
        {t('console.unblock.title')}
      </Title>
      <PersonSearch
        ref={searchField}
        title={t('console.unblock.search.title')}
        search={search}
        isChosen={person !== undefined}
        onTyping={setTyping}
        onSearch={(next) => void navigate({ search: { search: next } })}
        onChoose={(next) => {
          setWantsFocus(true)
          void navigate({ search: next })
        }}
      />
      {person === undefined && search === '' && !isTyping && (
        <div className={classes.empty}>
          <Title order={2} size="h4">
            {t('console.unblock.search.emptyTitle')}
          </Title>
          <Text c="dimmed">{t('console.unblock.search.emptyText')}</Text>
        </div>
      )}
      {person !== undefined && (
        <Call
          key={person}
          personId={person}
          cardId={card}
          wantsFocus={wantsFocus}
          onCard={(next) => void navigate({ search: { search, person, card: next }, replace: true })}
          onNextCall={() => {
            void navigate({ search: {} })
            searchField.current?.focus()
          }}
        />
      )}
    </>
  )
}
