import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { CardRow, CardSort } from '@unlatch/contract'
import { type KeyboardEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../../shared/local-time.tsx'
import tables from '../table.module.css'
import { CardStateBadge } from './card-state-badge.tsx'
import classes from './cards.module.css'
import { COLUMNS, type Column } from './cards-address.ts'
import { FindingBadge } from './finding-badge.tsx'

/** Cards, a row each. Arrow keys go from card to card. */
export function CardTable(props: {
  cards: readonly CardRow[]
  hidden: readonly string[]
  sort: CardSort | undefined
  isOld: boolean
}) {
  const { t } = useTranslation()
  const body = useRef<HTMLTableSectionElement>(null)
  const columns = COLUMNS.filter((column) => !props.hidden.includes(column))
  const move = (event: KeyboardEvent) => {
    const links = [...(body.current?.querySelectorAll<HTMLElement>('th a') ?? [])]
    const here = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement))
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: links.length - 1 }[event.key]
    const link = to === undefined || here === -1 ? undefined : links[to]
    if (link === undefined) return
    event.preventDefault()
    link.focus()
  }
  const sorted = (column: Column | 'serial') => {
    if (column === 'serial') return props.sort === 'serial' ? 'ascending' : undefined
    if (column !== 'registered' || props.sort === 'serial' || props.sort === undefined) return undefined
    return props.sort === 'oldest' ? 'ascending' : 'descending'
  }
  return (
    <table
      className={`${tables.table} ${tables.list} ${classes.sticky} ${props.isOld ? classes.old : ''}`}
      aria-label={t('cards.list.caption')}
      aria-busy={props.isOld}
    >
      <thead>
        <tr>
          <th scope="col" aria-sort={sorted('serial')}>
            {t('cards.list.serial')}
          </th>
          {columns.map((column) => (
            <th key={column} scope="col" aria-sort={sorted(column)}>
              {t(`cards.list.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={move}>
        {props.cards.map((card) => (
          <tr key={card.id}>
            <th scope="row">
              <Anchor
                underline="always"
                renderRoot={(anchor) => <Link {...anchor} to="/lifecycle/cards/$cardId" params={{ cardId: card.id }} />}
              >
                {card.printedSerial}
              </Anchor>
              <Text size="sm" c="dimmed">
                {card.label} · {t(`cards.file.families.${card.family}`)}
              </Text>
            </th>
            {columns.map((column) => (
              <td key={column} data-label={t(`cards.list.${column}`)} data-long={isLong(column) || undefined}>
                <Cell card={card} column={column} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What people called it may be long, and in one word. */
const isLong = (column: Column) => column === 'holder' || column === 'template'

function Cell({ card, column }: { card: CardRow; column: Column }) {
  const { t } = useTranslation()
  switch (column) {
    case 'state':
      return <CardStateBadge state={card.state} />
    case 'holder':
      return card.personName ?? t('cards.list.nobody')
    case 'template':
      if (card.templateName === null) return t('cards.list.noTemplate')
      return (
        <>
          {card.templateName}
          <Text component="span" size="sm" c="dimmed">
            {', '}
            {t(card.isOlderVersion ? 'cards.list.older' : 'cards.list.version', { version: card.templateVersion ?? 0 })}
          </Text>
        </>
      )
    case 'registered':
      return <LocalTime at={card.createdAt} />
    case 'finding':
      if (card.findings.length === 0)
        return (
          <Text component="span" c="dimmed">
            {t('cards.list.nothingWrong')}
          </Text>
        )
      return (
        <span className={classes.badges}>
          {card.findings.map((finding) => (
            <FindingBadge key={finding} finding={finding} />
          ))}
        </span>
      )
  }
}
