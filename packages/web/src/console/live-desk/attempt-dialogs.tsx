import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { AttemptView } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { Dialog } from '../dialog.tsx'
import { endAttempt, handOver, readColleagues } from './live-desk-api.ts'

interface DialogProps {
  readonly attempt: AttemptView
  readonly onClose: () => void
  readonly onDone: () => void
}

/** To whom an attempt is handed over. */
export function HandOverDialog({ attempt, onClose, onDone }: DialogProps) {
  const { t } = useTranslation()
  const [operatorId, setOperatorId] = useState('')
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const found = useQuery({ queryKey: ['colleagues'], queryFn: ({ signal }) => readColleagues(signal) })
  const hand = useMutation({
    mutationFn: () => handOver(attempt.id, { operatorId, reason }),
    onSuccess: onClose,
    onSettled: onDone,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (operatorId !== '' && !hand.isPending) hand.mutate()
  }
  const colleagues = found.data?.colleagues ?? []
  return (
    <Dialog title={t('liveDesk.handTitle')} isOpen onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <Text>
            {attempt.personName} · {attempt.cardLabel}
          </Text>
          <Text c="dimmed">{t('liveDesk.handLead')}</Text>
          {found.isPending && <SlowWords>{t('liveDesk.loading')}</SlowWords>}
          {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
          {found.data !== undefined && colleagues.length === 0 && <Text role="status">{t('liveDesk.handNobody')}</Text>}
          {colleagues.length > 0 && (
            <>
              <NativeSelect
                label={t('liveDesk.handTo')}
                value={operatorId}
                onChange={(event) => setOperatorId(event.currentTarget.value)}
                data={[
                  { value: '', label: t('liveDesk.handChoose') },
                  ...colleagues.map(({ id, name, userName }) => ({ value: id, label: `${name} (${userName})` })),
                ]}
                error={isTried && operatorId === '' && t('liveDesk.handMissing')}
                data-autofocus
              />
              <TextInput
                label={t('liveDesk.reason')}
                description={t('liveDesk.reasonHint')}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
                maxLength={200}
                autoComplete="off"
              />
            </>
          )}
          {hand.isError && <ProblemNotice problem={toFailure(hand.error)} />}
          <Group>
            {colleagues.length > 0 && (
              <Button type="submit" loading={hand.isPending}>
                {t('liveDesk.hand')}
              </Button>
            )}
            <Button variant="default" onClick={onClose}>
              {t('liveDesk.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

/** An attempt is over before its outcome. */
export function EndDialog({ attempt, onClose, onDone }: DialogProps) {
  const { t } = useTranslation()
  const end = useMutation({ mutationFn: () => endAttempt(attempt.id), onSuccess: onClose, onSettled: onDone })
  return (
    <Dialog title={t('liveDesk.endTitle')} isOpen onClose={onClose}>
      <Stack>
        <Text>
          {attempt.personName} · {attempt.cardLabel}
        </Text>
        <Text c="dimmed">{t('liveDesk.endLead')}</Text>
        {end.isError && <ProblemNotice problem={toFailure(end.error)} />}
        <Group>
          <Button loading={end.isPending} onClick={() => end.mutate()}>
            {t('liveDesk.end')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('liveDesk.cancel')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
