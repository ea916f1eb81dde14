import type { AddTemplate, ConnectionView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'

/** What a template says, a line for each section of its page. */
export function useTemplateWords(
  connections: readonly ConnectionView[] | undefined,
): (wish: AddTemplate) => { title: string; words: string }[] {
  const { t } = useTranslation()
  return ({ name, document: { family, kinds, pin, puc, connectionId, allows, cardRoute } }) => {
    const kindWords = kinds.map((kind) => t(`console.lifecycle.stations.kind.${kind}`))
    const connection = connections?.find(({ id }) => id === connectionId)?.name ?? connectionId
    const procedures = (['operator', 'telephone', 'selfService'] as const).filter((procedure) => allows[procedure])
    const numbers = (['minLength', 'maxLength', 'longestRepeat', 'longestSequence'] as const).map(
      (field) => `${t(`templates.pin.${field}`)}: ${pin[field]}`,
    )
    return [
      { title: t('templates.page.name'), words: name },
      {
        title: t('templates.card.title'),
        words: `${t(`templates.card.families.${family}`)}: ${kindWords.join(', ') || t('templates.card.everyKind')}`,
      },
      {
        title: t('templates.pin.title'),
        words: [t(`templates.pin.presets.${pin.preset}`), ...numbers, pin.blockList.join(' ')].join('; '),
      },
      {
        title: t('templates.puc.title'),
        words: [t(`templates.puc.uses.${puc}`), connection].filter(Boolean).join(': '),
      },
      {
        title: t('templates.allows.title'),
        words:
          procedures.map((procedure) => t(`templates.allows.${procedure}`)).join('; ') || t('templates.allows.none'),
      },
      { title: t('templates.travel.title'), words: t(`templates.travel.routes.${cardRoute}`) },
    ]
  }
}
