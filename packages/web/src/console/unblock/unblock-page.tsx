import { Stack, Text, Title } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SlowWords } from '../../shared/slow-words.tsx'
import { type Place, WhereStep } from '../connected/where-step.tsx'
import { PersonSearch } from '../people/person-search.tsx'
import { Call } from './call.tsx'
import classes from './unblock-page.module.css'

const ConnectedCall = lazy(() =>
  import('../connected/connected-call.tsx').then((module) => ({ default: module.ConnectedCall })),
)

const route = getRouteApi('/actions/smart-card-unblock')

/**
 * Actions > Smart Card Unblock: where the card is, then from top to bottom. The address holds place, search, person and card,
 * never a code.
 */
export function UnblockPage() {
  const { t } = useTranslation()
  const { search = '', person, card, place = 'telephone' } = route.useSearch()
  const navigate = route.useNavigate()
  const searchField = useRef<HTMLInputElement>(null)
  /** True once the operator chose the person here, so that the focus moves on; a reloaded page leaves it on Search. */
  const [wantsFocus, setWantsFocus] = useState(false)
  const [isTyping, setTyping] = useState(false)

  useEffect(() => {
    document.title = `${t('console.unblock.title')} · ${t('shared.productName')}`
  }, [t])

  const byTelephone = (
    <>
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
          onPlace={(next) => void navigate({ search: { ...placeOf(next), ...(card !== undefined && { card }) } })}
          onNextCall={() => {
            void navigate({ search: {} })
            searchField.current?.focus()
          }}
        />
      )}
    </>
  )
  return (
    <>
      <Title order={1} size="h2" mb="md">
        {t('console.unblock.title')}
      </Title>
      <Stack gap="md">
        <WhereStep place={place} onPlace={(next) => void navigate({ search: placeOf(next) })} />
        {place === 'telephone' ? (
          <div>{byTelephone}</div>
        ) : (
          <Suspense fallback={<SlowWords>{t('connected.readers.looking')}</SlowWords>}>
            <ConnectedCall
              key={place}
              isHere={place === 'here'}
              cardId={card}
              onDone={() => void navigate({ search: placeOf(place) })}
            />
          </Suspense>
        )}
      </Stack>
    </>
  )
}

/** The telephone is what an address without a place means. */
const placeOf = (place: Place) => (place === 'telephone' ? {} : { place })
