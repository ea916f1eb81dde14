import { Button, Group, Paper, Title } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconEye } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../sign-in/session-gate.tsx'
import { DeliveryRows } from './delivery-rows.tsx'
import { ReadPucDialog } from './read-puc-dialog.tsx'
import classes from './unblock-page.module.css'

/** What became of the card's PUC, for who may send it again or read it. */
export function PucSection(props: { cardId: string }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id} className={classes.puc as string}>
      <Title order={2} size="h5" mb="xs" id={id}>
        {t('templates.cardPuc.title')}
      </Title>
      <PucActions cardId={props.cardId} />
    </Paper>
  )
}

/** Deliveries, and reading the PUC. Deliveries are asked for only when they are shown. */
export function PucActions({ cardId, isShownFirst = false }: { cardId: string; isShownFirst?: boolean }) {
  const { t } = useTranslation()
  const may = useMay()
  const [isShown, setShown] = useState(isShownFirst)
  const [isReading, setReading] = useState(false)
  const Sign = isShown ? IconChevronUp : IconChevronDown
  return (
    <>
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          leftSection={<Sign aria-hidden size={16} />}
          aria-expanded={isShown}
          onClick={() => setShown(!isShown)}
        >
          {t(isShown ? 'templates.cardPuc.hide' : 'templates.cardPuc.show')}
        </Button>
        {may('puc:read') && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconEye aria-hidden size={16} />}
            onClick={() => setReading(true)}
          >
            {t('templates.cardPuc.read')}
          </Button>
        )}
      </Group>
      {isShown && <DeliveryRows cardId={cardId} />}
      <ReadPucDialog cardId={cardId} isOpen={isReading} onClose={() => setReading(false)} />
    </>
  )
}
