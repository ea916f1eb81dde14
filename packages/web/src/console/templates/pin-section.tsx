import { Checkbox, NativeSelect, Radio, Text, Textarea } from '@mantine/core'
import { PIN_PRESETS, type PinRules, policyOfRules } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'
import { Fields, type TemplateFields } from './fields.tsx'
import { findWrongLine, LONGEST_LIST, rulesOfPreset, SHORTEST_PIN } from './template-rules.ts'
import styles from './templates.module.css'
import { TryPin } from './try-pin.tsx'

const NUMBERS = [
  { field: 'minLength', from: 4 },
  { field: 'maxLength', from: 4 },
  { field: 'longestRepeat', from: 1 },
  { field: 'longestSequence', from: 1 },
] as const

/** What a new PIN must be: a preset, or rules of one's own; and a field to try a PIN. */
export function PinSection(props: TemplateFields) {
  const { t } = useTranslation()
  const { family, pin } = props.wish.document
  const change = (next: Partial<PinRules>) => props.onChange({ pin: { ...pin, ...next } })
  return (
    <Section name="pin" title={t('templates.pin.title')} lead={t('templates.pin.lead')}>
      <Fields isReadOnly={props.isReadOnly}>
        <Radio.Group
          label={t('templates.pin.preset')}
          value={pin.preset}
          onChange={(next) => props.onChange({ pin: rulesOfPreset(next as PinRules['preset'], family, pin) })}
        >
          <div className={styles.choices}>
            {([...PIN_PRESETS, 'own'] as const).map((preset) => (
              <Radio key={preset} value={preset} label={t(`templates.pin.presets.${preset}`)} />
            ))}
          </div>
        </Radio.Group>
        {pin.preset === 'own' && <Numbers {...props} onPin={change} />}
        {family === 'piv' && pin.preset === 'sp-800-63b-4' && <Text size="sm">{t('templates.pin.pivMinimum')}</Text>}
        <BlockList pin={pin} onPin={change} />
        <Checkbox
          label={t('templates.pin.personal')}
          description={t('templates.pin.personalHint')}
          checked={pin.refusesPersonal}
          onChange={(event) => change({ refusesPersonal: event.currentTarget.checked })}
        />
      </Fields>
      <TryPin policy={policyOfRules(pin)} />
    </Section>
  )
}

function Numbers(props: TemplateFields & { onPin: (next: Partial<PinRules>) => void }) {
  const { t } = useTranslation()
  const { family, pin } = props.wish.document
  const errorOf = (field: keyof PinRules) => {
    if (field !== 'minLength') return undefined
    if (pin.minLength > pin.maxLength) return t('templates.pin.lengthsWrong')
    return pin.minLength < SHORTEST_PIN[family] ? t('templates.pin.pivShort') : undefined
  }
  return (
    <div className={styles.numbers}>
      {NUMBERS.map(({ field, from }) => (
        <NativeSelect
          key={field}
          label={t(`templates.pin.${field}`)}
          {...((field === 'longestRepeat' || field === 'longestSequence') && {
            description: t(`templates.pin.${field}Hint`),
            inputWrapperOrder: ['label', 'input', 'description', 'error'],
          })}
          data={Array.from({ length: 9 - from }, (_, i) => String(from + i))}
          value={String(pin[field])}
          error={errorOf(field)}
          onChange={(event) => props.onPin({ [field]: Number(event.currentTarget.value) })}
        />
      ))}
    </div>
  )
}

function BlockList(props: { pin: PinRules; onPin: (next: Partial<PinRules>) => void }) {
  const { t } = useTranslation()
  const { preset, blockList } = props.pin
  const wrong = findWrongLine(blockList)
  const words = wrong !== undefined ? t('templates.pin.blockListWrong', { line: wrong }) : undefined
  return (
    <Textarea
      id="block-list"
      label={t('templates.pin.blockList')}
      description={t(preset === 'own' ? 'templates.pin.blockListHint' : 'templates.pin.blockListBeside')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      rows={3}
      value={blockList.join('\n')}
      error={blockList.length > LONGEST_LIST ? t('templates.pin.blockListLong') : words}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => {
        const text = event.currentTarget.value
        props.onPin({ blockList: text === '' ? [] : text.split('\n') })
      }}
    />
  )
}
