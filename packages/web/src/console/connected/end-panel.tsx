import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconHelpCircle } from '@tabler/icons-react'
import type { ConnectedUnblock } from '@unlatch/contract'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { HolderTold } from '../notices/holder-told.tsx'
import { EvidenceLinks } from '../unblock/evidence-links.tsx'

const LOOKS = {
  unblocked: { colour: 'green', Icon: IconCircleCheck },
  refused: { colour: 'red', Icon: IconAlertTriangle },
  unknown: { colour: 'yellow', Icon: IconHelpCircle },
} as const

/** How it ended: what is known, what it means for the card, what to do now. */
export function EndPanel(props: {
  progress: ConnectedUnblock
  cardId: string
  name: string
  onAgain: () => void
  onNext: () => void
}) {
  const { t } = useTranslation()
  const { state, problem, triesLeft } = props.progress
  const next = useRef<HTMLButtonElement>(null)
  useEffect(() => next.current?.focus(), [])
  const isDone = state === 'unblocked'
  const isReleased = isDone || state === 'refused' || state === 'unknown'
  const buttons = (
    <Group mt="md" gap="sm">
      <Button ref={next} onClick={isDone || state === 'refused' ? props.onNext : props.onAgain}>
        {t(isDone || state === 'refused' ? 'connected.end.next' : 'connected.end.again')}
      </Button>
      {!isDone && state !== 'refused' && (
        <Button variant="default" onClick={props.onNext}>
          {t('connected.end.next')}
        </Button>
      )}
      {isReleased && <EvidenceLinks unblockId={props.progress.id} />}
    </Group>
  )
  if (!isReleased) {
    return (
      <Stack gap="sm">
        <ProblemNotice problem={problem ?? 'attempt-closed'} tone="orange" />
        {buttons}
      </Stack>
    )
  }
  const { colour, Icon } = LOOKS[state]
  return (
    <Alert
      color={colour}
      variant="light"
      icon={<Icon aria-hidden />}
      title={t(`connected.end.${state}.title`)}
      role="status"
    >
      <Text inherit>{t(`connected.end.${state}.text`, { name: props.name })}</Text>
      {triesLeft !== null && <Text inherit>{t('connected.end.triesLeft', { count: triesLeft })}</Text>}
      {state !== 'unblocked' && (
        <Text inherit fw={600}>
          {t(`connected.end.${state}.now`, { name: props.name })}
        </Text>
      )}
      <HolderTold cardId={props.cardId} />
      {buttons}
    </Alert>
  )
}
