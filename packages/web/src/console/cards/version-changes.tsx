import { Text } from '@mantine/core'
import type { TemplateDocument } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import classes from './cards.module.css'

/** What two versions of a template say differently about a card, in words. */
export function VersionChanges(props: { was: TemplateDocument; now: TemplateDocument }) {
  const { t } = useTranslation()
  const wordsOf = (document: TemplateDocument) => {
    const { pin, puc, allows, cardRoute } = document
    const allowed = (['operator', 'telephone', 'selfService'] as const).filter((way) => allows[way])
    return {
      pinName: t('cards.version.pin', {
        min: pin.minLength,
        max: pin.maxLength,
        repeat: pin.longestRepeat,
        sequence: pin.longestSequence,
        refused: pin.blockList.length,
        preset: t(`cards.version.presets.${pin.preset}`),
      }),
      puc: t(`templates.puc.uses.${puc}`),
      allows:
        allowed.map((way) => t(`cards.version.allowsNames.${way}`)).join(', ') || t('cards.version.allowsNothing'),
      route: t(`templates.travel.routes.${cardRoute}`),
    }
  }
  const [was, now] = [wordsOf(props.was), wordsOf(props.now)]
  const changed = (['pinName', 'puc', 'allows', 'route'] as const).filter((name) => was[name] !== now[name])
  const hasOtherConnection = props.was.connectionId !== props.now.connectionId && props.now.connectionId !== null
  if (changed.length === 0 && !hasOtherConnection) return <Text>{t('cards.version.nothing')}</Text>
  return (
    <ul className={classes.changes}>
      {changed.map((name) => (
        <li key={name}>
          {t(`cards.version.${name}`)}: {t('cards.version.wasNow', { was: was[name], now: now[name] })}
        </li>
      ))}
      {hasOtherConnection && <li>{t('cards.version.otherConnection')}</li>}
    </ul>
  )
}
