import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'
import { Fields, type TemplateFields } from './fields.tsx'
import styles from './templates.module.css'

const PROCEDURES = ['operator', 'telephone', 'selfService'] as const

/** By which procedures a card may be unblocked. */
export function ProceduresSection(props: TemplateFields) {
  const { t } = useTranslation()
  const { allows } = props.wish.document
  return (
    <Section name="allows" title={t('templates.allows.title')} lead={t('templates.allows.lead')}>
      <Fields isReadOnly={props.isReadOnly}>
        <div className={styles.choices}>
          {PROCEDURES.map((procedure) => (
            <Checkbox
              key={procedure}
              label={t(`templates.allows.${procedure}`)}
              checked={allows[procedure]}
              onChange={(event) => props.onChange({ allows: { ...allows, [procedure]: event.currentTarget.checked } })}
            />
          ))}
        </div>
      </Fields>
    </Section>
  )
}
