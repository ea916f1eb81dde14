import { Button, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core'
import type { CardDetails, CardMove, MoveReason } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { moveCard } from '../card-api.ts'
import { Dialog } from '../dialog.tsx'
import { useCardChange } from './use-card-change.ts'

interface MoveProps {
  readonly card: CardDetails
  readonly onClose: () => void
  readonly onMoved: (state: CardDetails['state']) => void
}

/** Asks before a card is moved: what that means, what keeps working elsewhere, and why. */
export function MoveDialog(props: MoveProps & { move: CardMove | undefined }) {
  const { t } = useTranslation()
  const { move } = props
  return (
    <Dialog
      title={move === undefined ? '' : t(`cards.moves.ask.${move}`)}
      isOpen={move !== undefined}
      onClose={props.onClose}
    >
      {move !== undefined && <MoveForm {...props} move={move} />}
    </Dialog>
  )
}

function MoveForm({ card, move, onClose, onMoved }: MoveProps & { move: CardMove }) {
  const { t } = useTranslation()
  const reasons = card.moves.find((one) => one.move === move)?.reasons ?? []
  const [reason, setReason] = useState<MoveReason>()
  const [note, setNote] = useState('')
  const change = useCardChange(
    card.id,
    (why: MoveReason) => moveCard(card.id, { move, reason: why, ...(note.trim() !== '' && { note: note.trim() }) }),
    ({ state }) => onMoved(state),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason !== undefined && !change.isPending) change.mutate(reason)
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{t(`cards.moves.means.${move}`)}</Text>
        {move !== 'resume' && <Text>{t(`cards.moves.elsewhere.${move}`)}</Text>}
        {card.holder !== null && <Text>{t('cards.moves.told')}</Text>}
        <NativeSelect
          label={t('cards.moves.reason')}
          value={reason ?? ''}
          required
          withAsterisk={false}
          data-autofocus
          onChange={(event) => setReason(reasons.find((one) => one === event.currentTarget.value))}
        >
          <option value="">{t('cards.moves.chooseReason')}</option>
          {reasons.map((one) => (
            <option key={one} value={one}>
              {t(`cards.reasons.${one}`)}
            </option>
          ))}
        </NativeSelect>
        <Textarea
          label={t('cards.moves.note')}
          description={t('cards.moves.noteHint')}
          inputWrapperOrder={['label', 'input', 'description']}
          value={note}
          maxLength={500}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {change.isError && <ProblemNotice problem={toFailure(change.error)} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            {t('cards.moves.cancel')}
          </Button>
          <Button
            type="submit"
            loading={change.isPending}
            disabled={reason === undefined}
            {...(move === 'revoke' && { color: 'red' })}
          >
            {t(`cards.moves.button.${move}`)}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
