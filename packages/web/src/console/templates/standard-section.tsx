import { NativeSelect, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { judgeStandard, STANDARDS, type Standard } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'
import { Fields, type TemplateFields } from './fields.tsx'

/** The standard that a template says to keep, and which of its conditions it meets as it stands. */
export function StandardSection(props: TemplateFields) {
  const { t } = useTranslation()
  const { document } = props.wish
  return (
    <Section name="standard" title={t('templates.standard.title')} lead={t('templates.standard.lead')}>
      <Fields isReadOnly={props.isReadOnly}>
        <Stack gap="sm">
          <NativeSelect
            label={t('templates.standard.label')}
            value={document.standard}
            onChange={(event) => props.onChange({ standard: event.currentTarget.value as Standard })}
            data={STANDARDS.map((standard) => ({ value: standard, label: t(`templates.standard.names.${standard}`) }))}
          />
          {judgeStandard(document).map(({ condition, isMet }) => (
            <Text key={condition} {...(!isMet && { fw: 600 })}>
              {isMet ? <IconCircleCheck aria-hidden size={18} /> : <IconCircleX aria-hidden size={18} />}{' '}
              {t(`templates.standard.conditions.${condition}`)}:{' '}
              {t(isMet ? 'templates.standard.met' : 'templates.standard.unmet')}
            </Text>
          ))}
        </Stack>
      </Fields>
    </Section>
  )
}
