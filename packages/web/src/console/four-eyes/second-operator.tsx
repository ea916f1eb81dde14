import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { IconEyeCheck, IconUsers } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { VerificationView } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { Dialog } from '../dialog.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { askFourEyes, breakGlass } from './four-eyes-api.ts'

/** A second operator is needed: why, whether he answered, and how he is asked. */
export function SecondOperator(props: { view: VerificationView; verificationId: string; onChanged: () => void }) {
  const { t } = useTranslation()
  const mayBreak = useMay()('unblock:break-glass')
  const [note, setNote] = useState('')
  const [isBreaking, setBreaking] = useState(false)
  const { fourEyes } = props.view
  const { approval } = fourEyes
  const ask = useMutation({
    mutationFn: () => askFourEyes(props.verificationId, note.trim()),
    onSettled: props.onChanged,
  })
  if (approval?.state === 'approved') {
    return (
      <Alert
        color="green"
        variant="light"
        icon={<IconEyeCheck aria-hidden />}
        title={t('fourEyes.approved')}
        role="status"
      >
        {approval.isBreakGlass
          ? t('fourEyes.broken')
          : t('fourEyes.approvedBy', { operator: approval.answeredBy ?? '–' })}{' '}
        {t('fourEyes.until')} <LocalTime at={approval.until} />.
      </Alert>
    )
  }
  const isWaiting = approval?.state === 'asked'
  return (
    <Alert color="orange" variant="light" icon={<IconUsers aria-hidden />} title={t('fourEyes.needed')}>
      <Stack gap="sm">
        <Text inherit>{fourEyes.reasons.map((reason) => t(`fourEyes.reasons.${reason}`)).join(' ')}</Text>
        {approval?.state === 'declined' && (
          <Text inherit fw={600} role="status">
            {t('fourEyes.declinedBy', { operator: approval.answeredBy ?? '–' })}
          </Text>
        )}
        {approval?.state === 'expired' && (
          <Text inherit fw={600} role="status">
            {t('fourEyes.expired')}
          </Text>
        )}
        {isWaiting ? (
          <Text inherit role="status">
            {t('fourEyes.waiting')} <LocalTime at={approval.until} />.
          </Text>
        ) : (
          <>
            <Textarea
              label={t('fourEyes.note')}
              description={t('fourEyes.noteHint')}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
              maxLength={500}
              autosize
              minRows={2}
            />
            <Group>
              <Button loading={ask.isPending} onClick={() => ask.mutate()}>
                {t('fourEyes.ask')}
              </Button>
            </Group>
          </>
        )}
        {ask.isError && <ProblemNotice problem={toFailure(ask.error)} />}
        {mayBreak && (
          <Group>
            <Button variant="default" size="xs" onClick={() => setBreaking(true)}>
              {t('fourEyes.break.open')}
            </Button>
          </Group>
        )}
      </Stack>
      <Dialog title={t('fourEyes.break.title')} isOpen={isBreaking} onClose={() => setBreaking(false)}>
        <BreakGlassForm
          verificationId={props.verificationId}
          onDone={() => {
            setBreaking(false)
            props.onChanged()
          }}
        />
      </Dialog>
    </Alert>
  )
}

/** Letters that a reason has at least. */
const SHORTEST_REASON = 10

function BreakGlassForm(props: { verificationId: string; onDone: () => void }) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const isShort = reason.trim().length < SHORTEST_REASON
  const go = useMutation({ mutationFn: () => breakGlass(props.verificationId, reason.trim()), onSuccess: props.onDone })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (!isShort && !go.isPending) go.mutate()
      }}
    >
      <Stack>
        <Text>{t('fourEyes.break.lead')}</Text>
        <Textarea
          label={t('fourEyes.break.reason')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={500}
          autosize
          minRows={3}
          error={isTried && isShort && t('fourEyes.break.reasonShort')}
          data-autofocus
        />
        {go.isError && <ProblemNotice problem={toFailure(go.error)} />}
        <Group>
          <Button type="submit" color="red" loading={go.isPending}>
            {t('fourEyes.break.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
