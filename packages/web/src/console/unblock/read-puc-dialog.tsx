import { Button, Group, PasswordInput, Stack, Text, Textarea } from '@mantine/core'
import { IconAlertTriangle, IconEyeOff } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { RevealedPuc } from '@unlatch/contract'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { CodeDisplay } from '../../shared/code-display.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { Dialog } from '../dialog.tsx'
import { revealPuc } from '../template-api.ts'
import classes from './unblock-page.module.css'
import { useTimeLeft } from './use-time-left.ts'

interface ReadPucProps {
  readonly cardId: string
  readonly onClose: () => void
}

/** Reads a card's PUC: a reason, one's own password once more, then the digits for a short time. */
export function ReadPucDialog(props: ReadPucProps & { isOpen: boolean }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('templates.cardPuc.read')} isOpen={props.isOpen} onClose={props.onClose}>
      {props.isOpen && <Reading {...props} />}
    </Dialog>
  )
}

/** The PUC is held here alone, in no cache, and is forgotten when it is hidden or the dialog closes. */
function Reading(props: ReadPucProps) {
  const { t } = useTranslation()
  const [revealed, setRevealed] = useState<RevealedPuc>()
  const [isHidden, setHidden] = useState(false)
  const hide = () => {
    setHidden(true)
    setRevealed(undefined)
  }
  if (revealed !== undefined) return <Revealed revealed={revealed} onHide={hide} />
  if (!isHidden) return <AskForm {...props} onRevealed={setRevealed} />
  return (
    <Stack>
      <Text role="status">{t('templates.cardPuc.hidden')}</Text>
      <Text>{t('templates.cardPuc.readAgain')}</Text>
      <Group justify="end">
        <Button onClick={props.onClose} autoFocus>
          {t('templates.cardPuc.close')}
        </Button>
      </Group>
    </Stack>
  )
}

function AskForm(props: ReadPucProps & { onRevealed: (revealed: RevealedPuc) => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const [password, setPassword] = useState('')
  const read = useMutation({
    mutationFn: async () => props.onRevealed(await revealPuc(props.cardId, { reason: reason.trim(), password })),
    onSettled: () => setPassword(''),
    // It counts as exposed from now on.
    onSuccess: () => {
      for (const queryKey of [['person'], ['card', props.cardId]]) void queries.invalidateQueries({ queryKey })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!read.isPending) read.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{t('templates.cardPuc.readLead')}</Text>
        <Text fw={600}>
          <IconAlertTriangle aria-hidden size={16} className={classes.factIcon} /> {t('templates.cardPuc.recorded')}{' '}
          {t('templates.cardPuc.exposes')}
        </Text>
        {read.isError && <ProblemNotice problem={toFailure(read.error)} />}
        <Textarea
          label={t('templates.cardPuc.reason')}
          description={t('templates.cardPuc.reasonHint')}
          value={reason}
          maxLength={300}
          rows={2}
          required
          withAsterisk={false}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('templates.cardPuc.password')}
          description={t('templates.cardPuc.passwordHint')}
          value={password}
          maxLength={1000}
          required
          withAsterisk={false}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('shared.show') }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {read.isPending && <SlowWords>{t('templates.cardPuc.reading')}</SlowWords>}
        <Group justify="end">
          <Button variant="default" onClick={props.onClose}>
            {t('templates.cardPuc.cancel')}
          </Button>
          <Button type="submit" loading={read.isPending} disabled={reason.trim() === ''}>
            {t('templates.cardPuc.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** The digits, how they are said, and how long they still stand. */
function Revealed(props: { revealed: RevealedPuc; onHide: () => void }) {
  const { t } = useTranslation()
  const { puc, showSeconds } = props.revealed
  const { secondsLeft } = useTimeLeft(showSeconds)
  const panel = useRef<HTMLElement>(null)
  useEffect(() => panel.current?.focus(), [])
  const { onHide } = props
  useEffect(() => {
    if (secondsLeft === 0) onHide()
  }, [secondsLeft, onHide])
  return (
    <Stack>
      <Text className={classes.script as string}>{t('templates.cardPuc.script')}</Text>
      <section ref={panel} tabIndex={-1} aria-label={t('templates.cardPuc.label')} className={classes.cryptogram}>
        <CodeDisplay code={puc} kind="puc" label={t('templates.cardPuc.label')} />
      </section>
      <Group justify="space-between">
        {/* A timer is not announced each second; who wants to know asks. */}
        <Text role="timer" fw={600}>
          {t('templates.cardPuc.hidesIn', { count: secondsLeft })}
        </Text>
        <Button leftSection={<IconEyeOff aria-hidden size={18} />} onClick={props.onHide}>
          {t('templates.cardPuc.hideNow')}
        </Button>
      </Group>
    </Stack>
  )
}
