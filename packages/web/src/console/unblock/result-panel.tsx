import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconHelpCircle } from '@tabler/icons-react'
import type { PersonDetails, UnblockOutcomeView } from '@unlatch/contract'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { HolderTold } from '../notices/holder-told.tsx'
import { EvidenceLinks } from './evidence-links.tsx'

const LOOKS = {
  unblocked: { colour: 'green', Icon: IconCircleCheck },
  refused: { colour: 'red', Icon: IconAlertTriangle },
  unknown: { colour: 'yellow', Icon: IconHelpCircle },
} as const

/** The end of the call: what is known, what to do now, and the next call. */
export function ResultPanel(props: {
  person: PersonDetails
  unblockId: string
  cardId: string
  outcome: UnblockOutcomeView
  onNextCall: () => void
  onAgain: () => void
}) {
  const { t } = useTranslation()
  const { outcome, triesLeft } = props.outcome
  const { colour, Icon } = LOOKS[outcome]
  const next = useRef<HTMLButtonElement>(null)
  useEffect(() => next.current?.focus(), [])
  return (
    <Alert
      color={colour}
      variant="light"
      icon={<Icon aria-hidden />}
      title={t(`console.unblock.result.${outcome}.title`)}
    >
      <Text inherit>{t(`console.unblock.result.${outcome}.text`, { name: props.person.name })}</Text>
      {outcome === 'refused' && triesLeft !== null && (
        <Text inherit>{t('console.unblock.result.refused.tries', { count: triesLeft })}</Text>
      )}
      {outcome !== 'unblocked' && (
        <Text inherit fw={600}>
          {t(`console.unblock.result.${outcome}.now`)}
        </Text>
      )}
      <HolderTold cardId={props.cardId} />
      <Group mt="md" gap="sm">
        <Button ref={next} onClick={props.onNextCall}>
          {t('console.unblock.result.nextCall')}
        </Button>
        <EvidenceLinks unblockId={props.unblockId} />
        {outcome === 'unknown' && (
          <Button variant="default" onClick={props.onAgain}>
            {t('console.unblock.cryptogram.newChallenge')}
          </Button>
        )}
      </Group>
    </Alert>
  )
}
