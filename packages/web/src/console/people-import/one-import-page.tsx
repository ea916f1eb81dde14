import { Anchor, Button, Checkbox, Group, NativeSelect, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import {
  IMPORT_DELIMITERS,
  IMPORT_ENCODINGS,
  IMPORT_FIELDS,
  type ImportDelimiter,
  type ImportEncoding,
  type ImportReading,
  type ImportView,
} from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { DetailsPage } from '../details-page.tsx'
import { readAnew, readImport, stopImport } from '../import-api.ts'
import { Section } from '../section.tsx'
import tables from '../table.module.css'
import { ImportProgress } from './import-progress.tsx'
import { ImportRowsSection } from './import-rows-section.tsx'
import styles from './people-import.module.css'

const route = getRouteApi('/people/import/$importId')

/** How often a page asks how far the server is. */
const EVERY_MS = 1000

/** One import: how its file is read, what each row would do; then how far it is, and how it ended. */
export function OneImportPage() {
  const { t } = useTranslation()
  const { importId } = route.useParams()
  const found = useQuery({
    queryKey: ['imports', importId],
    queryFn: () => readImport(importId),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? EVERY_MS : false),
  })
  const failure = found.isError ? toFailure(found.error) : undefined
  const one = found.data
  return (
    <DetailsPage title={one?.fileName ?? t('people.import.title')} back={<Back />}>
      {failure !== undefined &&
        (failure.code === 'not-found' ? (
          <Text>{t('people.import.missingImport')}</Text>
        ) : (
          <ProblemNotice problem={failure} />
        ))}
      {found.isPending && <SlowWords>{t('people.import.loading')}</SlowWords>}
      {one?.state === 'preview' && <Preview one={one} />}
      {one !== undefined && one.state !== 'preview' && <ImportProgress one={one} />}
    </DetailsPage>
  )
}

function Preview({ one }: { one: ImportView }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { id, reading, missing } = one
  const read = useMutation({
    mutationFn: (next: Parameters<typeof readAnew>[1]) => readAnew(id, next),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['imports', id] }),
  })
  const discard = useMutation({
    mutationFn: () => stopImport(id),
    onSuccess: async () => {
      await navigate({ to: '/people/import' })
      await queries.invalidateQueries({ queryKey: ['imports'] })
    },
  })
  const { mapping, ...rest } = reading
  return (
    <>
      <Section title={t('people.import.reading')} lead={t('people.import.readingLead')}>
        <div className={styles.reading}>
          <NativeSelect
            label={t('people.import.encoding')}
            value={reading.encoding}
            onChange={(event) => read.mutate({ ...rest, encoding: event.currentTarget.value as ImportEncoding })}
          >
            {IMPORT_ENCODINGS.map((encoding) => (
              <option key={encoding} value={encoding}>
                {t(`people.import.encodings.${encoding}`)}
              </option>
            ))}
          </NativeSelect>
          <NativeSelect
            label={t('people.import.delimiter')}
            value={reading.delimiter}
            onChange={(event) => read.mutate({ ...rest, delimiter: event.currentTarget.value as ImportDelimiter })}
          >
            {IMPORT_DELIMITERS.map((delimiter) => (
              <option key={delimiter} value={delimiter}>
                {t(`people.import.delimiters.${delimiter}`)}
              </option>
            ))}
          </NativeSelect>
        </div>
        <Checkbox
          mt="md"
          label={t('people.import.clearsEmpty')}
          description={t('people.import.clearsEmptyHint')}
          checked={reading.clearsEmpty}
          onChange={(event) => read.mutate({ ...reading, clearsEmpty: event.currentTarget.checked })}
        />
        {read.isError && <ProblemNotice problem={toFailure(read.error)} />}
      </Section>
      <Columns one={one} onChange={(next) => read.mutate({ ...rest, mapping: next })} />
      {missing.length > 0 ? (
        <Text fw={600} role="alert">
          {t('people.import.missing', {
            fields: missing.map((field) => t(`people.import.fields.${field}`)).join(', '),
          })}
        </Text>
      ) : (
        <ImportRowsSection key={one.revision} one={one} />
      )}
      <Group gap="sm">
        <Button variant="default" loading={discard.isPending} onClick={() => discard.mutate()}>
          {t('people.import.discard')}
        </Button>
      </Group>
      {discard.isError && <ProblemNotice problem={toFailure(discard.error)} />}
    </>
  )
}

/** What each column is. A field that is chosen for a column leaves the one that it had. */
function Columns(props: { one: ImportView; onChange: (mapping: ImportReading['mapping']) => void }) {
  const { t } = useTranslation()
  const { header, samples, reading } = props.one
  const { mapping } = reading
  const choose = (at: number, value: string) => {
    const field = IMPORT_FIELDS.find((one) => one === value) ?? null
    props.onChange(header.map((_, i) => (i === at ? field : mapping[i] === field ? null : (mapping[i] ?? null))))
  }
  return (
    <Section title={t('people.import.columns')} lead={t('people.import.columnsLead')}>
      <table className={`${tables.table} ${tables.list} ${styles.wrap}`} aria-label={t('people.import.columns')}>
        <thead>
          <tr>
            <th scope="col">{t('people.import.column')}</th>
            <th scope="col">{t('people.import.meaning')}</th>
            <th scope="col">{t('people.import.example')}</th>
          </tr>
        </thead>
        <tbody>
          {header.map((name, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name, and none moves
            <tr key={at}>
              <th scope="row">{name || '–'}</th>
              <td>
                <NativeSelect
                  aria-label={`${t('people.import.meaning')}: ${name}`}
                  value={mapping[at] ?? ''}
                  onChange={(event) => choose(at, event.currentTarget.value)}
                >
                  <option value="">{t('people.import.notRead')}</option>
                  {IMPORT_FIELDS.map((field) => (
                    <option key={field} value={field}>
                      {t(`people.import.fields.${field}`)}
                    </option>
                  ))}
                </NativeSelect>
              </td>
              <td data-label={t('people.import.example')}>{samples.map((cells) => cells[at] || '–').join(' · ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Back() {
  const { t } = useTranslation()
  return (
    <Anchor component={Link} to="/people/import" underline="always">
      {t('people.import.backToFiles')}
    </Anchor>
  )
}
