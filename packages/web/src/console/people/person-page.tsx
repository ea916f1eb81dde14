import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { PersonDetails } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { nameLanguage } from '../../shared/language-switch.tsx'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { CardStateBadge } from '../cards/card-state-badge.tsx'
import { DetailsPage } from '../details-page.tsx'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { readPerson } from '../server-api.ts'
import { useMay } from '../sign-in/session-gate.tsx'
import { EditPerson } from './edit-person.tsx'
import { PersonPasskeysSection } from './person-passkeys.tsx'
import { RemovePersonSection } from './remove-person-section.tsx'

const route = getRouteApi('/people/$personId')

/** One person: what is on record, their cards, what happened, Edit and Remove. */
export function PersonPage() {
  const { t } = useTranslation()
  const { personId } = route.useParams()
  const found = useQuery({ queryKey: ['person', personId], queryFn: ({ signal }) => readPerson(personId, signal) })
  const failure = found.isError ? toFailure(found.error) : undefined
  const isMissing = failure?.code === 'not-found'
  return (
    <DetailsPage title={found.data?.name ?? t('people.person.facts')} back={<Back />}>
      {failure !== undefined && !isMissing && <ProblemNotice problem={failure} />}
      {isMissing && <Text>{t('people.person.missing')}</Text>}
      {found.isPending && <SlowWords>{t('people.person.loading')}</SlowWords>}
      {found.data !== undefined && !isMissing && <Present key={personId} person={found.data} />}
    </DetailsPage>
  )
}

function Present({ person }: { person: PersonDetails }) {
  const { t } = useTranslation()
  const may = useMay()
  const [isEditing, setEditing] = useState(false)
  const [isSaved, setSaved] = useState(false)
  const mayWrite = may('person:write')
  if (isEditing) {
    return (
      <EditPerson
        person={person}
        onDone={(saved) => {
          setEditing(false)
          setSaved(saved)
        }}
      />
    )
  }
  return (
    <>
      <Section title={t('people.person.facts')}>
        <Facts person={person} />
        <Group mt="md" gap="sm">
          {mayWrite && (
            <Button
              variant="default"
              leftSection={<IconPencil aria-hidden size={18} />}
              onClick={() => setEditing(true)}
            >
              {t('people.person.edit')}
            </Button>
          )}
          {!mayWrite && <Text>{t('people.person.onlyRead')}</Text>}
          {mayWrite && person.directory !== null && (
            <Anchor
              underline="always"
              renderRoot={(anchor) => (
                <Link
                  {...anchor}
                  to="/people/directory"
                  search={{ directory: person.directory?.connectionId ?? '', search: person.userName }}
                />
              )}
            >
              {t('people.directory.again')}
            </Anchor>
          )}
          <Text role="status">{isSaved && t('people.person.saved')}</Text>
        </Group>
      </Section>
      <Cards person={person} />
      <History person={person} />
      <PersonPasskeysSection personId={person.id} />
      {mayWrite && <RemovePersonSection person={person} />}
    </>
  )
}

const FACTS = ['name', 'userName', 'department', 'email', 'phone', 'manager'] as const

function Facts({ person }: { person: PersonDetails }) {
  const { t, i18n } = useTranslation()
  const { source, directory, language } = person
  return (
    <dl className={classes.facts}>
      {FACTS.map((field) => (
        <Fact key={field} name={t(`people.person.${field}`)} words={person[field] || t('people.person.unknown')} />
      ))}
      <Fact
        name={t('people.person.language')}
        words={language === '' ? t('console.people.add.languageOwn') : nameLanguage(language, i18n.language)}
      />
      <Fact name={t('people.person.source')} words={t(`people.person.sources.${source}`)} />
      {directory !== null && (
        <Fact
          name={t('people.person.entry')}
          words={t('people.person.entryIn', { name: directory.connectionName, dn: directory.dn })}
        />
      )}
      <dt>{t('people.person.createdAt')}</dt>
      <dd>
        <LocalTime at={person.createdAt} />
      </dd>
    </dl>
  )
}

const Fact = (props: { name: string; words: string }) => (
  <>
    <dt>{props.name}</dt>
    <dd>{props.words}</dd>
  </>
)

function Cards({ person }: { person: PersonDetails }) {
  const { t } = useTranslation()
  const may = useMay()
  return (
    <Section title={t('people.person.cards')}>
      {person.cards.length === 0 && <Text>{t('people.person.noCards')}</Text>}
      <ul className={classes.rows}>
        {person.cards.map((card) => (
          <li key={card.id}>
            <div className={classes.what}>
              <Anchor
                underline="always"
                fw={600}
                renderRoot={(anchor) => <Link {...anchor} to="/lifecycle/cards/$cardId" params={{ cardId: card.id }} />}
              >
                {card.label}
              </Anchor>{' '}
              <CardStateBadge state={card.state} />
              <Text size="sm" c="dimmed">
                {t('people.person.serial')}: {card.printedSerial}
              </Text>
            </div>
            {may('unblock:release') && (
              <Anchor
                underline="always"
                aria-label={t('people.person.unblock', { label: card.label })}
                renderRoot={(anchor) => (
                  <Link
                    {...anchor}
                    to="/actions/smart-card-unblock"
                    search={{ search: person.userName, person: person.id, card: card.id }}
                  />
                )}
              >
                {t('people.person.unblockShort')}
              </Anchor>
            )}
          </li>
        ))}
      </ul>
      {may('card:register') && (
        <Anchor
          underline="always"
          renderRoot={(anchor) => (
            <Link {...anchor} to="/lifecycle/register" search={{ search: person.userName, person: person.id }} />
          )}
        >
          {t('people.person.register')}
        </Anchor>
      )}
    </Section>
  )
}

function History({ person }: { person: PersonDetails }) {
  const { t } = useTranslation()
  return (
    <Section title={t('people.person.history')}>
      {person.history.length === 0 && <Text>{t('people.person.noHistory')}</Text>}
      <ul className={classes.rows}>
        {person.history.map(({ at, cardLabel, operatorName, outcome }) => (
          <li key={`${at} ${cardLabel}`}>
            <Stack gap={0} className={classes.what as string}>
              <Text fw={600}>{t(`people.person.outcomes.${outcome}`)}</Text>
              <Text size="sm" c="dimmed">
                {t('people.person.historyBy', { card: cardLabel, operator: operatorName })}
              </Text>
            </Stack>
            <LocalTime at={at} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Back() {
  const { t } = useTranslation()
  return (
    <Anchor component={Link} to="/people" underline="always">
      {t('people.person.back')}
    </Anchor>
  )
}
