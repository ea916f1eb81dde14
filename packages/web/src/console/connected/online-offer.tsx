import { Alert, Button, Text } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { isReady, useReaders } from './use-readers.ts'
import type { Place } from './where-step.tsx'

/** The card that a call is about is in a reader now: that way is offered first. */
export function OnlineOffer(props: { cardId: string; onGo: (place: Place) => void }) {
  const { t } = useTranslation()
  const { readers } = useReaders()
  const reader = readers?.find((seen) => seen.card?.id === props.cardId && isReady(seen))
  if (reader === undefined) return null
  return (
    <Alert
      variant="light"
      color="blue"
      icon={<IconPlugConnected aria-hidden />}
      title={t('connected.offer.title')}
      role="status"
    >
      <Text inherit>{t('connected.offer.text', { agent: reader.agentName, reader: reader.reader })}</Text>
      <Button mt="sm" onClick={() => props.onGo(reader.isStation ? 'here' : 'online')}>
        {t('connected.offer.go')}
      </Button>
    </Alert>
  )
}
