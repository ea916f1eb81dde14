import { Checkbox, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { type DeskSettings, GUARDED_ACTIONS } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const
/** A Monday, for the names of the weekdays. */
const MONDAY = Date.UTC(2026, 0, 5)
const DAY_MS = 24 * 3_600_000

/** When a second operator is needed, and who is told of an alarm. */
export function GuardSection(props: {
  isReadOnly: boolean
  settings: DeskSettings
  onChange: (some: Partial<DeskSettings>) => void
}) {
  const { t, i18n } = useTranslation()
  const { settings, isReadOnly } = props
  const { officeHours: hours } = settings
  const [addresses, setAddresses] = useState(settings.alarmAddresses.join('\n'))
  const dayName = new Intl.DateTimeFormat(i18n.language, { weekday: 'long', timeZone: 'UTC' })
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  const setHours = (some: Partial<NonNullable<DeskSettings['officeHours']>>) =>
    hours && props.onChange({ officeHours: { ...hours, ...some } })
  return (
    <Section title={t('desk.guard.title')} lead={t('desk.guard.lead')}>
      <Stack gap="md">
        <Checkbox.Group
          label={t('desk.guard.actions')}
          value={settings.fourEyes}
          onChange={(chosen) => props.onChange({ fourEyes: GUARDED_ACTIONS.filter((one) => chosen.includes(one)) })}
        >
          <Stack gap="sm" mt="xs">
            {GUARDED_ACTIONS.map((action) => (
              <Checkbox key={action} value={action} label={t(`desk.guard.action.${action}`)} disabled={isReadOnly} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Checkbox
          label={t('desk.guard.hours')}
          description={t('desk.guard.hoursHint')}
          disabled={isReadOnly}
          checked={hours !== null}
          onChange={(event) =>
            props.onChange({
              officeHours: event.currentTarget.checked
                ? { zone: here, days: [1, 2, 3, 4, 5], from: '07:00', to: '19:00' }
                : null,
            })
          }
        />
        {hours !== null && (
          <Stack gap="sm" pl="md">
            <Checkbox.Group
              label={t('desk.guard.days')}
              value={hours.days.map(String)}
              onChange={(chosen) => setHours({ days: DAYS.filter((day) => chosen.includes(String(day))) })}
            >
              <Group gap="md" mt="xs">
                {DAYS.map((day) => (
                  <Checkbox
                    key={day}
                    value={String(day)}
                    label={dayName.format(MONDAY + (day - 1) * DAY_MS)}
                    disabled={isReadOnly}
                  />
                ))}
              </Group>
            </Checkbox.Group>
            <Group gap="md">
              <TextInput
                type="time"
                label={t('desk.guard.from')}
                disabled={isReadOnly}
                value={hours.from}
                onChange={(event) => setHours({ from: event.currentTarget.value })}
              />
              <TextInput
                type="time"
                label={t('desk.guard.to')}
                disabled={isReadOnly}
                value={hours.to}
                onChange={(event) => setHours({ to: event.currentTarget.value })}
              />
              <TextInput
                label={t('desk.guard.zone')}
                disabled={isReadOnly}
                value={hours.zone}
                onChange={(event) => setHours({ zone: event.currentTarget.value })}
              />
            </Group>
          </Stack>
        )}
        <Textarea
          label={t('desk.guard.alarm')}
          description={t('desk.guard.alarmHint')}
          disabled={isReadOnly}
          value={addresses}
          onChange={(event) => {
            setAddresses(event.currentTarget.value)
            props.onChange({ alarmAddresses: event.currentTarget.value.split(/[\s,;]+/).filter(Boolean) })
          }}
          autosize
          minRows={2}
        />
      </Stack>
    </Section>
  )
}
