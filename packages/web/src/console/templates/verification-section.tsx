import { Checkbox, Radio, Stack } from '@mantine/core'
import { VERIFICATION_WAYS } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'
import { Fields, type TemplateFields } from './fields.tsx'
import styles from './templates.module.css'

/** How a caller is verified before anything is released for a card of this template. */
export function VerificationSection(props: TemplateFields) {
  const { t } = useTranslation()
  const { verification } = props.wish.document
  const change = (some: Partial<typeof verification>) => props.onChange({ verification: { ...verification, ...some } })
  return (
    <Section name="verification" title={t('templates.verification.title')} lead={t('templates.verification.lead')}>
      <Fields isReadOnly={props.isReadOnly}>
        <Stack gap="lg">
          <Radio.Group
            label={t('templates.verification.count')}
            value={String(verification.count)}
            onChange={(count) => change({ count: count === '2' ? 2 : 1 })}
          >
            <Stack gap="sm" mt="xs">
              <Radio value="1" label={t('templates.verification.one')} />
              <Radio value="2" label={t('templates.verification.two')} />
            </Stack>
          </Radio.Group>
          <Checkbox.Group
            label={t('templates.verification.ways')}
            value={verification.ways}
            onChange={(ways) => change({ ways: VERIFICATION_WAYS.filter((way) => ways.includes(way)) })}
          >
            <div className={styles.choices}>
              {VERIFICATION_WAYS.map((way) => (
                <Checkbox key={way} value={way} label={t(`verification.ways.${way}.label`)} />
              ))}
            </div>
          </Checkbox.Group>
          <Checkbox
            label={t('templates.verification.fourEyes')}
            checked={props.wish.document.fourEyes}
            onChange={(event) => props.onChange({ fourEyes: event.currentTarget.checked })}
          />
        </Stack>
      </Fields>
    </Section>
  )
}
