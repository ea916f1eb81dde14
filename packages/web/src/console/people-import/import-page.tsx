import { Anchor, Button, FileInput, Stack, Text } from '@mantine/core'
import '@mantine/core/styles/Combobox.css'
import { IconFileSearch } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { LARGEST_IMPORT } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { DetailsPage } from '../details-page.tsx'
import { readImports, uploadFile } from '../import-api.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'

/** Where a file of people is chosen, and the imports that somebody may go on with. */
export function ImportPage() {
  const { t } = useTranslation()
  return (
    <DetailsPage
      title={t('people.import.title')}
      back={
        <Anchor component={Link} to="/people" underline="always">
          {t('people.import.back')}
        </Anchor>
      }
    >
      <Text>{t('people.import.lead')}</Text>
      <ChooseFile />
      <RecentImports />
    </DetailsPage>
  )
}

function ChooseFile() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [file, setFile] = useState<File | null>(null)
  const upload = useMutation({
    mutationFn: (chosen: File) => uploadFile(chosen),
    onSuccess: ({ id }) => navigate({ to: '/people/import/$importId', params: { importId: id } }),
  })
  const obstacle = findObstacle(file)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (file !== null && obstacle === undefined && !upload.isPending) upload.mutate(file)
  }
  return (
    <Section title={t('people.import.choose')}>
      <form onSubmit={submit} className={classes.narrow}>
        <Stack gap="sm">
          <FileInput
            label={t('people.import.choose')}
            description={t('people.import.chooseHint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            placeholder={t('people.import.chooseFile')}
            accept=".csv,.txt,.tsv,text/csv,text/plain"
            value={file}
            onChange={setFile}
            error={obstacle && t(`people.import.${obstacle}`)}
          />
          <div>
            <Button
              type="submit"
              loading={upload.isPending}
              disabled={file === null || obstacle !== undefined}
              leftSection={<IconFileSearch aria-hidden size={18} />}
            >
              {t('people.import.upload')}
            </Button>
          </div>
          {upload.isPending && <SlowWords>{t('people.import.uploading')}</SlowWords>}
          {upload.isError && <ProblemNotice problem={toFailure(upload.error)} />}
        </Stack>
      </form>
    </Section>
  )
}

/** Told before a large file is sent. */
function findObstacle(file: File | null): 'tooLarge' | 'emptyFile' | undefined {
  if (file === null) return undefined
  if (file.size > LARGEST_IMPORT) return 'tooLarge'
  return file.size === 0 ? 'emptyFile' : undefined
}

function RecentImports() {
  const { t } = useTranslation()
  const found = useQuery({ queryKey: ['imports'], queryFn: readImports })
  return (
    <Section title={t('people.import.recent')}>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.data?.imports.length === 0 && <Text>{t('people.import.noRecent')}</Text>}
      <ul className={classes.rows}>
        {found.data?.imports.map(({ id, fileName, operatorName, state, createdAt }) => (
          <li key={id}>
            <div className={classes.what}>
              <Anchor
                underline="always"
                renderRoot={(anchor) => <Link {...anchor} to="/people/import/$importId" params={{ importId: id }} />}
              >
                {fileName}
              </Anchor>
              <Text size="sm" c="dimmed">
                {t('people.import.recentBy', { name: operatorName })} · <LocalTime at={createdAt} />
              </Text>
            </div>
            <Text>{t(`people.import.states.${state}`)}</Text>
          </li>
        ))}
      </ul>
    </Section>
  )
}
