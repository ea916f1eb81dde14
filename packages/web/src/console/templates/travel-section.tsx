import { Radio } from '@mantine/core'
import { CARD_ROUTES, type TemplateDocument } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'
import { Fields, type TemplateFields } from './fields.tsx'
import { findFaults } from './template-rules.ts'
import styles from './templates.module.css'

/** How the card itself reaches its holder. */
export function TravelSection(props: TemplateFields) {
  const { t } = useTranslation()
  const { document } = props.wish
  const isSameRoute = findFaults(document, props.connections).includes('same-route')
  return (
    <Section name="travel" title={t('templates.travel.title')} lead={t('templates.travel.lead')}>
      <Fields isReadOnly={props.isReadOnly}>
        <Radio.Group
          aria-label={t('templates.travel.title')}
          value={document.cardRoute}
          error={isSameRoute ? t('templates.faults.same-route') : undefined}
          onChange={(next) => props.onChange({ cardRoute: next as TemplateDocument['cardRoute'] })}
        >
          <div className={styles.choices}>
            {CARD_ROUTES.map((route) => (
              <Radio key={route} value={route} label={t(`templates.travel.routes.${route}`)} />
            ))}
          </div>
        </Radio.Group>
      </Fields>
    </Section>
  )
}
