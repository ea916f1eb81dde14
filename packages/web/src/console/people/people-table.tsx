import { Anchor, Paper, Text } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { PEOPLE_SORTS, type PeopleSort, type PersonRow } from '@unlatch/contract'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../../shared/local-time.tsx'
import tables from '../table.module.css'
import styles from './people.module.css'

/** People, a row each. Arrow keys go from name to name. */
export function PeopleTable(props: {
  people: readonly PersonRow[]
  sort: PeopleSort
  isSortable: boolean
  onSort: (sort: PeopleSort) => void
}) {
  const { t } = useTranslation()
  const heading = (sort: PeopleSort) => <SortHeading key={sort} {...props} name={sort} />
  const [name, userName, department, newest] = PEOPLE_SORTS
  return (
    <>
      {!props.isSortable && (
        <Text size="sm" c="dimmed">
          {t('people.list.sortedByName')}
        </Text>
      )}
      <Paper withBorder px="md" pb="md">
        <table className={`${tables.table} ${tables.list} ${styles.sticky}`} aria-label={t('people.list.caption')}>
          <thead>
            <tr>
              {[name, userName, department].map(heading)}
              <th scope="col">{t('people.list.email')}</th>
              <th scope="col">{t('people.list.cards')}</th>
              {heading(newest)}
            </tr>
          </thead>
          <tbody onKeyDown={goBetweenRows}>
            {props.people.map((person) => (
              <tr key={person.id}>
                <th scope="row" className={styles.cell}>
                  <Anchor
                    underline="always"
                    data-row
                    renderRoot={(anchor) => (
                      <Link {...anchor} to="/people/$personId" params={{ personId: person.id }} />
                    )}
                  >
                    {person.name}
                  </Anchor>
                </th>
                <td data-label={t('people.list.sorts.userName')} className={styles.cell}>
                  {person.userName}
                </td>
                <td data-label={t('people.list.department')} className={styles.cell}>
                  {person.department || '–'}
                </td>
                <td data-label={t('people.list.email')} className={styles.cell}>
                  {person.email || '–'}
                </td>
                <td data-label={t('people.list.cards')}>
                  {person.cards === 0 ? t('people.list.noCard') : t('people.list.cardCount', { count: person.cards })}
                </td>
                <td data-label={t('people.list.sorts.newest')}>
                  <LocalTime at={person.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Paper>
    </>
  )
}

/** The name of a column, by which the list is sorted when it is pressed. */
function SortHeading(props: {
  name: PeopleSort
  sort: PeopleSort
  isSortable: boolean
  onSort: (sort: PeopleSort) => void
}) {
  const { t } = useTranslation()
  const { name } = props
  const isSorted = props.sort === name
  const isDown = name === 'newest'
  const Sign = isDown ? IconArrowDown : IconArrowUp
  return (
    <th scope="col" {...(isSorted && { 'aria-sort': isDown ? ('descending' as const) : ('ascending' as const) })}>
      <button type="button" className={styles.sort} disabled={!props.isSortable} onClick={() => props.onSort(name)}>
        {t(`people.list.sorts.${name}`)}
        {isSorted && <Sign aria-hidden size={14} />}
      </button>
    </th>
  )
}

const STEPS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => Math.min(at + 1, count - 1),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, count) => count - 1,
}

function goBetweenRows(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const step = STEPS[event.key]
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')]
  const at = rows.indexOf(document.activeElement as HTMLElement)
  if (!step || at < 0) return
  event.preventDefault()
  rows[step(at, rows.length)]?.focus()
}
