import { Anchor, Badge, Checkbox, Text } from '@mantine/core'
import { IconAlertTriangle, IconArrowsExchange, IconEqual, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { DirectoryFound } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import tables from '../table.module.css'

type Entry = DirectoryFound['entries'][number]

/** True for an entry that can be added, or that says something else than what is here. */
export const isChoosable = ({ fault, here }: Entry): boolean =>
  fault === null && (here === null || here.changes.length > 0)

/** Entries of a directory, each beside who it is here. */
export function EntryTable(props: {
  entries: readonly Entry[]
  chosen: ReadonlySet<string>
  onToggle: (key: string) => void
}) {
  const { t } = useTranslation()
  return (
    <table className={`${tables.table} ${tables.list}`} aria-label={t('people.directory.caption')}>
      <thead>
        <tr>
          <th scope="col">{t('people.directory.name')}</th>
          <th scope="col">{t('people.directory.contact')}</th>
          <th scope="col">{t('people.directory.state')}</th>
        </tr>
      </thead>
      <tbody>
        {props.entries.map((entry) => (
          <tr key={entry.key}>
            <th scope="row">
              <Checkbox
                label={entry.name || entry.dn}
                aria-label={t('people.directory.choose', { name: entry.name || entry.dn })}
                description={entry.userName}
                checked={props.chosen.has(entry.key)}
                disabled={!isChoosable(entry)}
                onChange={() => props.onToggle(entry.key)}
              />
            </th>
            <td>{[entry.department, entry.email, entry.phone, entry.manager].filter(Boolean).join(' · ') || '–'}</td>
            <td>
              <State entry={entry} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const LOOKS = {
  fresh: { colour: 'green', Sign: IconPlus },
  same: { colour: 'gray', Sign: IconEqual },
  differs: { colour: 'blue', Sign: IconArrowsExchange },
} as const

function State({ entry: { here, fault } }: { entry: Entry }) {
  const { t } = useTranslation()
  if (fault !== null) {
    return (
      <Text size="sm">
        <IconAlertTriangle aria-hidden size={14} /> {t(`people.directory.faults.${fault}`)}
      </Text>
    )
  }
  const state = here === null ? 'fresh' : here.changes.length === 0 ? 'same' : 'differs'
  const { colour, Sign } = LOOKS[state]
  const nothing = t('people.directory.nothing')
  return (
    <>
      <Badge variant="light" color={colour} tt="none" radius="sm" leftSection={<Sign aria-hidden size={14} />}>
        {t(`people.directory.${state}`)}
      </Badge>
      {here?.changes.map(({ field, from, to }) => (
        <Text key={field} size="sm">
          {t('people.directory.change', {
            field: t(`people.import.fields.${field}`),
            from: from || nothing,
            to: to || nothing,
          })}
        </Text>
      ))}
      {here !== null && (
        <Text size="sm">
          <Anchor
            underline="always"
            renderRoot={(anchor) => <Link {...anchor} to="/people/$personId" params={{ personId: here.personId }} />}
          >
            {here.name}
          </Anchor>
        </Text>
      )}
    </>
  )
}
