import { Button, Group, NativeSelect, Radio, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { CardDetails } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { moveCard } from '../card-api.ts'
import { Dialog } from '../dialog.tsx'
import { useCardChange } from './use-card-change.ts'

interface ReplaceProps {
  readonly card: CardDetails
  readonly onClose: () => void
}

const REASONS = ['lost', 'stolen', 'damaged', 'superseded'] as const
type Reason = (typeof REASONS)[number]
const ENDS = ['now', 'suspend', 'later'] as const
type End = (typeof ENDS)[number]

/** Ends a card, now or when the new one is issued, and leads to Register with its person and template. */
export function ReplaceDialog(props: ReplaceProps & { isOpen: boolean }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('cards.replace.ask')} isOpen={props.isOpen} onClose={props.onClose}>
      {props.isOpen && <ReplaceForm {...props} />}
    </Dialog>
  )
}

/** When a card may end: one that is lost or stolen is not served until the new one is there. */
function endsOf(card: CardDetails, reason: Reason): readonly End[] {
  const isAway = reason === 'lost' || reason === 'stolen'
  const may = (move: string) => card.moves.some((one) => one.move === move)
  return ENDS.filter((end) => {
    if (end === 'now') return may('revoke')
    if (end === 'suspend') return isAway && may('suspend')
    return may('revoke') && (!isAway || card.state === 'suspended')
  })
}

function ReplaceForm({ card, onClose }: ReplaceProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [reason, setReason] = useState<Reason>()
  const [wanted, setWanted] = useState<End>()
  const ends = reason === undefined ? [] : endsOf(card, reason)
  const end = wanted !== undefined && ends.includes(wanted) ? wanted : undefined
  const isOver = card.moves.every(({ move }) => move !== 'revoke')
  const change = useCardChange(
    card.id,
    async () => {
      if (reason === undefined || end === undefined || end === 'later') return
      await moveCard(card.id, { move: end === 'now' ? 'revoke' : 'suspend', reason })
    },
    () =>
      navigate({
        to: '/lifecycle/register',
        search: {
          ...(card.holder !== null && { search: card.holder.userName, person: card.holder.id }),
          ...(card.template !== null && { template: card.template.id }),
          replaces: card.id,
        },
      }),
  )
  const isReady = isOver || end !== undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady && !change.isPending) change.mutate(undefined)
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{t('cards.replace.lead')}</Text>
        {!isOver && (
          <NativeSelect
            label={t('cards.replace.reason')}
            value={reason ?? ''}
            data-autofocus
            onChange={(event) => setReason(REASONS.find((one) => one === event.currentTarget.value))}
          >
            <option value="">{t('cards.moves.chooseReason')}</option>
            {REASONS.map((one) => (
              <option key={one} value={one}>
                {t(`cards.replace.reasons.${one}`)}
              </option>
            ))}
          </NativeSelect>
        )}
        {ends.length > 0 && (
          <Radio.Group
            label={t('cards.replace.when')}
            value={end ?? null}
            onChange={(next) => setWanted(ENDS.find((one) => one === next))}
            {...(!ends.includes('later') && { description: t('cards.replace.atOnce') })}
          >
            <Stack gap="xs" mt={4}>
              {ends.map((one) => (
                <Radio key={one} value={one} label={t(`cards.replace.${one}`)} />
              ))}
            </Stack>
          </Radio.Group>
        )}
        <Text>{t('cards.replace.elsewhere')}</Text>
        {change.isError && <ProblemNotice problem={toFailure(change.error)} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            {t('cards.moves.cancel')}
          </Button>
          <Button type="submit" loading={change.isPending} disabled={!isReady} {...(end === 'now' && { color: 'red' })}>
            {t(
              end === 'now'
                ? 'cards.replace.goRevoke'
                : end === 'suspend'
                  ? 'cards.replace.goSuspend'
                  : 'cards.replace.go',
            )}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
