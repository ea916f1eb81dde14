import { Group, Radio, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Stations } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { CardStateBadge } from '../cards/card-state-badge.tsx'
import { readStations } from '../server-api.ts'
import steps from '../steps/steps.module.css'

/** How often the stations are asked what is in their readers. */
const LOOK_MS = 1000

/** A reader of a station, as an address: both are needed to name it. */
export interface ChosenReader {
  readonly stationId: string
  readonly reader: string
}

type SeenCard = NonNullable<Stations['stations'][number]['readers'][number]['card']>

/** What the stations see now, followed. */
export function useStations() {
  return useQuery({
    queryKey: ['stations'],
    queryFn: ({ signal }) => readStations(signal),
    refetchInterval: LOOK_MS,
  })
}

/** The card in a chosen reader, as it is seen now. */
export function findCard(stations: Stations | undefined, chosen: ChosenReader | undefined): SeenCard | null {
  const station = stations?.stations.find(({ id }) => id === chosen?.stationId)
  return station?.readers.find(({ name }) => name === chosen?.reader)?.card ?? null
}

/**
 * The reader that is meant when nobody chose one: with the card that is looked for, else the only one whose card is nobody's: on
 * no record, or, where none is looked for, in stock.
 */
export function guessReader(stations: Stations | undefined, cardId?: string): ChosenReader | undefined {
  const all = (stations?.stations ?? []).flatMap(({ id, readers }) =>
    readers.flatMap(({ name, card }) => (card ? [{ chosen: { stationId: id, reader: name }, card }] : [])),
  )
  const wanted = all.find(({ card }) => cardId !== undefined && card.managed?.id === cardId)
  const isNobodys = ({ managed, family }: SeenCard) =>
    managed === null ? family !== 'unknown' : managed.state === 'stock' && cardId === undefined
  const fresh = all.filter(({ card }) => isNobodys(card))
  return (wanted ?? (fresh.length === 1 ? fresh[0] : undefined))?.chosen
}

const keyOf = ({ stationId, reader }: ChosenReader) => `${stationId}/${reader}`

/** The readers of all stations that are connected, with what is in them. */
export function StationReaders(props: {
  label: string
  chosen: ChosenReader | undefined
  isLocked?: boolean
  onChoose: (chosen: ChosenReader) => void
}) {
  const { t } = useTranslation()
  const found = useStations()
  if (found.isPending) return <SlowWords>{t('console.lifecycle.stations.looking')}</SlowWords>
  if (found.data === undefined) {
    const failure = toFailure(found.error)
    return failure.code === 'server-unreachable' ? null : <ProblemNotice problem={failure} />
  }
  const readers = found.data.stations.flatMap((station) =>
    station.readers.map((reader) => ({ station, reader, chosen: { stationId: station.id, reader: reader.name } })),
  )
  if (found.data.stations.length === 0) return <Text>{t('console.lifecycle.stations.none')}</Text>
  if (readers.length === 0) return <Text>{t('console.lifecycle.stations.noReader')}</Text>
  return (
    <Radio.Group
      label={props.label}
      value={props.chosen === undefined ? null : keyOf(props.chosen)}
      onChange={(key) => {
        const choice = readers.find(({ chosen }) => keyOf(chosen) === key)
        if (choice) props.onChoose(choice.chosen)
      }}
    >
      <Stack gap="xs" mt={4} role="status">
        {readers.map(({ station, reader, chosen }) => (
          <Radio.Card
            key={keyOf(chosen)}
            value={keyOf(chosen)}
            className={steps.choice as string}
            disabled={props.isLocked === true || reader.card === null}
            data-disabled={reader.card === null || undefined}
          >
            <Group gap="sm" wrap="nowrap" align="start">
              <Radio.Indicator mt={3} />
              <div>
                <Text fw={600}>
                  {station.name} · {reader.name}
                </Text>
                <CardWords card={reader.card} />
              </div>
            </Group>
          </Radio.Card>
        ))}
      </Stack>
    </Radio.Group>
  )
}

function CardWords({ card }: { card: SeenCard | null }) {
  const { t } = useTranslation()
  if (card === null) {
    return (
      <Text size="sm" c="dimmed">
        {t('console.lifecycle.stations.noCard')}
      </Text>
    )
  }
  const name =
    card.kind === null
      ? t('console.lifecycle.stations.family.unknown')
      : t(`console.lifecycle.stations.kind.${card.kind}`)
  const kind = card.firmware === null ? name : `${name} ${card.firmware}`
  if (card.managed === null) {
    return (
      <Text size="sm" c="dimmed">
        {kind} · {t('console.lifecycle.stations.unmanaged')}
      </Text>
    )
  }
  const { personName, label, printedSerial, state } = card.managed
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        {[kind, label, printedSerial, personName].filter((words) => words !== null).join(' · ')}
      </Text>
      <CardStateBadge state={state} />
    </Group>
  )
}

/** Why a card that is on record already is not registered again, and where it stands. */
export function AlreadyManaged({ managed }: { managed: NonNullable<SeenCard['managed']> }) {
  const { t } = useTranslation()
  return (
    <Text mt="sm" role="status">
      {t('console.lifecycle.register.managed', {
        name: managed.personName ?? t('cards.page.noHolder'),
        serial: managed.printedSerial,
      })}{' '}
      {managed.state === 'registered' && (
        <Link to="/lifecycle/issue" search={{ card: managed.id }}>
          {t('console.lifecycle.register.issueInstead')}
        </Link>
      )}
    </Text>
  )
}
