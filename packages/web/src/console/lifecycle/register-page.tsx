import { Button, Group, NativeSelect, Text, TextInput, Title } from '@mantine/core'
import { IconIdBadge2, IconUserPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { FACTORY_ADMIN_KEYS, type FactoryAdminKey } from '@unlatch/contract'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { AddPersonDialog } from '../people/add-person-dialog.tsx'
import { PersonSearch } from '../people/person-search.tsx'
import { readPerson, registerCard } from '../server-api.ts'
import { useMay } from '../sign-in/session-gate.tsx'
import { Step } from '../steps/step.tsx'
import { FromStock } from './from-stock.tsx'
import classes from './lifecycle.module.css'
import { Replaced } from './replaced.tsx'
import {
  AlreadyManaged,
  type ChosenReader,
  findCard,
  guessReader,
  StationReaders,
  useStations,
} from './station-readers.tsx'
import { TemplateChoice, useTemplateFor } from './template-choice.tsx'

const route = getRouteApi('/lifecycle/register')

/** Lifecycle > Register: a card becomes a person's. Nothing is written to the card yet. */
export function RegisterPage() {
  const { t } = useTranslation()
  const { search = '', person, template, replaces } = route.useSearch()
  const navigate = route.useNavigate()
  const field = useRef<HTMLInputElement>(null)
  const may = useMay()
  const [isAdding, setAdding] = useState(false)
  useEffect(() => {
    document.title = `${t('console.lifecycle.register.title')} · ${t('shared.productName')}`
  }, [t])
  return (
    <>
      <Title order={1} size="h2" mb="xs">
        {t('console.lifecycle.register.title')}
      </Title>
      <Text c="dimmed" mb="md">
        {t('console.lifecycle.register.lead')}
      </Text>
      <PersonSearch
        ref={field}
        title={t('console.lifecycle.register.whose')}
        search={search}
        isChosen={person !== undefined}
        onTyping={() => {}}
        onSearch={(next) => void navigate({ search: { search: next } })}
        onChoose={({ search: next, person: id }) => void navigate({ search: { search: next, person: id } })}
      />
      {person === undefined && may('person:write') && (
        <Button variant="default" leftSection={<IconUserPlus aria-hidden size={18} />} onClick={() => setAdding(true)}>
          {t('console.people.add.open')}
        </Button>
      )}
      <AddPersonDialog
        isOpen={isAdding}
        search={search}
        onClose={() => setAdding(false)}
        onAdded={(id, userName) => void navigate({ search: { search: userName, person: id } })}
      />
      {person !== undefined && (
        <Registration key={person} personId={person} templateWanted={template} replaces={replaces} />
      )}
    </>
  )
}

function Registration(props: {
  personId: string
  /** The template of the card whose place the new one takes. */
  templateWanted: string | undefined
  replaces: string | undefined
}) {
  const { personId, replaces } = props
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const person = useQuery({ queryKey: ['person', personId], queryFn: ({ signal }) => readPerson(personId, signal) })
  const stations = useStations().data
  const [picked, setPicked] = useState<ChosenReader>()
  const chosen = picked ?? guessReader(stations)
  const [label, setLabel] = useState('')
  const [printedSerial, setPrintedSerial] = useState('')
  const [adminTries, setAdminTries] = useState('')
  const [factoryKey, setFactoryKey] = useState<FactoryAdminKey | ''>('')
  const card = findCard(stations, chosen)
  const [picking, setPicking] = useState({ forCard: '', templateId: '' })
  const family = card?.family === 'gids' ? 'gids' : 'piv'
  // Chosen for a card of another kind, it is for none of this one.
  const forCard = `${card?.family} ${card?.kind}`
  const wanted = useTemplateFor(card, props.templateWanted)
  const templateId = picking.forCard === forCard ? picking.templateId : (wanted ?? '')
  const register = useMutation({
    mutationFn: () =>
      registerCard({
        personId,
        family,
        hardwareNumber: card?.hardwareNumber ?? null,
        label: label.trim() || t('console.lifecycle.register.labelDefault'),
        printedSerial: printedSerial.trim(),
        ...(templateId !== '' && { templateId }),
        ...(replaces !== undefined && { replacesCardId: replaces }),
        ...(family === 'gids' && adminTries !== '' && { adminKeyTriesLimit: Number(adminTries) }),
        ...(family === 'gids' && factoryKey !== '' && { factoryAdminKey: factoryKey }),
      }),
    onSuccess: async ({ cardId }) => {
      await queries.invalidateQueries({ queryKey: ['registrations'] })
      await navigate({ to: '/lifecycle/issue', search: { card: cardId } })
    },
  })
  if (person.isError) return <ProblemNotice problem={toFailure(person.error)} />
  if (person.data === undefined) return null
  const isUsable = card !== null && card.family !== 'unknown' && card.managed === null
  const isStock = card?.managed?.state === 'stock'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isUsable && printedSerial.trim() !== '' && !register.isPending) register.mutate()
  }
  return (
    <form onSubmit={submit} className={classes.steps}>
      <Step number={1} title={t('console.lifecycle.register.person')}>
        <Text fw={600} size="lg">
          {person.data.name}
        </Text>
        <Text c="dimmed">{[person.data.userName, person.data.department].filter(Boolean).join(' · ')}</Text>
        {replaces !== undefined && <Replaced cardId={replaces} />}
      </Step>
      <Step number={2} title={t('console.lifecycle.register.card')}>
        <StationReaders label={t('console.lifecycle.register.reader')} chosen={chosen} onChoose={setPicked} />
        {card?.managed && isStock && <FromStock managed={card.managed} personId={personId} replaces={replaces} />}
        {card?.managed && !isStock && <AlreadyManaged managed={card.managed} />}
        {card?.family === 'unknown' && (
          <ProblemNotice problem={card.kind === 'cac' ? 'card-of-issuer' : 'card-not-supported'} isAnnounced={false} />
        )}
        {isUsable && (
          <TemplateChoice
            card={card}
            templateId={templateId}
            onChoose={(next) => setPicking({ forCard, templateId: next })}
          />
        )}
      </Step>
      {!isStock && (
        <Step number={3} title={t('console.lifecycle.register.facts')}>
          <div className={classes.fields}>
            <TextInput
              label={t('console.lifecycle.register.serial')}
              description={t('console.lifecycle.register.serialHint')}
              inputWrapperOrder={['label', 'input', 'description']}
              value={printedSerial}
              maxLength={60}
              required
              withAsterisk={false}
              onChange={(event) => setPrintedSerial(event.currentTarget.value)}
            />
            <TextInput
              label={t('console.lifecycle.register.label')}
              description={t('console.lifecycle.register.labelHint')}
              inputWrapperOrder={['label', 'input', 'description']}
              placeholder={t('console.lifecycle.register.labelDefault')}
              value={label}
              maxLength={100}
              onChange={(event) => setLabel(event.currentTarget.value)}
            />
            {card?.family === 'gids' && (
              <>
                <NativeSelect
                  label={t('console.lifecycle.register.adminTries')}
                  description={t('console.lifecycle.register.adminTriesHint')}
                  inputWrapperOrder={['label', 'input', 'description']}
                  data={[
                    { value: '', label: t('console.lifecycle.register.adminTriesUnknown') },
                    { value: '0', label: t('console.lifecycle.register.adminTriesNone') },
                    ...['3', '5', '10'],
                  ]}
                  value={adminTries}
                  onChange={(event) => setAdminTries(event.currentTarget.value)}
                />
                <NativeSelect
                  label={t('console.lifecycle.register.factoryKey')}
                  description={t('console.lifecycle.register.factoryKeyHint')}
                  inputWrapperOrder={['label', 'input', 'description']}
                  data={[
                    { value: '', label: t('console.lifecycle.register.factoryKeyUnknown') },
                    ...FACTORY_ADMIN_KEYS.map((value) => ({
                      value,
                      label: t(`console.lifecycle.register.factoryKeys.${value}`),
                    })),
                  ]}
                  value={factoryKey}
                  onChange={(event) => setFactoryKey(event.currentTarget.value as FactoryAdminKey | '')}
                />
              </>
            )}
          </div>
          {register.isError && <ProblemNotice problem={toFailure(register.error)} />}
          <Group mt="md">
            <Button
              type="submit"
              leftSection={<IconIdBadge2 aria-hidden size={18} />}
              loading={register.isPending}
              disabled={!isUsable || printedSerial.trim() === ''}
            >
              {t('console.lifecycle.register.submit')}
            </Button>
            {!isUsable && <Text c="dimmed">{t('console.lifecycle.register.cardFirst')}</Text>}
          </Group>
        </Step>
      )}
    </form>
  )
}
