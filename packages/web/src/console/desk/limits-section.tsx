import { Stack, Text, TextInput } from '@mantine/core'
import type { DeskLimits, DeskSettings, DeskView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'

const LIMITS = [
  'releasesPerPersonAndDay',
  'personsPerOperatorInTenMinutes',
  'outstandingPerOperator',
] as const satisfies readonly (keyof DeskLimits)[]
const CONFIGURED = ['releasesPerCardAndDay', 'releasesPerOperatorAndHour'] as const

/** How much leaves; an empty field leaves it to the server's configuration. */
export function LimitsSection(props: {
  view: DeskView
  isReadOnly: boolean
  settings: DeskSettings
  onChange: (some: Partial<DeskSettings>) => void
}) {
  const { t } = useTranslation()
  const { view, settings } = props
  return (
    <Section title={t('desk.limits.title')} lead={t('desk.limits.lead')}>
      <Stack gap="sm">
        {CONFIGURED.map((limit) => (
          <Text key={limit}>
            {t(`desk.limits.${limit}`)}: {view.configured[limit]}
          </Text>
        ))}
        {LIMITS.map((limit) => (
          <TextInput
            key={limit}
            label={t(`desk.limits.${limit}`)}
            description={t('desk.limits.configured', { count: view.configured[limit] })}
            inputMode="numeric"
            disabled={props.isReadOnly}
            value={settings.limits[limit] ?? ''}
            onChange={(event) => {
              const digits = event.currentTarget.value.replace(/\D/g, '').slice(0, 4)
              const value = digits === '' ? null : Math.min(1000, Math.max(1, Number(digits)))
              props.onChange({ limits: { ...settings.limits, [limit]: value } })
            }}
          />
        ))}
      </Stack>
    </Section>
  )
}
