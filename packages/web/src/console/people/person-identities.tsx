import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconId } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { PersonIdentities } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { callServer } from '../connection.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'

/** Who a person is at identity providers. */
export function PersonIdentitiesSection({ personId }: { personId: string }) {
  const { t } = useTranslation()
  const mayWrite = useMay()('person:write')
  const path = `/api/people/${encodeURIComponent(personId)}/identities`
  const found = useQuery({
    queryKey: ['person-identities', personId],
    queryFn: ({ signal }) => callServer({ method: 'GET', path, answer: PersonIdentities, signal }),
  })
  const remove = useMutation({
    mutationFn: (id: string) =>
      callServer({ method: 'POST', path: `${path}/${encodeURIComponent(id)}/removal`, body: {} }),
    onSettled: () => found.refetch(),
  })
  const identities = found.data?.identities ?? []
  return (
    <Section title={t('selfService.identities.title')} lead={t('selfService.identities.lead')}>
      {found.isPending && <SlowWords>{t('selfService.identities.loading')}</SlowWords>}
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.data !== undefined && identities.length === 0 && (
        <Text className={classes.empty as string}>{t('selfService.identities.empty')}</Text>
      )}
      <ul className={classes.rows}>
        {identities.map(({ id, issuer, subject, usableFrom }) => (
          <li key={id}>
            <div className={classes.what}>
              <Text fw={600}>
                <IconId aria-hidden size={18} style={{ verticalAlign: 'text-bottom' }} /> {subject}
              </Text>
              <Text size="sm" c="dimmed">
                {issuer} · {t('selfService.identities.usable')} <LocalTime at={usableFrom} />
              </Text>
            </div>
            {mayWrite && (
              <Button
                variant="default"
                size="xs"
                aria-label={t('selfService.identities.removeNamed', { subject })}
                loading={remove.isPending && remove.variables === id}
                onClick={() => remove.mutate(id)}
              >
                {t('selfService.identities.remove')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {remove.isError && <ProblemNotice problem={toFailure(remove.error)} />}
      {mayWrite && <AddIdentity path={path} onAdded={() => void found.refetch()} />}
    </Section>
  )
}

function AddIdentity({ path, onAdded }: { path: string; onAdded: () => void }) {
  const { t } = useTranslation()
  const [issuer, setIssuer] = useState('')
  const [subject, setSubject] = useState('')
  const add = useMutation({
    mutationFn: () => callServer({ method: 'POST', path, body: { issuer: issuer.trim(), subject: subject.trim() } }),
    onSuccess() {
      setSubject('')
      onAdded()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!add.isPending) add.mutate()
  }
  const plain = { withAsterisk: false, autoComplete: 'off', spellCheck: false, required: true, maxLength: 500 } as const
  return (
    <form onSubmit={submit}>
      <Stack mt="sm" gap="sm">
        <TextInput
          {...plain}
          type="url"
          label={t('selfService.identities.issuer')}
          value={issuer}
          onChange={(event) => setIssuer(event.currentTarget.value)}
        />
        <TextInput
          {...plain}
          label={t('selfService.identities.subject')}
          description={t('selfService.identities.subjectHint')}
          value={subject}
          onChange={(event) => setSubject(event.currentTarget.value)}
        />
        {add.isError && <ProblemNotice problem={toFailure(add.error)} />}
        <Group>
          <Button type="submit" variant="default" loading={add.isPending}>
            {t('selfService.identities.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
