import { Alert, Button, Stack, Text, TextInput } from '@mantine/core'
import { IconCheck, IconSend } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ConnectionTested, ConnectionView } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { testConnection } from '../template-api.ts'
import { ADDRESS_PATTERN } from './smtp-fields.tsx'

/** Sends the real thing to an address, by what is saved. */
export function TestSection(props: { connection: ConnectionView; isChanged: boolean }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { id, kind, name, testedAt } = props.connection
  const asksAddress = kind === 'smtp' || kind === 'webhook'
  const [to, setTo] = useState('')
  const test = useMutation({
    mutationFn: (address: string) => testConnection(id, address),
    onSettled: () => queries.invalidateQueries({ queryKey: ['connections'] }),
  })
  const foundWords = ({ count, isMore }: NonNullable<ConnectionTested['found']>) =>
    t(isMore ? 'templates.connection.foundPeopleMore' : 'templates.connection.foundPeople', { count })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!test.isPending && !props.isChanged) test.mutate(to.trim())
  }
  return (
    <Section name="test" title={t('templates.connection.testTitle')} lead={t(`templates.connection.testLeads.${kind}`)}>
      <form onSubmit={submit} className={classes.narrow}>
        <Stack gap="sm">
          {testedAt !== null && (
            <Text>
              {t('templates.connection.testedAt')}: <LocalTime at={testedAt} />
            </Text>
          )}
          {asksAddress && (
            <TextInput
              type={kind === 'smtp' ? 'email' : 'tel'}
              label={t(`templates.connection.testTos.${kind}`)}
              value={to}
              maxLength={320}
              {...(kind === 'smtp' && { pattern: ADDRESS_PATTERN })}
              required
              withAsterisk={false}
              autoComplete="off"
              onChange={(event) => setTo(event.currentTarget.value)}
            />
          )}
          <div>
            <Button
              type="submit"
              leftSection={<IconSend aria-hidden size={18} />}
              loading={test.isPending}
              disabled={props.isChanged}
            >
              {t('templates.connection.testSubmit')}
            </Button>
          </div>
          {props.isChanged && <Text>{t('templates.connection.testSaveFirst')}</Text>}
          {test.isPending && <SlowWords>{t('templates.connection.testing', { name })}</SlowWords>}
          {test.isError && <TestFailure thrown={test.error} />}
          {test.isSuccess && (
            <Alert color="green" variant="light" icon={<IconCheck aria-hidden />} role="status">
              {test.data?.found
                ? foundWords(test.data.found)
                : t(`templates.connection.testDones.${kind}`, { name, to: test.variables })}
            </Alert>
          )}
        </Stack>
      </form>
    </Section>
  )
}

/** What went wrong, and in the other side's own words. */
function TestFailure(props: { thrown: unknown }) {
  const { t } = useTranslation()
  const failure = toFailure(props.thrown)
  return (
    <ProblemNotice problem={failure}>
      {failure.detail !== undefined && (
        <Text inherit className={classes.quote as string}>
          {t('templates.connection.said', { detail: failure.detail })}
        </Text>
      )}
    </ProblemNotice>
  )
}
