import { Anchor, Badge, Button, Group, Text } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArrowsExchange,
  IconDownload,
  IconEqual,
  IconFileImport,
  IconPlus,
} from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ImportRow, type ImportView, ROW_KINDS, type RowKind } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readRows, startImport, wrongRowsAddress } from '../import-api.ts'
import { Section } from '../section.tsx'
import tables from '../table.module.css'
import styles from './people-import.module.css'

const route = getRouteApi('/people/import/$importId')

const LOOKS = {
  new: { colour: 'green', Sign: IconPlus },
  changed: { colour: 'blue', Sign: IconArrowsExchange },
  unchanged: { colour: 'gray', Sign: IconEqual },
  wrong: { colour: 'red', Sign: IconAlertTriangle },
} as const satisfies Record<RowKind, { colour: string; Sign: typeof IconPlus }>

/** What each row of a file would do, counted, page by page; and the button that lets it. */
export function ImportRowsSection({ one }: { one: ImportView }) {
  const { t } = useTranslation()
  const { kind, after } = route.useSearch()
  const { id, revision } = one
  const found = useQuery({
    queryKey: ['imports', id, 'rows', revision, kind, after],
    queryFn: () => readRows(id, kind, after),
    placeholderData: (before) => before,
  })
  const list = found.data
  return (
    <Section title={t('people.import.preview')}>
      {found.isPending && <SlowWords>{t('people.import.comparing')}</SlowWords>}
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {list !== undefined && (
        <>
          <Kinds importId={id} kind={kind} counts={list.counts} />
          <Start one={one} comparedAt={list.comparedAt} count={list.counts.new + list.counts.changed} />
          {list.rows.length === 0 ? <Text mt="md">{t('people.import.noRows')}</Text> : <Rows rows={list.rows} />}
          <Group gap="md" mt="sm">
            {after !== undefined && (
              <Anchor
                underline="always"
                renderRoot={(anchor) => (
                  <Link
                    {...anchor}
                    to="/people/import/$importId"
                    params={{ importId: id }}
                    search={kind === undefined ? {} : { kind }}
                  />
                )}
              >
                {t('people.import.first')}
              </Anchor>
            )}
            {list.next !== null && (
              <Anchor
                underline="always"
                renderRoot={(anchor) => (
                  <Link
                    {...anchor}
                    to="/people/import/$importId"
                    params={{ importId: id }}
                    search={{ ...(kind !== undefined && { kind }), after: list.next ?? 0 }}
                  />
                )}
              >
                {t('people.import.next')}
              </Anchor>
            )}
            {list.counts.wrong > 0 && (
              <Anchor underline="always" href={wrongRowsAddress(id)} download>
                <IconDownload aria-hidden size={16} /> {t('people.import.wrongFile')}
              </Anchor>
            )}
          </Group>
        </>
      )}
    </Section>
  )
}

function Kinds(props: { importId: string; kind: RowKind | undefined; counts: Record<RowKind, number> }) {
  const { t, i18n } = useTranslation()
  const { counts } = props
  const all = ROW_KINDS.reduce((sum, kind) => sum + counts[kind], 0)
  const numbers = new Intl.NumberFormat(i18n.language)
  const choice = (kind: RowKind | undefined, words: string, count: number) => (
    <Button
      key={words}
      size="compact-md"
      variant={props.kind === kind ? 'filled' : 'default'}
      aria-current={props.kind === kind ? 'true' : undefined}
      renderRoot={(button) => (
        <Link
          {...button}
          to="/people/import/$importId"
          params={{ importId: props.importId }}
          search={kind === undefined ? {} : { kind }}
        />
      )}
    >
      {t('people.import.countOf', { kind: words, count: numbers.format(count) as never })}
    </Button>
  )
  return (
    <nav className={styles.kinds} aria-label={t('people.import.rows')}>
      {choice(undefined, t('people.import.all'), all)}
      {ROW_KINDS.map((kind) => choice(kind, t(`people.import.kinds.${kind}`), counts[kind]))}
    </nav>
  )
}

function Start(props: { one: ImportView; comparedAt: string; count: number }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { id, revision } = props.one
  const start = useMutation({
    mutationFn: () => startImport(id, { revision, comparedAt: props.comparedAt }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['imports'] }),
    onError: () => queries.invalidateQueries({ queryKey: ['imports', id] }),
  })
  return (
    <>
      <Group gap="sm">
        <Button
          leftSection={<IconFileImport aria-hidden size={18} />}
          loading={start.isPending}
          disabled={props.count === 0}
          onClick={() => start.mutate()}
        >
          {props.count === 0 ? t('people.import.startNone') : t('people.import.start', { count: props.count })}
        </Button>
        <Text size="sm" c="dimmed">
          {t('people.import.startHint')}
        </Text>
      </Group>
      {start.isError && <ProblemNotice problem={toFailure(start.error)} />}
    </>
  )
}

function Rows(props: { rows: readonly ImportRow[] }) {
  const { t } = useTranslation()
  return (
    <table className={`${tables.table} ${tables.list} ${styles.wrap}`} aria-label={t('people.import.rows')}>
      <thead>
        <tr>
          <th scope="col">{t('people.import.line')}</th>
          <th scope="col">{t('people.import.kind')}</th>
          <th scope="col">{t('people.import.who')}</th>
          <th scope="col">{t('people.import.details')}</th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={row.line}>
            <th scope="row">
              {t('people.import.line')} {row.line}
            </th>
            <td>
              <Kind kind={row.kind} />
            </td>
            <td>
              {row.name || '–'}
              <Text size="sm" c="dimmed">
                {row.userName}
              </Text>
            </td>
            <td>
              <Details row={row} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Kind({ kind }: { kind: RowKind }) {
  const { t } = useTranslation()
  const { colour, Sign } = LOOKS[kind]
  return (
    <Badge variant="light" color={colour} tt="none" radius="sm" leftSection={<Sign aria-hidden size={14} />}>
      {t(`people.import.kinds.${kind}`)}
    </Badge>
  )
}

function Details({ row }: { row: ImportRow }) {
  const { t } = useTranslation()
  const words = [
    ...row.changes.map(({ field, from, to }) =>
      t('people.import.change', {
        field: t(`people.import.fields.${field}`),
        from: from || t('people.import.nothing'),
        to: to || t('people.import.nothing'),
      }),
    ),
    ...row.faults.map(({ field, fault, otherLine }) => {
      const why = t(`people.import.faults.${fault}`, { line: otherLine })
      return field === null ? why : `${t(`people.import.fields.${field}`)}: ${why}`
    }),
  ]
  return (
    <ul className={styles.list}>
      {words.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
