import { Checkbox, Radio } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'
import { Fields, type TemplateFields } from './fields.tsx'
import { type CardKind, KINDS_OF_FAMILY, rulesOfPreset } from './template-rules.ts'
import styles from './templates.module.css'
import { TryCard } from './try-card.tsx'

const FAMILIES = ['piv', 'gids'] as const

/** For which cards a template is. */
export function CardSection(props: TemplateFields) {
  const { t } = useTranslation()
  const { family, kinds, pin } = props.wish.document
  const choose = (next: (typeof FAMILIES)[number]) =>
    props.onChange({
      family: next,
      kinds: kinds.filter((kind) => KINDS_OF_FAMILY[next].includes(kind)),
      pin: rulesOfPreset(pin.preset, next, pin),
    })
  return (
    <Section name="card" title={t('templates.card.title')}>
      <Fields isReadOnly={props.isReadOnly}>
        <Radio.Group
          label={t('templates.card.family')}
          value={family}
          onChange={(next) => choose(next as (typeof FAMILIES)[number])}
        >
          <div className={styles.choices}>
            {FAMILIES.map((name) => (
              <Radio
                key={name}
                value={name}
                label={t(`templates.card.families.${name}`)}
                description={t(`templates.card.familyHints.${name}`)}
              />
            ))}
          </div>
        </Radio.Group>
        {KINDS_OF_FAMILY[family].length > 1 && (
          <Checkbox.Group
            label={t('templates.card.kinds')}
            description={t('templates.card.kindsHint')}
            value={kinds}
            onChange={(next) => props.onChange({ kinds: next as CardKind[] })}
          >
            <div className={styles.choices}>
              {KINDS_OF_FAMILY[family].map((kind) => (
                <Checkbox key={kind} value={kind} label={t(`console.lifecycle.stations.kind.${kind}`)} />
              ))}
            </div>
          </Checkbox.Group>
        )}
      </Fields>
      <TryCard document={props.wish.document} />
    </Section>
  )
}
