import { Button, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import type { TemplateDocument } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ChosenReader, findCard, guessReader, StationReaders, useStations } from '../lifecycle/station-readers.tsx'
import classes from '../section.module.css'
import { useMay } from '../sign-in/session-gate.tsx'
import { findCardObstacle } from './template-rules.ts'
import styles from './templates.module.css'

/** The template as it stands in the form, tried with a card that is in a station's reader. */
export function TryCard({ document }: { document: TemplateDocument }) {
  const { t } = useTranslation()
  const may = useMay()
  const [isOpen, setOpen] = useState(false)
  // What is in the readers is for those who register cards.
  if (!may('card:register')) return null
  return (
    <div className={`${classes.fields} ${styles.try}`}>
      {isOpen ? (
        <Verdict document={document} />
      ) : (
        <Button variant="default" onClick={() => setOpen(true)}>
          {t('templates.card.try')}
        </Button>
      )}
    </div>
  )
}

function Verdict({ document }: { document: TemplateDocument }) {
  const { t } = useTranslation()
  const stations = useStations().data
  const [chosen, setChosen] = useState<ChosenReader>()
  const reader = chosen ?? guessReader(stations)
  const card = findCard(stations, reader)
  const obstacle = card ? findCardObstacle(document, card) : undefined
  const Sign = obstacle === undefined ? IconCheck : IconAlertTriangle
  return (
    <>
      <StationReaders label={t('templates.card.tryReader')} chosen={reader} onChoose={setChosen} />
      <Text role="status" mih="1.5em" fw={600}>
        {card !== null && (
          <>
            <Sign aria-hidden size={18} className={classes.sign} />{' '}
            {obstacle === undefined ? t('templates.card.tryFits') : t(`templates.card.tryObstacles.${obstacle}`)}
          </>
        )}
      </Text>
      {card !== null && obstacle === undefined && (
        <Text size="sm">
          {t('templates.card.tryPin', { min: document.pin.minLength, max: document.pin.maxLength })}{' '}
          {t('templates.card.tryLater')}
        </Text>
      )}
    </>
  )
}
