import { Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { IconLock, IconLockOpen } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ConnectedReader } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { CardStateBadge } from '../cards/card-state-badge.tsx'
import steps from '../steps/steps.module.css'
import { isReady, keyOf, useReaders } from './use-readers.ts'

/** So many cards are shown at once; a name finds the others. */
const MOST = 20

interface ListProps {
  readonly isHere: boolean
  readonly chosen: string | undefined
  readonly isLocked: boolean
  readonly onChoose: (key: string) => void
}

/** Cards that are in a reader now: all of the stations', or the blocked ones at cardholders' computers. */
export function ReaderList(props: ListProps) {
  const { t } = useTranslation()
  const { query, readers } = useReaders()
  const [search, setSearch] = useState('')
  if (query.isPending) return <SlowWords>{t('connected.readers.looking')}</SlowWords>
  if (readers === undefined) {
    const failure = toFailure(query.error)
    return failure.code === 'server-unreachable' ? null : <ProblemNotice problem={failure} />
  }
  const ofPlace = readers.filter((reader) => reader.isStation === props.isHere)
  const shown = props.isHere ? ofPlace : ofPlace.filter((reader) => isAbout(reader) || keyOf(reader) === props.chosen)
  const found = shown.filter((reader) => isFoundBy(reader, search))
  if (props.isHere && ofPlace.length === 0) return <Text>{t('connected.readers.noStation')}</Text>
  return (
    <Stack gap="sm">
      {!props.isHere && shown.length > 1 && (
        <TextInput
          label={t('connected.readers.filter')}
          value={search}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {!props.isHere && shown.length === 0 && <Text role="status">{t('connected.readers.noneOnline')}</Text>}
      {shown.length > 0 && found.length === 0 && <Text role="status">{t('connected.readers.noneFound')}</Text>}
      {found.length > 0 && (
        <Radio.Group
          label={t(props.isHere ? 'connected.readers.here' : 'connected.readers.online')}
          value={props.chosen ?? null}
          onChange={props.onChoose}
        >
          <Stack gap="xs" mt={4} role="status">
            {found.slice(0, MOST).map((reader) => (
              <ReaderChoice key={keyOf(reader)} reader={reader} isLocked={props.isLocked} />
            ))}
          </Stack>
        </Radio.Group>
      )}
      {found.length > MOST && <Text c="dimmed">{t('connected.readers.more', { count: found.length - MOST })}</Text>}
    </Stack>
  )
}

function isFoundBy({ card, agentName }: ConnectedReader, search: string): boolean {
  const words = [card?.personName, card?.label, card?.printedSerial, agentName].join(' ').toLowerCase()
  return words.includes(search.trim().toLowerCase())
}

function ReaderChoice({ reader, isLocked }: { reader: ConnectedReader; isLocked: boolean }) {
  const { t } = useTranslation()
  const { card, isBlocked } = reader
  const isEmpty = reader.obstacle === 'no-card'
  const Sign = isBlocked ? IconLock : IconLockOpen
  return (
    <Radio.Card
      value={keyOf(reader)}
      className={steps.choice as string}
      disabled={isLocked || isEmpty}
      data-disabled={isEmpty || undefined}
    >
      <Group gap="sm" wrap="nowrap" align="start">
        <Radio.Indicator mt={3} />
        <div>
          <Text fw={600}>
            {card === null ? reader.reader : [card.personName, card.label].filter(Boolean).join(' · ')}
          </Text>
          <Group gap="xs">
            <Text size="sm" c="dimmed">
              {[card?.printedSerial, reader.agentName, card !== null && reader.reader].filter(Boolean).join(' · ')}
              {isEmpty && ` · ${t('connected.readers.empty')}`}
            </Text>
            {card !== null && <CardStateBadge state={card.state} />}
            {isBlocked !== null && !isEmpty && (
              <Text size="sm" fw={600}>
                <Sign aria-hidden size={14} />{' '}
                {t(isBlocked ? 'connected.readers.blocked' : 'connected.readers.notBlocked')}
              </Text>
            )}
          </Group>
        </div>
      </Group>
    </Radio.Card>
  )
}

/** A card at its holder's computer that waits for an operator; one that must come to a station says so when it is chosen. */
const isAbout = (reader: ConnectedReader) =>
  isReady(reader) || (reader.obstacle === 'card-puc-only' && reader.isBlocked === true)

/** Why the chosen card is not unblocked here, and the way out. */
export function ReaderNotice({ reader }: { reader: ConnectedReader }) {
  const { t } = useTranslation()
  if (reader.obstacle === null || reader.obstacle === 'no-card') return null
  if (reader.card === null && reader.obstacle === 'card-unknown') {
    return (
      <Text role="status">
        <strong>{t('connected.readers.unmanaged')}</strong> {t('connected.readers.unmanagedNow')}{' '}
        <Link to="/lifecycle/register">{t('console.menu.register')}</Link>
      </Text>
    )
  }
  return <ProblemNotice problem={reader.obstacle} tone="orange" />
}
