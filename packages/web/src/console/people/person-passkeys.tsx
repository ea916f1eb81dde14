import { Button, Checkbox, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { DOCUMENT_KINDS, type DocumentKind, PasskeyInvited, PersonPasskeys } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { CodeDisplay } from '../../shared/code-display.tsx'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { callServer } from '../connection.ts'
import { Dialog } from '../dialog.tsx'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'

const pathOf = (personId: string, end: string) => `/api/people/${encodeURIComponent(personId)}/${end}`

/** The passkeys by which a person proves who they are; added while they are here, removed when a device is lost. */
export function PersonPasskeysSection({ personId }: { personId: string }) {
  const { t } = useTranslation()
  const mayInvite = useMay()('unblock:release')
  const [isInviting, setInviting] = useState(false)
  const found = useQuery({
    queryKey: ['person-passkeys', personId],
    queryFn: ({ signal }) =>
      callServer({ method: 'GET', path: pathOf(personId, 'passkeys'), answer: PersonPasskeys, signal }),
  })
  const remove = useMutation({
    mutationFn: (passkeyId: string) =>
      callServer({ method: 'POST', path: pathOf(personId, 'passkey-removal'), body: { passkeyId } }),
    onSettled: () => found.refetch(),
  })
  const passkeys = found.data?.passkeys ?? []
  return (
    <Section title={t('prove.section.title')} lead={t('prove.section.lead')}>
      {found.isPending && <SlowWords>{t('prove.section.loading')}</SlowWords>}
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.data !== undefined && passkeys.length === 0 && (
        <Text className={classes.empty as string}>{t('prove.section.empty')}</Text>
      )}
      <ul className={classes.rows}>
        {passkeys.map(({ id, label, createdAt, usableFrom, lastUsedAt }) => (
          <li key={id}>
            <div className={classes.what}>
              <Text fw={600}>
                <IconKey aria-hidden size={18} style={{ verticalAlign: 'text-bottom' }} /> {label}
              </Text>
              <Text size="sm" c="dimmed">
                {t('prove.section.row')} <LocalTime at={createdAt} /> · {t('prove.section.usable')}{' '}
                <LocalTime at={usableFrom} />
                {lastUsedAt !== null && (
                  <>
                    {' '}
                    · {t('prove.section.used')} <LocalTime at={lastUsedAt} />
                  </>
                )}
              </Text>
            </div>
            {mayInvite && (
              <Button
                variant="default"
                size="xs"
                aria-label={t('prove.section.removeNamed', { label })}
                loading={remove.isPending && remove.variables === id}
                onClick={() => remove.mutate(id)}
              >
                {t('prove.section.remove')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {remove.isError && <ProblemNotice problem={toFailure(remove.error)} />}
      {mayInvite && (
        <Button mt="sm" variant="default" onClick={() => setInviting(true)}>
          {t('prove.section.invite')}
        </Button>
      )}
      {isInviting && <InviteDialog personId={personId} onClose={() => setInviting(false)} />}
    </Section>
  )
}

function InviteDialog({ personId, onClose }: { personId: string; onClose: () => void }) {
  const { t } = useTranslation()
  const [document, setDocument] = useState<DocumentKind | ''>('')
  const [isSameFace, setSameFace] = useState(false)
  const [isTried, setTried] = useState(false)
  const invite = useMutation({
    mutationFn: () =>
      callServer({
        method: 'POST',
        path: pathOf(personId, 'passkey-invitation'),
        body: { document, isSameFace },
        answer: PasskeyInvited,
      }),
    gcTime: 0,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (document !== '' && isSameFace && !invite.isPending) invite.mutate()
  }
  return (
    <Dialog title={t('prove.section.inviteTitle')} onClose={onClose} isOpen>
      {invite.data === undefined ? (
        <form onSubmit={submit}>
          <Stack>
            <Text>{t('prove.section.inviteLead')}</Text>
            <NativeSelect
              label={t('verification.inPerson.document')}
              value={document}
              onChange={(event) => setDocument(event.currentTarget.value as DocumentKind | '')}
              data={[
                { value: '', label: t('verification.inPerson.choose') },
                ...DOCUMENT_KINDS.map((kind) => ({ value: kind, label: t(`verification.documents.${kind}`) })),
              ]}
              error={isTried && document === '' && t('verification.inPerson.documentMissing')}
            />
            <Checkbox
              label={t('verification.inPerson.face')}
              checked={isSameFace}
              onChange={(event) => setSameFace(event.currentTarget.checked)}
              error={isTried && !isSameFace && t('verification.faceMissing')}
            />
            {invite.isError && <ProblemNotice problem={toFailure(invite.error)} />}
            <Group>
              <Button type="submit" loading={invite.isPending}>
                {t('prove.section.inviteSubmit')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack>
          <Text>{t('prove.section.invited', { address: `${location.host}/prove` })}</Text>
          <CodeDisplay code={invite.data.code} kind="set-up-code" label={t('prove.section.invitedLabel')} />
          <Group>
            <Button onClick={onClose}>{t('prove.section.close')}</Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  )
}
